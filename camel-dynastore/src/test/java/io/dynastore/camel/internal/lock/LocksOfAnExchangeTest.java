/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.lock;

import static org.assertj.core.api.Assertions.assertThat;

import io.dynastore.camel.DynaStoreConstants;
import io.dynastore.camel.RouteContract;
import io.dynastore.store.LockLostException;
import io.dynastore.store.LockNotAcquiredException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePattern;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.Test;

/** The locks that an exchange holds are its own, and what one of them brings is not the input of the next. */
class LocksOfAnExchangeTest extends RouteContract {

    private static final String ONE = "partitionKey=locks&sortKey=one&operation=";
    private static final String TWO = "partitionKey=locks&sortKey=two&operation=";
    private static final String TICKET = "partitionKey=customer&sortKey=1&operation=";

    private final List<Long> tokens = new ArrayList<>();

    private void note(Exchange exchange) {
        tokens.add(exchange.getMessage().getHeader(DynaStoreConstants.FENCING_TOKEN, Long.class));
    }

    private boolean held(String lock) {
        return dynamo.rawGet(table, key("locks", lock)).keySet().stream().anyMatch(name -> name.contains("owner"));
    }

    /** An exchange that holds lock two arrives in the queue. */
    private void another() throws Exception {
        done(send(
                route((builder, from) -> from.to(store(TWO + "lock&unlockOnCompletion=false"))
                        .to(ExchangePattern.InOnly, "seda:other?waitForTaskToComplete=Never")),
                "another",
                Map.of()));
    }

    @Test
    void writeUnderALockThatHasRunOutIsRefusedAlsoAfterAPollFromAnExchangeWithAnotherLock() throws Exception {
        given("customer", "1", "first");
        Map<String, Object> me = Map.of(DynaStoreConstants.LOCK_OWNER, "me");
        another();
        String unlock = route((builder, from) -> from.to(store(ONE + "unlock")));
        String in = route((builder, from) -> from.to(store(ONE + "lock"))
                .setProperty("token", builder.header(DynaStoreConstants.FENCING_TOKEN))
                .process(exchange -> done(send(unlock, "body", me)))
                .pollEnrich("seda:other", 10_000)
                .setHeader(DynaStoreConstants.FENCING_TOKEN, builder.exchangeProperty("token"))
                .process(exchange -> HTTP.clear())
                .to(store(TICKET + "update")));

        Exchange exchange = send(in, "late", me);

        assertThat(failure(exchange, LockLostException.class)).hasMessageContaining("[locks, one]");
        assertThat(sent()).isEmpty();
        assertThat(stored("customer", "1")).containsEntry("payload", text("first"));
    }

    @Test
    void lockOfAnExchangeThatWasTakenInIsNotReleased() throws Exception {
        another();

        Exchange exchange = send(
                route((builder, from) -> from.to(store(ONE + "lock"))
                        .pollEnrich("seda:other", 10_000)
                        .to(store(ONE + "unlock"))
                        .to(store(TWO + "unlock"))),
                null,
                Map.of());

        assertThat(failure(exchange, LockLostException.class)).hasMessageContaining("[locks, two]");
        assertThat(held("one")).isFalse();
        assertThat(held("two")).isTrue();
    }

    @Test
    void lockInALoopIsTheSameLockAndOneUnlockReleasesIt() throws Exception {
        Exchange exchange = send(
                route((builder, from) -> from.loop(3)
                        .to(store(ONE + "lock"))
                        .process(this::note)
                        .end()
                        .to(store(ONE + "unlock"))
                        .process(at -> assertThat(held("one")).isFalse())),
                null,
                Map.of());

        done(exchange);
        assertThat(tokens).hasSize(3).doesNotContainNull().containsOnly(tokens.get(0));
        assertThat(sent()).containsExactly("UpdateItem", "UpdateItem", "UpdateItem", "UpdateItem");
    }

