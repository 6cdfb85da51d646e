/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.benchmarks;

import java.util.concurrent.atomic.LongAdder;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;

/** A route that uses a repository. Thread safe. */
abstract class StateSubject implements AutoCloseable {

    final LongAdder processed = new LongAdder();
    private final String text;
    private final RoundTrips trips;
    private final DefaultCamelContext context = new DefaultCamelContext();
    private final ProducerTemplate template;

    /**
     * A subject that is not started.
     *
     * @param repository a service; the route may use it too
     * @param trips counts what the repository sends
     */
    StateSubject(String text, Object repository, RoundTrips trips) throws Exception {
        this.text = text;
        this.trips = trips;
        context.addService(repository);
        template = context.createProducerTemplate();
    }

    void start(RouteBuilder route) throws Exception {
        context.addRoutes(route);
        context.start();
    }

    String text() {
        return text;
    }

    /** Sends a message that is to be processed. */
    abstract void sendNew();

    /** Sends a message with a key that was sent before. */
    abstract void sendDuplicate();

    /** How many processed messages may be missing at the end of a measurement, as they are not due yet. */
    abstract int pending(int threads);

    final void send(String key, String body) {
        Exchange sent = template.send("direct:in", exchange -> {
            exchange.getMessage().setBody(body);
            exchange.getMessage().setHeader("key", key);
        });
        if (sent.getException() != null) {
            Outcomes.fail(sent.getException());
        }
    }

    long processed() {
        return processed.sum();
    }

    long roundTrips() {
        return trips.sum();
    }

    @Override
    public void close() {
        context.stop();
    }
}
