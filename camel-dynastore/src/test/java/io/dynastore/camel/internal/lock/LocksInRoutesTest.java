/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.lock;

import static org.assertj.core.api.Assertions.assertThat;

import io.dynastore.camel.DynaStoreConstants;
import io.dynastore.camel.RouteContract;
import io.dynastore.store.InvalidInputException;
import io.dynastore.store.LockLostException;
import io.dynastore.store.LockNotAcquiredException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.Test;

/** The operations lock, renew and unlock in routes. */
class LocksInRoutesTest extends RouteContract {

    private static final String ONE = "partitionKey=locks&sortKey=one&operation=";

    private static ConditionFactory await() {
        return Awaitility.await().atMost(Duration.ofSeconds(20)).pollInterval(Duration.ofMillis(10));
    }

    private boolean held() {
        return stored("locks", "one").isEmpty()
                ? false
                : dynamo.rawGet(table, key("locks", "one")).keySet().stream().anyMatch(name -> name.contains("owner"));
    }

    @Test
    void acquiresWithOneRequestAndReturnsTokenAndEnd() throws Exception {
        Instant before = Instant.now();

        Exchange exchange = through("body", Map.of(), store(ONE + "lock&lockTtl=10s"));

        assertThat(done(exchange).getBody()).isEqualTo("body");
        assertThat(exchange.getMessage().getHeader(DynaStoreConstants.FENCING_TOKEN, Long.class))
                .isPositive();
        assertThat(exchange.getMessage().getHeader(DynaStoreConstants.LOCK_EXPIRES, Instant.class))
                .isBetween(before.plusSeconds(9), before.plusSeconds(30));
        assertThat(sent().get(0)).isEqualTo("UpdateItem");
    }

    @Test
    void releasesWhenTheExchangeIsDoneWhateverItsOutcome() throws Exception {
        through("body", Map.of(), store(ONE + "lock"));
        await().until(() -> !held());

        Exchange failed = send(
                route((builder, from) ->
                        from.to(store(ONE + "lock")).throwException(new IllegalStateException("after the lock"))),
                "body",
                Map.of());

        failure(failed, IllegalStateException.class);
        await().until(() -> !held());
        assertThat(sent()).containsExactly("UpdateItem", "UpdateItem", "UpdateItem", "UpdateItem");
    }

    @Test
    void givesALargerTokenEachTime() throws Exception {
        List<Long> tokens = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            Exchange exchange = through("body", Map.of(), store(ONE + "lock&acquireTimeout=5s"));
            tokens.add(done(exchange).getHeader(DynaStoreConstants.FENCING_TOKEN, Long.class));
        }

