package driver;

import io.nats.client.Connection;
import io.nats.client.ErrorListener;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reports what the server does not permit to a connection. */
final class Refusals implements ErrorListener {
    private static final Pattern VIOLATION =
        Pattern.compile("permissions violation for (publish|subscription) to \"([^\"]+)\"", Pattern.CASE_INSENSITIVE);

    private final Output output;
    private long heard;

    /**
     * Makes a listener.
     *
     * @param output where refusals are reported
     */
    Refusals(Output output) {
        this.output = output;
    }

    @Override
    public synchronized void errorOccurred(Connection connection, String error) {
        Matcher violation = VIOLATION.matcher(error);
        if (violation.find()) {
            String operation = violation.group(1).toLowerCase();
            output.event("refusal", Map.of("operation", operation, "subject", violation.group(2)));
        }
        heard++;
        notifyAll();
    }

    /**
     * Waits until everything is reported that the connection has got from the server so far: the library calls this
     * listener a little later, on a thread of its own.
     *
     * @param connection the connection, which counts the errors as they come in
     * @throws InterruptedException if the thread is interrupted
     */
    synchronized void awaitAll(Connection connection) throws InterruptedException {
        long errors = connection.getStatistics().getErrs();
        while (heard < errors) {
            wait();
        }
    }
}
