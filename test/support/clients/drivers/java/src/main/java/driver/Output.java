package driver;

import io.nats.client.support.Encoding;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import java.util.function.Consumer;

/** Writes the answers and events of one connection, each as a JSON object on a line. */
final class Output {
    private final Consumer<String> lines;
    private volatile long connection;

    /**
     * Makes an output.
     *
     * @param lines takes each line
     */
    Output(Consumer<String> lines) {
        this.lines = lines;
    }

    /** Says of which connection the events are. */
    void setConnection(long connection) {
        this.connection = connection;
    }

    /** Answers a request. */
    void answer(Request request, Object value) {
        lines.accept("{\"id\":" + request.id() + ",\"value\":" + json(value) + "}");
    }

    /** Answers a request that has failed. */
    void fail(Request request, String error) {
        lines.accept("{\"id\":" + request.id() + ",\"error\":" + json(error) + "}");
    }

    /** Reports an event. */
    void event(String name, Map<String, ?> values) {
        StringBuilder line = new StringBuilder("{\"event\":").append(json(name));
        line.append(",\"connection\":").append(connection);
        values.forEach((key, value) -> line.append(',').append(json(key)).append(':').append(json(value)));
        lines.accept(line.append('}').toString());
    }

    /** Bytes as an answer has them: in base64, and none as empty. */
    static String base64(byte[] bytes) {
        return bytes == null ? "" : Base64.getEncoder().encodeToString(bytes);
    }

    private static String json(Object value) {
        if (value instanceof String text) {
            return '"' + Encoding.jsonEncode(text) + '"';
        }
        if (value instanceof List<?> list) {
            StringJoiner items = new StringJoiner(",", "[", "]");
            list.forEach(item -> items.add(json(item)));
            return items.toString();
        }
        if (value instanceof Map<?, ?> map) {
            StringJoiner fields = new StringJoiner(",", "{", "}");
            map.forEach((key, item) -> fields.add(json(key) + ":" + json(item)));
            return fields.toString();
        }
        return String.valueOf(value);
    }
}
