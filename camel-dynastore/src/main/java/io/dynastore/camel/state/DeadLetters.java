/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.state;

import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.support.service.ServiceSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends groups whose recoveries are used up to the dead letter endpoint. Camel's aggregator counts recoveries of its
 * own process only, so that the repository has to do it.
 */
final class DeadLetters extends ServiceSupport {

    private static final Logger LOG = LoggerFactory.getLogger(DynaStoreAggregationRepository.class);

    private final CamelContext context;
    private final AggregationSettings settings;
    private volatile @Nullable ProducerTemplate template;

    DeadLetters(CamelContext context, AggregationSettings settings) {
        this.context = context;
        this.settings = settings;
    }

    /** Whether the dead letter endpoint has taken an exchange. */
    boolean send(Exchange exchange, long deliveries) {
        ProducerTemplate running = template;
        String uri = settings.deadLetterUri();
        if (running == null || uri == null) {
            return false;
        }
        exchange.getMessage().setHeader(Exchange.REDELIVERED, true);
        exchange.getMessage().setHeader(Exchange.REDELIVERY_COUNTER, (int) deliveries);
        exchange.setProperty(DynaStoreAggregationRepository.DELIVERY_COUNT, (int) deliveries);
        LOG.warn(
                "Exchange {}: the completed group was recovered {} times, and goes to the dead letter endpoint",
                exchange.getExchangeId(),
                deliveries);
        running.send(uri, exchange);
        if (exchange.getException() != null) {
            LOG.warn(
                    "Exchange {}: the dead letter endpoint failed, which is tried again",
                    exchange.getExchangeId(),
                    exchange.getException());
        }
        return exchange.getException() == null;
    }

    @Override
    protected void doStart() {
        if (settings.deadLetterUri() != null) {
            template = context.createProducerTemplate();
            template.start();
        }
    }

    @Override
    protected void doStop() {
        ProducerTemplate running = template;
        template = null;
        if (running != null) {
            running.stop();
        }
    }
}
