package driver;

import io.nats.client.support.JsonParser;
import io.nats.client.support.JsonValue;
import io.nats.client.support.JsonValueUtils;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Reads requests from standard input, one a line, and hands each to the session of its connection. */
public final class Main {
    private final PrintStream output = new PrintStream(System.out, false, StandardCharsets.UTF_8);
    private final Map<Long, Consumer<String>> sessions = new HashMap<>();

    private Main() {
    }

    /**
     * Serves until standard input ends.
     *
     * @param arguments nothing
     * @throws Exception if a line is no request
     */
    public static void main(String[] arguments) throws Exception {
        Main main = new Main();
        BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = input.readLine(); line != null; line = input.readLine()) {
            main.take(line);
        }
        System.exit(0);
    }

    private void take(String line) throws IOException {
        JsonValue request = JsonParser.parse(line);
        Long connection = JsonValueUtils.readLong(request, "connection");
        Consumer<String> session = sessions.computeIfAbsent(connection, number -> newSession());
        session.accept(line);
        if ("close".equals(JsonValueUtils.readString(request, "op"))) {
            sessions.remove(connection);
        }
    }

    private synchronized void write(String line) {
        output.println(line);
        output.flush();
    }

    /**
     * Makes a session which has the client library for itself. The library keeps in static fields what it has learned
     * about streams, which a user of a process of its own would have to ask the server for.
     */
    private Consumer<String> newSession() {
        ClassLoader loader = new URLClassLoader(classPath(), ClassLoader.getPlatformClassLoader());
        Consumer<String> write = this::write;
        try {
            Object session = loader.loadClass("driver.Session").getConstructor(Consumer.class).newInstance(write);
            @SuppressWarnings("unchecked")
            Consumer<String> lines = (Consumer<String>) session;
            return lines;
        } catch (ReflectiveOperationException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static URL[] classPath() {
        List<URL> urls = new ArrayList<>();
        for (String path : System.getProperty("java.class.path").split(File.pathSeparator)) {
            try {
                urls.add(new File(path).toURI().toURL());
            } catch (MalformedURLException impossible) {
                throw new UncheckedIOException(impossible);
            }
        }
        return urls.toArray(URL[]::new);
    }
}
