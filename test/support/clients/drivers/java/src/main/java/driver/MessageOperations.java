package driver;

import io.nats.client.Connection;
import io.nats.client.Message;
import io.nats.client.api.PublishAck;
import io.nats.client.impl.Headers;
import io.nats.client.impl.NatsMessage;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/** What is done with messages. */
final class MessageOperations {
    private final Connection connection;
    private final Output output;
    private final Refusals refusals;

    /**
     * Makes the operations of a connection.
     *
     * @param connection the connection
     * @param output where messages are reported
     * @param refusals what the server has refused to the connection
     */
    MessageOperations(Connection connection, Output output, Refusals refusals) {
        this.connection = connection;
        this.output = output;
        this.refusals = refusals;
    }

    /** The operations by their names. */
    Map<String, Operation> all() {
        return Map.of(
            "publish", this::publish,
            "request", this::request,
            "subscribe", this::subscribe,
            "flush", this::flush,
            "store", this::store);
    }

    private Object publish(Request request) {
        connection.publish(messageOf(request));
        return null;
    }

    private Object request(Request request) throws Exception {
        Message reply = connection.request(messageOf(request), Session.PATIENCE);
        if (reply == null) {
            throw new IOException("no responders, or no answer in time, on " + request.text("subject"));
        }
        return valueOf(reply);
    }

    private Object subscribe(Request request) {
        long subscription = request.number("subscription");
        var dispatcher = connection.createDispatcher(message ->
            output.event("message", Map.of("subscription", subscription, "message", valueOf(message))));
        if (request.has("queue")) {
            dispatcher.subscribe(request.text("subject"), request.text("queue"));
        } else {
            dispatcher.subscribe(request.text("subject"));
        }
        return null;
    }

    private Object flush(Request request) throws Exception {
        connection.flush(Session.PATIENCE);
        refusals.awaitAll(connection);
        return null;
    }

    private Object store(Request request) throws Exception {
        PublishAck ack = connection.jetStream().publish(messageOf(request));
        return Map.of("stream", ack.getStream(), "seq", ack.getSeqno());
    }

    private static Message messageOf(Request request) {
        return NatsMessage.builder()
            .subject(request.text("subject"))
            .replyTo(request.text("reply"))
            .headers(request.headers())
            .data(request.bytes("data"))
            .build();
    }

    private static Map<String, Object> valueOf(Message message) {
        Map<String, Object> value = new HashMap<>();
        value.put("subject", message.getSubject());
        value.put("data", Output.base64(message.getData()));
        if (message.getReplyTo() != null) {
            value.put("reply", message.getReplyTo());
        }
        if (message.getHeaders() != null) {
            value.put("headers", firstOfEach(message.getHeaders()));
        }
        if (message.getStatus() != null) {
            value.put("code", message.getStatus().getCode());
        }
        return value;
    }

    private static Map<String, String> firstOfEach(Headers headers) {
        Map<String, String> first = new HashMap<>();
        headers.forEach((name, values) -> first.put(name, values.get(0)));
        return first;
    }
}
