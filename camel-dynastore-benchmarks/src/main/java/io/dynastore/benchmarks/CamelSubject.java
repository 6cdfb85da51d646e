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

/** A Camel component: each operation is an exchange that is sent to the producer of an endpoint. */
abstract class CamelSubject implements Subject {

    private final CamelContext context = new DefaultCamelContext();
    private final Map<BenchmarkOperation, AsyncProducer> producers = new EnumMap<>(BenchmarkOperation.class);

    /** Adds the component, and starts a producer for each operation. */
    final void open() throws Exception {
        configure(context);
        context.start();
        for (BenchmarkOperation operation : BenchmarkOperation.values()) {
            Endpoint endpoint = context.getEndpoint(uri(operation));
            AsyncProducer producer = endpoint.createAsyncProducer();
            producer.start();
            producers.put(operation, producer);
        }
    }

    abstract void configure(CamelContext context) throws Exception;

    abstract String uri(BenchmarkOperation operation);

    abstract void fill(Exchange exchange, BenchmarkOperation operation, int item);

    @Override
    public final void start(BenchmarkOperation operation, int item, Done done) {
        AsyncProducer producer = Objects.requireNonNull(producers.get(operation));
        Exchange exchange = producer.getEndpoint().createExchange(ExchangePattern.InOut);
        fill(exchange, operation, item);
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
