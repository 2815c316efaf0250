package driver;

import io.nats.client.Connection;
import io.nats.client.KeyValue;
import io.nats.client.KeyValueOptions;
import io.nats.client.api.KeyValueEntry;
import io.nats.client.api.KeyValuePurgeOptions;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** What is done with key-value buckets. */
final class KeyValueOperations {
    private final Connection connection;
    private final Watches watches;

    /**
     * Makes the operations of a connection.
     *
     * @param connection the connection
     * @param watches where watches are kept
     */
    KeyValueOperations(Connection connection, Watches watches) {
        this.connection = connection;
        this.watches = watches;
    }

    /** The operations by their names. */
    Map<String, Operation> all() {
        return Map.ofEntries(
            Map.entry("kvGet", this::get),
            Map.entry("kvPut", request -> bucketOf(request).put(request.text("key"), request.bytes("value"))),
            Map.entry("kvCreate", request -> bucketOf(request).create(request.text("key"), request.bytes("value"))),
            Map.entry("kvUpdate", this::update),
            Map.entry("kvDelete", this::delete),
            Map.entry("kvPurge", this::purge),
            Map.entry("kvKeys", request -> bucketOf(request).keys(request.text("filter"))),
            Map.entry("kvHistory", this::history),
            Map.entry("kvWatch", this::watch),
            Map.entry("kvPurgeDeletes", this::purgeDeletes),
            Map.entry("kvStatus", request -> Map.of("bucket", bucketOf(request).getStatus().getBucketName())));
    }

    /** An entry as an answer has it. */
    static Map<String, Object> valueOf(KeyValueEntry entry) {
        return Map.of(
            "key", entry.getKey(),
            "operation", entry.getOperation().getHeaderValue(),
            "revision", entry.getRevision(),
            "value", Output.base64(entry.getValue()));
    }

    private KeyValue bucketOf(Request request) throws IOException {
        String bucket = request.text("bucket");
        return request.has("domain")
            ? connection.keyValue(bucket, KeyValueOptions.builder().jsDomain(request.text("domain")).build())
            : connection.keyValue(bucket);
    }

    private Object get(Request request) throws Exception {
        KeyValue bucket = bucketOf(request);
        String key = request.text("key");
        KeyValueEntry entry = request.has("revision") ? bucket.get(key, request.number("revision")) : bucket.get(key);
        return entry == null ? null : valueOf(entry);
    }

    private Object update(Request request) throws Exception {
        KeyValue bucket = bucketOf(request);
        return bucket.update(request.text("key"), request.bytes("value"), request.number("revision"));
    }

    private Object delete(Request request) throws Exception {
        bucketOf(request).delete(request.text("key"));
        return null;
    }

    private Object purge(Request request) throws Exception {
        bucketOf(request).purge(request.text("key"));
        return null;
    }

    private Object history(Request request) throws Exception {
        List<KeyValueEntry> entries = bucketOf(request).history(request.text("key"));
        return entries.stream().map(KeyValueOperations::valueOf).toList();
    }

    private Object watch(Request request) throws Exception {
        KeyValue bucket = bucketOf(request);
        return watches.keep(request, bucket.watch(request.texts("keys"), watches.keyValueWatcher(request)));
    }

    private Object purgeDeletes(Request request) throws Exception {
        bucketOf(request).purgeDeletes(KeyValuePurgeOptions.builder().deleteMarkersNoThreshold().build());
        return null;
    }
}
