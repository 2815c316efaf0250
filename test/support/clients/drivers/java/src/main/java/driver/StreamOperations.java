package driver;

import io.nats.client.Connection;
import io.nats.client.FetchConsumeOptions;
import io.nats.client.FetchConsumer;
import io.nats.client.JetStreamManagement;
import io.nats.client.JetStreamOptions;
import io.nats.client.JetStreamSubscription;
import io.nats.client.Message;
import io.nats.client.PushSubscribeOptions;
import io.nats.client.api.AckPolicy;
import io.nats.client.api.ConsumerConfiguration;
import io.nats.client.api.MessageInfo;
import io.nats.client.api.OrderedConsumerConfiguration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What is done with streams and their consumers. */
final class StreamOperations {
    private final Connection connection;

    /**
     * Makes the operations of a connection.
     *
     * @param connection the connection
     */
    StreamOperations(Connection connection) {
        this.connection = connection;
    }

    /** The operations by their names. */
    Map<String, Operation> all() {
        return Map.of(
            "readInOrder", this::readInOrder,
            "readBySubject", this::readBySubject,
            "createDurable", this::createDurable,
            "fetch", this::fetch,
            "updateDurable", this::updateDurable,
            "deleteDurable", this::deleteDurable,
            "lookAt", this::lookAt,
            "message", this::message);
    }

    private Object readInOrder(Request request) throws Exception {
        List<String> texts = new ArrayList<>();
        try (FetchConsumer messages = connection.getStreamContext(request.text("stream"))
            .createOrderedConsumer(new OrderedConsumerConfiguration().filterSubjects(request.texts("filters")))
            .fetch(optionsOf(request.number("count")))) {
            for (Message next = messages.nextMessage(); next != null; next = messages.nextMessage()) {
                texts.add(Output.base64(next.getData()));
            }
        }
        return texts;
    }

    private Object readBySubject(Request request) throws Exception {
        long count = request.number("count");
        List<String> texts = new ArrayList<>();
        JetStreamSubscription subscription = connection.jetStream()
            .subscribe(request.text("subject"), PushSubscribeOptions.builder().ordered(true).build());
        try {
            while (texts.size() < count) {
                Message next = subscription.nextMessage(Session.PATIENCE);
                if (next == null) {
                    return texts;
                }
                texts.add(Output.base64(next.getData()));
            }
            return texts;
        } finally {
            subscription.unsubscribe();
        }
    }

    private Object createDurable(Request request) throws Exception {
        ConsumerConfiguration configuration = ConsumerConfiguration.builder()
            .durable(request.text("name"))
            .filterSubject(request.text("filter"))
            .ackPolicy(AckPolicy.Explicit)
            .build();
        connection.jetStreamManagement().addOrUpdateConsumer(request.text("stream"), configuration);
        return null;
    }

    /** Binds to the consumer, for which the stream itself, which may be another's, need not be looked at. */
    private Object fetch(Request request) throws Exception {
        List<String> texts = new ArrayList<>();
        try (FetchConsumer messages = connection
            .getConsumerContext(request.text("stream"), request.text("durable"), optionsOf(request))
            .fetch(optionsOf(request.number("count")))) {
            for (Message next = messages.nextMessage(); next != null; next = messages.nextMessage()) {
                next.ackSync(Session.PATIENCE);
                texts.add(Output.base64(next.getData()));
            }
        }
        return texts;
    }

    private static FetchConsumeOptions optionsOf(long count) {
        return FetchConsumeOptions.builder().maxMessages((int) count).expiresIn(Session.PATIENCE.toMillis()).build();
    }

    private Object updateDurable(Request request) throws Exception {
        JetStreamManagement management = connection.jetStreamManagement();
        String stream = request.text("stream");
        ConsumerConfiguration existing =
            management.getConsumerInfo(stream, request.text("name")).getConsumerConfiguration();
        management.updateConsumer(
            stream, ConsumerConfiguration.builder(existing).maxAckPending(request.number("maxAckPending")).build());
        return null;
    }

    private Object deleteDurable(Request request) throws Exception {
        connection.jetStreamManagement().deleteConsumer(request.text("stream"), request.text("name"));
        return null;
    }

    private Object lookAt(Request request) throws Exception {
        JetStreamManagement management = connection.jetStreamManagement(optionsOf(request));
        return management.getStreamInfo(request.text("stream")).getConfiguration().getName();
    }

    private Object message(Request request) throws Exception {
        JetStreamManagement management = connection.jetStreamManagement();
        String stream = request.text("stream");
        MessageInfo message = request.has("sequence")
            ? management.getMessage(stream, request.number("sequence"))
            : management.getLastMessage(stream, request.text("last"));
        return Output.base64(message.getData());
    }

    private static JetStreamOptions optionsOf(Request request) {
        return request.has("domain")
            ? JetStreamOptions.builder().domain(request.text("domain")).build()
            : JetStreamOptions.defaultOptions();
    }
}