    @Test
    void lockInASubRouteThatIsRedeliveredIsTheSameLock() throws Exception {
        AtomicInteger tries = new AtomicInteger();
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:sub")
                        .errorHandler(noErrorHandler())
                        .to(store(ONE + "lock"))
                        .process(LocksOfAnExchangeTest.this::note)
                        .process(exchange -> {
                            if (tries.incrementAndGet() < 3) {
                                throw new IllegalStateException("twice");
                            }
                        });
            }
        });

        done(send(
                route((builder, from) -> from.onException(IllegalStateException.class)
                        .maximumRedeliveries(5)
                        .redeliveryDelay(0)
                        .end()
                        .to("direct:sub")),
                null,
                Map.of()));

        assertThat(tokens).hasSize(3).containsOnly(tokens.get(0));
    }

    @Test
    void lockOfANamedOwnerIsTheSameInItsExchangeAndRefusedToAnotherOwner() throws Exception {
        Map<String, Object> me = Map.of(DynaStoreConstants.LOCK_OWNER, "me");
        String in = route((builder, from) -> from.to(store(ONE + "lock"), store(ONE + "lock"))
                .process(exchange -> assertThat(send("direct:again", null, me).getException())
                        .isInstanceOf(LockNotAcquiredException.class))
                .setHeader(DynaStoreConstants.LOCK_OWNER, builder.constant("you"))
                .to(store(ONE + "lock")));
        RouteBuilder.addRoutes(context, builder -> {
            builder.errorHandler(builder.defaultErrorHandler().logExhausted(false));
            builder.from("direct:again").to(store(ONE + "lock"));
        });

        assertThat(failure(send(in, null, me), LockNotAcquiredException.class).owner())
                .isEqualTo("me");
    }

    @Test
    void lockThatMovedWithSedaIsTheSameLock() throws Exception {
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("seda:moved").to(store(ONE + "lock")).process(LocksOfAnExchangeTest.this::note);
            }
        });

        done(send(
                route((builder, from) -> from.to(store(ONE + "lock"))
                        .process(this::note)
                        .to(ExchangePattern.InOnly, "seda:moved?waitForTaskToComplete=Never")),
                null,
                Map.of()));

        org.awaitility.Awaitility.await().until(() -> tokens.size() == 2);
        assertThat(tokens).containsOnly(tokens.get(0));
    }

    @Test
    void locksOfALoopLeaveNothingBehind() throws Exception {
        AtomicInteger completions = new AtomicInteger();

        done(send(
                route((builder, from) -> from.loop(20)
                        .to(store(ONE + "lock"), store(ONE + "unlock"))
                        .end()
                        .process(exchange -> completions.set(
                                exchange.getUnitOfWork() == null
                                        ? -1
                                        : exchange.getExchangeExtension().handoverCompletions() == null
                                                ? synchronizations(exchange)
                                                : -1))),
                null,
                Map.of()));

        assertThat(completions.get()).isZero();
    }

    /** A unit of work does not tell its synchronizations, but hands them over. */
    private static int synchronizations(Exchange exchange) {
        Exchange other = new org.apache.camel.support.DefaultExchange(exchange.getContext());
        exchange.getUnitOfWork().handoverSynchronization(other);
        List<?> all = other.getExchangeExtension().handoverCompletions();
        return all == null ? 0 : all.size();
    }

    @Test
    void dataOfOneLockAreNotThoseOfTheNext() throws Exception {
        Exchange exchange = through(
                "body",
                Map.of(DynaStoreConstants.LOCK_DATA, "mine"),
                store(ONE + "lock&unlockOnCompletion=false"),
                store(TWO + "lock&unlockOnCompletion=false"));

        assertThat(done(exchange).getHeaders()).doesNotContainKey(DynaStoreConstants.LOCK_DATA);
        assertThat(stored("locks", "one")).containsEntry("payload", text("mine"));
        assertThat(stored("locks", "two")).doesNotContainKey("payload");
    }

    @Test
    void dataThatALockHasFoundAreNotThoseOfTheNext() throws Exception {
        through("body", Map.of(DynaStoreConstants.LOCK_DATA, "theirs"), store(ONE + "lock"), store(ONE + "unlock"));
        List<Object> found = new ArrayList<>();

        Exchange exchange = send(
                route((builder, from) -> from.to(store(ONE + "lock"))
                        .process(at -> found.add(at.getMessage().getHeader(DynaStoreConstants.LOCK_DATA)))
                        .to(store(TWO + "lock&unlockOnCompletion=false"))),
                null,
                Map.of());

        assertThat(done(exchange).getHeaders()).doesNotContainKey(DynaStoreConstants.LOCK_DATA);
        assertThat(found).containsExactly("theirs");
        assertThat(stored("locks", "two")).doesNotContainKey("payload");
    }

    @Test
    void lockThatIsRefusedKeepsItsDataForARepetition() throws Exception {
        through("body", Map.of(DynaStoreConstants.LOCK_OWNER, "me"), store(ONE + "lock&unlockOnCompletion=false"));

        Exchange exchange = through("body", Map.of(DynaStoreConstants.LOCK_DATA, "mine"), store(ONE + "lock"));

        failure(exchange, LockNotAcquiredException.class);
        assertThat(exchange.getMessage().getHeader(DynaStoreConstants.LOCK_DATA))
                .isEqualTo("mine");
    }
}
