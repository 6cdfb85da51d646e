/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.benchmarks;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import org.apache.camel.AsyncProducer;
import org.apache.camel.CamelContext;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePattern;
import org.apache.camel.impl.DefaultCamelContext;

/** A component of Camel: an exchange for each step, sent to the producer of an endpoint. */
abstract class CamelSubject implements Subject {

    private final CamelContext context = new DefaultCamelContext();
    private final Map<Step, AsyncProducer> producers = new EnumMap<>(Step.class);

    /** Adds the component, and names the endpoint of each step. */
    final void open() throws Exception {
        configure(context);
        context.start();
        for (Step step : Step.values()) {
            Endpoint endpoint = context.getEndpoint(uri(step));
            AsyncProducer producer = endpoint.createAsyncProducer();
            producer.start();
            producers.put(step, producer);
        }
    }

    abstract void configure(CamelContext context) throws Exception;

    abstract String uri(Step step);

    abstract void fill(Exchange exchange, Step step, int item);

    @Override
    public final void start(Step step, int item, Done done) {
        AsyncProducer producer = Objects.requireNonNull(producers.get(step));
        Exchange exchange = producer.getEndpoint().createExchange(ExchangePattern.InOut);
        fill(exchange, step, item);
        producer.process(exchange, inline -> {
            if (exchange.getException() != null) {
                Outcomes.fail(exchange.getException());
            }
            done.done(inline);
        });
    }

    @Override
    public void close() {
        context.stop();
    }
}
