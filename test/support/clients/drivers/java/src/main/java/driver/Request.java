package driver;

import io.nats.client.impl.Headers;
import io.nats.client.support.JsonParseException;
import io.nats.client.support.JsonParser;
import io.nats.client.support.JsonValue;
import io.nats.client.support.JsonValueUtils;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/** One line of the input. */
final class Request {
    private final JsonValue json;

    /**
     * Reads a request.
     *
     * @param line a JSON object
     * @throws JsonParseException if it is none
     */
    Request(String line) throws JsonParseException {
        json = JsonParser.parse(line);
    }

    /** The number that its answer has, too. */
    long id() {
        return number("id");
    }

    /** The name of what is to be done. */
    String operation() {
        return text("op");
    }

    /** Whether an argument is given. */
    boolean has(String name) {
        return text(name) != null || JsonValueUtils.readLong(json, name) != null;
    }

    /** A text, or null if it is not given. */
    String text(String name) {
        return JsonValueUtils.readString(json, name);
    }

    /** A number, which must be given. */
    long number(String name) {
        return JsonValueUtils.readLong(json, name);
    }

    /** A list of texts. */
    List<String> texts(String name) {
        return JsonValueUtils.readStringList(json, name);
    }

    /** Bytes, which are sent in base64. */
    byte[] bytes(String name) {
        return Base64.getDecoder().decode(text(name));
    }

    /** Headers of a message, or null if there are none. */
    Headers headers() {
        Map<String, String> given = JsonValueUtils.readStringStringMap(json, "headers");
        if (given == null) {
            return null;
        }
        Headers headers = new Headers();
        given.forEach((name, value) -> headers.put(name, value));
        return headers;
    }
}
