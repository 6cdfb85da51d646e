/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.lock;

import static org.assertj.core.api.Assertions.assertThat;

import io.dynastore.camel.DynaStoreComponent;
import io.dynastore.camel.RouteContract;
import io.dynastore.testkit.Fault;
import io.dynastore.testkit.FaultPlan;
import io.dynastore.testkit.FaultyHttpClient;
import io.dynastore.testkit.Rendezvous;
import java.util.List;
import java.util.Map;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;

/** The locks of several tables when the component stops and the responses of the store are slow. */
class LocksAtTheEndTest extends RouteContract {

    private static final String LOCK = "?partitionKey=locks&sortKey=one&operation=lock&unlockOnCompletion=false";

    private final FaultPlan plan = FaultPlan.none().only("UpdateItem");
    private final FaultyHttpClient http = new FaultyHttpClient(NettyNioAsyncHttpClient.create(), plan);
    private final DynamoDbAsyncClient client =
            dynamo.clientBuilder().httpClient(http).build();

    @Override
    public void configure(DefaultCamelContext fresh) {
        fresh.getRegistry().bind("client", client);
    }

    @AfterEach
    void close() {
        client.close();
        http.close();
    }

    @Test
    void areReleasedAtTheSameTime() throws Exception {
        String other = dynamo.table("other", tableSpec());
        done(through("body", Map.of(), "dynastore:" + table + LOCK, "dynastore:" + other + LOCK));
        Rendezvous both = new Rendezvous(2);
        http.between(both);
        plan.next(Fault.DROP, Fault.DROP);

        context.getComponent("dynastore", DynaStoreComponent.class).stop();

        assertThat(both.met()).isEqualTo(2);
        assertThat(List.of(table, other)).allSatisfy(name -> assertThat(dynamo.rawGet(name, key("locks", "one")))
                .doesNotContainKey("_dsholder"));
    }
}