        assertThat(tokens).isSorted().doesNotHaveDuplicates();
    }

    @Test
    void refusesALockThatAnotherExchangeHoldsAndNamesItsOwner() throws Exception {
        through("body", Map.of(DynaStoreConstants.LOCK_OWNER, "first"), store(ONE + "lock&unlockOnCompletion=false"));

        Exchange second = through("body", Map.of(), store(ONE + "lock"));

        assertThat(failure(second, LockNotAcquiredException.class).owner()).isEqualTo("first");
        assertThat(second.getMessage().getHeader(DynaStoreConstants.FENCING_TOKEN))
                .isNull();
    }

    @Test
    void waitsForALockUntilTheTimeout() throws Exception {
        CountDownLatch locked = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        String first = route((builder, from) -> from.to(store(ONE + "lock")).process(exchange -> {
            locked.countDown();
            release.await();
        }));
        var holder = template.asyncSend(first, exchange -> {});
        locked.await();
        String second = route((builder, from) -> from.to(store(ONE + "lock&acquireTimeout=20s")));
        var waiter = template.asyncSend(second, exchange -> {});

        release.countDown();

        done(holder.get());
        done(waiter.get());
    }

    @Test
    void unlocksInMidRouteAndForgetsTheToken() throws Exception {
        Exchange exchange = through("body", Map.of(), store(ONE + "lock"), store(ONE + "unlock"));

        assertThat(done(exchange).getHeaders())
                .doesNotContainKeys(DynaStoreConstants.FENCING_TOKEN, DynaStoreConstants.LOCK_EXPIRES);
        assertThat(held()).isFalse();
        assertThat(sent()).containsExactly("UpdateItem", "UpdateItem");
    }

    @Test
    void renewsWithOneRequestAndReturnsTheNewEnd() throws Exception {
        List<Instant> ends = new CopyOnWriteArrayList<>();
        Exchange exchange = send(
                route((builder, from) -> from.to(store(ONE + "lock&unlockOnCompletion=false"))
                        .process(at ->
                                ends.add(at.getMessage().getHeader(DynaStoreConstants.LOCK_EXPIRES, Instant.class)))
                        .to(store(ONE + "renew"))),
                "body",
                Map.of());

        assertThat(done(exchange).getHeader(DynaStoreConstants.LOCK_EXPIRES, Instant.class))
                .isAfterOrEqualTo(ends.get(0));
        assertThat(sent()).containsExactly("UpdateItem", "UpdateItem");
    }

    @Test
    void unlocksALockOfAnotherExchangeOnlyForItsOwner() throws Exception {
        Map<String, Object> me = Map.of(DynaStoreConstants.LOCK_OWNER, "me");
        through("body", me, store(ONE + "lock&unlockOnCompletion=false"));

        assertThat(failure(through("body", Map.of(), store(ONE + "unlock")), LockLostException.class)
                        .reason())
                .isEqualTo(LockLostException.Reason.NOT_HELD);
        failure(
                through("body", Map.of(DynaStoreConstants.LOCK_OWNER, "somebody"), store(ONE + "unlock")),
                LockLostException.class);
        assertThat(held()).isTrue();

        done(through("body", me, store(ONE + "unlock")));
        assertThat(held()).isFalse();
    }

    @Test
    void keepsTheLockWithTheUnitOfWorkThatMovesToSeda() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        RouteBuilder.addRoutes(context, builder -> builder.from("seda:work").process(exchange -> go.await()));
        Exchange first = send(
                route((builder, from) -> from.to(store(ONE + "lock")).to("seda:work?waitForTaskToComplete=Never")),
                "body",
                Map.of());
        done(first);

        assertThat(held()).isTrue();
        go.countDown();
        await().until(() -> !held());
    }

    @Test
    void doesNotLetAWireTapKeepTheLock() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        RouteBuilder.addRoutes(context, builder -> builder.from("direct:tap").process(exchange -> go.await()));

        send(route((builder, from) -> from.to(store(ONE + "lock")).wireTap("direct:tap")), "body", Map.of());

        await().until(() -> !held());
        go.countDown();
    }

    @Test
    void releasesALockOfASplitPartWhenThatPartIsDone() throws Exception {
        Exchange exchange = send(
                route((builder, from) -> from.split(builder.body())
                        .to(store("partitionKey=locks&sortKey=one&operation=lock&acquireTimeout=5s"))
                        .end()
                        .process(at -> await().until(() -> !held()))),
                List.of("a", "b", "c"),
                Map.of());

        done(exchange);
    }

    @Test
    void leavesTheParentsLockToTheParent() throws Exception {
        Exchange exchange = send(
                route((builder, from) -> from.to(store(ONE + "lock"))
                        .multicast()
                        .to("log:a?level=OFF", "log:b?level=OFF")
                        .end()
                        .process(at -> assertThat(held()).isTrue())),
                "body",
                Map.of());

        done(exchange);
        await().until(() -> !held());
    }

    @Test
    void takesAnyFreeLockOfAPartitionAndNamesIt() throws Exception {
        for (String name : List.of("a", "b")) {
            through(
                    "body",
                    Map.of(),
                    store("partitionKey=pool&sortKey=" + name + "&operation=lock"),
                    store("partitionKey=pool&sortKey=" + name + "&operation=unlock"));
        }
        List<Object> taken = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            Exchange exchange = through(
                    "body", Map.of(), store("partitionKey=pool&operation=lock&leaseAny=true&unlockOnCompletion=false"));
            taken.add(done(exchange).getHeader(DynaStoreConstants.SORT_KEY));
        }

        assertThat(taken).containsExactlyInAnyOrder("a", "b");
        failure(
                through("body", Map.of(), store("partitionKey=pool&operation=lock&leaseAny=true")),
                LockNotAcquiredException.class);
    }

    @Test
    void storesDataThatOthersCanRead() throws Exception {
        through(
                "body",
                Map.of(DynaStoreConstants.LOCK_DATA, Map.of("step", 3)),
                store(ONE + "lock"),
                store(ONE + "unlock"));

        Exchange next = through("body", Map.of(), store(ONE + "lock"));

        assertThat(done(next).getHeader(DynaStoreConstants.LOCK_DATA)).isEqualTo(Map.of("step", 3L));
    }

    @Test
    void releasesEveryLockWhenTheComponentStops() throws Exception {
        through("body", Map.of(), store(ONE + "lock&unlockOnCompletion=false"));
        assertThat(held()).isTrue();

        context.stop();

        assertThat(held()).isFalse();
    }

    @Test
    void refusesBadInputBeforeAnythingIsSent() throws Exception {
        String endpoint = route((builder, from) -> from.to(store("operation=lock")));

        assertThat(List.of(
                        send(endpoint, "body", Map.of(DynaStoreConstants.PARTITION_KEY, "locks")),
                        send(endpoint, "body", locks(DynaStoreConstants.LOCK_TTL, 20)),
                        send(endpoint, "body", locks(DynaStoreConstants.LOCK_TTL, "1ms")),
                        send(endpoint, "body", locks(DynaStoreConstants.TAKEOVER, "force"))))
                .allSatisfy(exchange -> assertThat(refusal(exchange, InvalidInputException.class))
                        .hasMessageContaining("Table " + table));
    }

    private static Map<String, Object> locks(String header, Object value) {
        return Map.of(DynaStoreConstants.PARTITION_KEY, "locks", DynaStoreConstants.SORT_KEY, "one", header, value);
    }

    @Test
    void refusesTheKeyOfAnOrdinaryItem() throws Exception {
        given("locks", "one", "an item");

        Exchange exchange = through("body", Map.of(), store(ONE + "lock"));

        assertThat(Objects.requireNonNull(exchange.getException()))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("one");
        assertThat(stored("locks", "one")).containsEntry("payload", text("an item"));
    }
}
