package driver;

import io.nats.client.Connection;
import io.nats.client.Nats;
import io.nats.client.Options;
import io.nats.client.support.JsonParseException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;

/** One connection: takes the lines that are meant for it, and does what they ask for beside one another. */
public final class Session implements Consumer<String> {
    /** How long the server is waited for. */
    static final Duration PATIENCE = Duration.ofSeconds(5);

    private static final Set<String> IN_ORDER = Set.of("publish", "flush");

    private final Output output;
    private final Refusals refusals;
    private final Map<String, Operation> operations = new ConcurrentHashMap<>();
    private final ExecutorService besideOneAnother = Executors.newCachedThreadPool();
    private final ExecutorService oneByOne = Executors.newSingleThreadExecutor();

    /**
     * Makes a session which is not yet connected.
     *
     * @param lines takes answers and events, one a line
     */
    public Session(Consumer<String> lines) {
        output = new Output(lines);
        refusals = new Refusals(output);
        operations.put("connect", this::connect);
    }

    @Override
    public void accept(String line) {
        try {
            Request request = new Request(line);
            boolean inOrder = IN_ORDER.contains(request.operation());
            (inOrder ? oneByOne : besideOneAnother).execute(() -> serve(request));
        } catch (JsonParseException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    private void serve(Request request) {
        Operation operation = operations.get(request.operation());
        if (operation == null) {
            output.fail(request, "there is no operation " + request.operation() + " or no connection yet");
            return;
        }
        try {
            output.answer(request, operation.apply(request));
        } catch (Exception error) {
            output.fail(request, error.getMessage() == null ? error.toString() : error.getMessage());
        }
    }

    private Object connect(Request request) throws Exception {
        output.setConnection(request.number("connection"));
        Options.Builder options = Options.builder()
            .server(request.text("url"))
            .noReconnect()
            .connectionTimeout(PATIENCE)
            .errorListener(refusals);
        if (request.has("user")) {
            options.userInfo(request.text("user"), request.text("password"));
        }
        if (request.has("inboxPrefix")) {
            options.inboxPrefix(request.text("inboxPrefix"));
        }
        Connection connection = Nats.connect(options.build());
        Watches watches = new Watches(output);
        operations.putAll(new MessageOperations(connection, output, refusals).all());
        operations.putAll(new KeyValueOperations(connection, watches).all());
        operations.putAll(new ObjectOperations(connection, watches).all());
        operations.putAll(new StreamOperations(connection).all());
        operations.put("stop", watches::stop);
        operations.put("close", ignored -> close(connection));
        return null;
    }

    private Object close(Connection connection) throws InterruptedException {
        connection.close();
        besideOneAnother.shutdown();
        oneByOne.shutdown();
        return null;
    }
}
