package driver;

import io.nats.client.api.KeyValueEntry;
import io.nats.client.api.KeyValueWatcher;
import io.nats.client.api.ObjectInfo;
import io.nats.client.api.ObjectStoreWatcher;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/** The watches of a connection, each of which reports what it sees until it is stopped. */
final class Watches {
    private final Output output;
    private final Map<Long, AutoCloseable> running = new ConcurrentHashMap<>();

    /**
     * Makes a connection's watches.
     *
     * @param output where items are reported
     */
    Watches(Output output) {
        this.output = output;
    }

    /** What the library calls for entries of a bucket. */
    KeyValueWatcher keyValueWatcher(Request request) {
        Consumer<Object> report = reportFor(request);
        return new KeyValueWatcher() {
            @Override
            public void watch(KeyValueEntry entry) {
                report.accept(KeyValueOperations.valueOf(entry));
            }

            @Override
            public void endOfData() {
                // The caller tells by what it has got whether that is enough.
            }
        };
    }

    /** What the library calls for objects of a store. */
    ObjectStoreWatcher objectWatcher(Request request) {
        Consumer<Object> report = reportFor(request);
        return new ObjectStoreWatcher() {
            @Override
            public void watch(ObjectInfo info) {
                report.accept(ObjectOperations.valueOf(info));
            }

            @Override
            public void endOfData() {
                // The caller tells by what it has got whether that is enough.
            }
        };
    }

    /** Keeps a watch that has begun, so that it can be stopped. */
    Object keep(Request request, AutoCloseable watch) {
        running.put(request.number("iteration"), watch);
        return null;
    }

    /** Ends a watch. */
    Object stop(Request request) throws Exception {
        AutoCloseable watch = running.remove(request.number("iteration"));
        if (watch != null) {
            watch.close();
        }
        return null;
    }

    private Consumer<Object> reportFor(Request request) {
        long iteration = request.number("iteration");
        return item -> output.event("item", Map.of("iteration", iteration, "item", item));
    }
}
