/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel;

import static org.assertj.core.api.Assertions.assertThat;

import io.dynastore.store.DynaStoreException;
import io.dynastore.store.LockLostException;
import io.dynastore.store.metrics.CallStatus;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * Which lock an unlock releases, in exchanges and their copies, and the result for a lock that no exchange waits for
 * any more.
 */
class UnlockInRoutesTest extends RouteContract {

    private static final String ONE = "partitionKey=locks&sortKey=one&operation=";
    private static final Map<String, Object> ME = Map.of(DynaStoreConstants.LOCK_OWNER, "me");

    private static ConditionFactory await() {
        return Awaitility.await().atMost(Duration.ofSeconds(20)).pollInterval(Duration.ofMillis(10));
    }

    private boolean held() {
        return dynamo.rawGet(table, key("locks", "one")).containsKey("_dsholder");
    }

    @Test
    void refusesToUnlockWhatIsUnlockedAndSendsNothing() throws Exception {
        Exchange exchange =
                through("body", Map.of(), store(ONE + "lock"), store(ONE + "unlock"), store(ONE + "unlock"));

        assertThat(failure(exchange, LockLostException.class).reason()).isEqualTo(LockLostException.Reason.NOT_HELD);
        assertThat(sent()).containsExactly("UpdateItem", "UpdateItem");
    }

    @Test
    void refusesToUnlockTwiceByTheOwnersName() throws Exception {
        through("body", ME, store(ONE + "lock&unlockOnCompletion=false"));
        done(through("body", ME, store(ONE + "unlock")));

        assertThat(failure(through("body", ME, store(ONE + "unlock")), LockLostException.class)
                        .reason())
                .isEqualTo(LockLostException.Reason.NOT_HELD);
    }

    @Test
    void reportsALossOnceIfTheRouteHasUnlocked() throws Exception {
        Exchange exchange = send(
                route((builder, from) ->
                        from.to(store(ONE + "lock")).process(at -> takeAway()).to(store(ONE + "unlock"))),
                "body",
                Map.of());

        assertThat(failure(exchange, LockLostException.class).reason()).isEqualTo(LockLostException.Reason.TAKEN);
        await().during(Duration.ofMillis(300)).until(() -> losses() == 1);
    }

    @Test
    void reportsALossOnCompletionIfTheRouteHasNotUnlocked() throws Exception {
        done(send(route((builder, from) -> from.to(store(ONE + "lock")).process(at -> takeAway())), "body", Map.of()));

        await().until(() -> losses() == 1);
    }

    private void takeAway() {
        Map<String, AttributeValue> item = new HashMap<>(dynamo.rawGet(table, key("locks", "one")));
        item.put("_dsholder", text("another acquisition"));
        dynamo.rawPut(table, item);
    }

    private long losses() {
        return context.getEndpoint(store(ONE + "unlock"), DynaStoreEndpoint.class)
                .store()
                .metrics()
                .of("unlock")
                .calls(CallStatus.LOCK_LOST);
    }

    @Test
    void unlocksInACopyForTheExchangeThatItIsACopyOf() throws Exception {
        Exchange exchange = send(
                route((builder, from) -> from.to(store(ONE + "lock"))
                        .multicast()
                        .to(store(ONE + "unlock"))
                        .end()
                        .process(at -> assertThat(held()).isFalse())),
                "body",
                Map.of());

        done(exchange);
        assertThat(sent()).containsExactly("UpdateItem", "UpdateItem");
    }

    @Test
    void keepsALockOfAnEnrichmentUntilTheExchangeIsDone() throws Exception {
        Exchange exchange = send(
                route((builder, from) -> from.enrich(store(ONE + "lock"))
                        .process(at -> assertThat(held()).isTrue())),
                "body",
                Map.of());

        done(exchange);
        await().until(() -> !held());
    }

    @Test
    void takesNoLockForAnExchangeThatWaitsWhenTheComponentStops() throws Exception {
        through("body", ME, store(ONE + "lock&unlockOnCompletion=false"));
        RouteBuilder.addRoutes(
                context, builder -> builder.from("direct:waits").to(store(ONE + "lock&acquireTimeout=60s")));
        var waiter = template.asyncSend("direct:waits", exchange -> {});
        await().until(() -> sent().contains("GetItem"));

        context.getComponent("dynastore", DynaStoreComponent.class).stop();

        Exchange exchange = waiter.get(20, TimeUnit.SECONDS);
        assertThat(Objects.requireNonNull(exchange.getException()))
                .isInstanceOf(DynaStoreException.class)
                .hasMessageContaining("the locks are closed");
        assertThat(held()).isFalse();
    }
}
