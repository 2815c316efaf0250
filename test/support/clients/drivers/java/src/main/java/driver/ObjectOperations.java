package driver;

import io.nats.client.Connection;
import io.nats.client.ObjectStore;
import io.nats.client.api.ObjectInfo;
import io.nats.client.api.ObjectStoreStatus;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/** What is done with object stores. */
final class ObjectOperations {
    private final Connection connection;
    private final Watches watches;

    /**
     * Makes the operations of a connection.
     *
     * @param connection the connection
     * @param watches where watches are kept
     */
    ObjectOperations(Connection connection, Watches watches) {
        this.connection = connection;
        this.watches = watches;
    }

    /** The operations by their names. */
    Map<String, Operation> all() {
        return Map.of(
            "objectPut", request -> valueOf(storeOf(request).put(request.text("name"), request.bytes("data"))),
            "objectGet", this::get,
            "objectInfo", this::info,
            "objectList", request -> storeOf(request).getList().stream().map(ObjectOperations::valueOf).toList(),
            "objectWatch", this::watch,
            "objectDelete", this::delete,
            "objectStatus", this::status);
    }

    /** What a store knows of an object, as an answer has it. */
    static Map<String, Object> valueOf(ObjectInfo info) {
        Map<String, Object> value = new HashMap<>();
        value.put("name", info.getObjectName());
        value.put("size", info.getSize());
        value.put("digest", info.getDigest());
        value.put("deleted", info.isDeleted());
        return value;
    }

    private ObjectStore storeOf(Request request) throws IOException {
        return connection.objectStore(request.text("store"));
    }

    private Object get(Request request) throws Exception {
        ByteArrayOutputStream data = new ByteArrayOutputStream();
        storeOf(request).get(request.text("name"), data);
        return Output.base64(data.toByteArray());
    }

    private Object info(Request request) throws Exception {
        ObjectInfo info = storeOf(request).getInfo(request.text("name"), true);
        return info == null ? null : valueOf(info);
    }

    private Object watch(Request request) throws Exception {
        return watches.keep(request, storeOf(request).watch(watches.objectWatcher(request)));
    }

    private Object delete(Request request) throws Exception {
        storeOf(request).delete(request.text("name"));
        return null;
    }

    private Object status(Request request) throws Exception {
        ObjectStoreStatus status = storeOf(request).getStatus();
        return Map.of("bucket", status.getBucketName(), "size", status.getSize());
    }
}
