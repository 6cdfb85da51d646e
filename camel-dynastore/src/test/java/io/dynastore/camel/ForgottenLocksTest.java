/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.camel.AsyncProducer;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.Test;

/** Locks that an exchange takes after the last endpoint of their table has stopped, as one of toD may at any time. */
class ForgottenLocksTest extends RouteContract {

    @Test
    void lockThatWasTakenThroughAnEvictedEndpointIsReleasedWhenTheComponentStops() throws Exception {
        DynaStoreComponent component = context.getComponent("dynastore", DynaStoreComponent.class);
        take();
        assertThat(component.lockTables()).isZero();
        assertThat(dynamo.rawGet(table, key("locks", "one"))).containsKey("_dsholder");

        System.gc();
        assertThat(component.monitored().leases()).hasSize(1);
        component.stop();

        assertThat(dynamo.rawGet(table, key("locks", "one"))).doesNotContainKey("_dsholder");
    }

    /** Takes the lock through an endpoint that is evicted meanwhile, and keeps nothing of it. */
    private void take() throws Exception {
        DynaStoreEndpoint endpoint = context.getEndpoint(
                store("operation=lock&partitionKey=locks&sortKey=one&unlockOnCompletion=false"),
                DynaStoreEndpoint.class);
        AsyncProducer producer = endpoint.createAsyncProducer();
        producer.start();
        context.removeEndpoint(endpoint);
        Exchange exchange = endpoint.createExchange();
        CompletableFuture<Exchange> taken = producer.processAsync(exchange);
        assertThat(taken.get(20, TimeUnit.SECONDS).getException()).isNull();
    }
}
