/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.state;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.model.IdempotentConsumerDefinition;
import org.apache.camel.spi.IdempotentRepository;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What Camel's memory repository does, and so what each idempotent repository has to do on one node. */
abstract class IdempotentRepositoryContract {

    final DefaultCamelContext context = new DefaultCamelContext();
    IdempotentRepository repository;

    /** The messages that reached the inside of the idempotent block, with "!" for those marked as duplicates. */
    private final List<String> processed = Collections.synchronizedList(new ArrayList<>());

    private final CountDownLatch handedOver = new CountDownLatch(1);

    /** A repository without keys, for {@link #context}. */
    abstract IdempotentRepository create();

    @BeforeEach
    void start() throws Exception {
        repository = create();
        context.getShutdownStrategy().setTimeout(5);
        context.addService(repository);
        context.start();
    }

    @AfterEach
    void stop() {
        context.stop();
    }

    @Test
    void onlyTheFirstAddIsTrue() {
        assertThat(repository.add(exchange(), "a")).isTrue();
        assertThat(repository.add(exchange(), "a")).isFalse();
        assertThat(repository.add("a")).isFalse();
        assertThat(repository.add("b")).isTrue();
        assertThat(repository.add("b")).isFalse();
        assertThat(repository.add(exchange(), "b")).isFalse();
    }

    @Test
    void secondAddByTheSameExchangeIsFalse() {
        Exchange exchange = exchange();

        assertThat(repository.add(exchange, "a")).isTrue();
        assertThat(repository.add(exchange, "a")).isFalse();
        assertThat(repository.confirm(exchange, "a")).isTrue();
        assertThat(repository.add(exchange, "a")).isFalse();
    }

    @Test
    void containsWhatWasAddedUntilItIsRemoved() {
        Exchange exchange = exchange();

        assertThat(repository.contains(exchange, "a")).isFalse();
        repository.add(exchange, "a");
        assertThat(repository.contains(exchange(), "a")).isTrue();
        repository.confirm(exchange, "a");
        assertThat(repository.contains("a")).isTrue();
        assertThat(repository.remove(exchange, "a")).isTrue();
        assertThat(repository.contains("a")).isFalse();
    }

    @Test
    void removedKeyIsAddedAgain() {
        Exchange exchange = exchange();
        repository.add(exchange, "a");
        repository.add("b");

        assertThat(repository.remove(exchange, "a")).isTrue();
        assertThat(repository.remove("b")).isTrue();

        assertThat(repository.add(exchange(), "a")).isTrue();
        assertThat(repository.add("b")).isTrue();
    }

    @Test
    void removeOfAnUnknownKeyIsFalse() {
        assertThat(repository.remove("a")).isFalse();
        assertThat(repository.remove(exchange(), "a")).isFalse();
    }

    @Test
    void confirmedKeyStays() {
        Exchange exchange = exchange();
        repository.add(exchange, "a");
        repository.add("b");

        assertThat(repository.confirm(exchange, "a")).isTrue();
        assertThat(repository.confirm("b")).isTrue();

        assertThat(repository.add(exchange(), "a")).isFalse();
        assertThat(repository.add("b")).isFalse();
    }

    @Test
    void confirmTwiceIsConfirmed() {
        Exchange exchange = exchange();
        repository.add(exchange, "a");

        assertThat(repository.confirm(exchange, "a")).isTrue();
        assertThat(repository.confirm(exchange, "a")).isTrue();
    }

    @Test
    void clearRemovesEachKey() {
        for (int i = 0; i < 60; i++) {
            repository.add("key-" + i);
        }
        repository.add(exchange(), "in flight");

        repository.clear();

        assertThat(repository.contains("key-7")).isFalse();
        assertThat(repository.add("key-59")).isTrue();
        assertThat(repository.add(exchange(), "in flight")).isTrue();
    }

    @Test
    void anyTextIsAKey() {
        String hash = "sha256/e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        List<String> keys = List.of(
                "",
                " ",
                "a/b",
                "%",
                "ä€😀",
                "x".repeat(1024),
                "x".repeat(1025),
                "x".repeat(5000),
                "ä".repeat(600),
                hash,
                "\ud83d",
                "\ude00",
                "?",
                "\0",
                "settings");

        assertThat(keys).allMatch(repository::add);
        assertThat(keys).noneMatch(repository::add);
        assertThat(keys).allMatch(repository::contains);
        assertThat(keys).allMatch(repository::remove);
        assertThat(keys).noneMatch(repository::contains);
    }

    @Test
    void oneOfManyConcurrentAddsIsTrue() throws Exception {
        for (int round = 0; round < 20; round++) {
            String key = "key-" + round;
            assertThat(concurrently(8, () -> repository.add(exchange(), key)))
                    .as(key)
                    .containsOnlyOnce(true);
            assertThat(concurrently(4, () -> repository.add(key + "/"))).containsOnlyOnce(true);
        }
    }

    @Test
    void eagerSkipsDuplicates() throws Exception {
        route(block -> {});

        send("a", "a", "b", "a");

        assertThat(processed).containsExactly("a", "b");
    }

    @Test
    void eagerSkipsADuplicateOfAMessageThatIsBeingProcessed() throws Exception {
        route(block -> block.process(this::sendAgain));

        send("a");

        assertThat(processed).containsExactly("a");
    }

    @Test
    void failedMessageIsProcessedAgain() throws Exception {
        route(block -> {});

        send("fail", "fail", "a");

        assertThat(processed).containsExactly("fail", "fail", "a");
        assertThat(repository.contains("fail")).isFalse();
    }

    @Test
    void failedMessageIsADuplicateWithoutRemoveOnFailure() throws Exception {
        route(block -> block.removeOnFailure(false));

        send("fail", "fail");

        assertThat(processed).containsExactly("fail");
        assertThat(repository.contains("fail")).isTrue();
    }

    @Test
    void failureBehindTheBlockRemovesTheKey() throws Exception {
        route(block -> {});

        send("fail later", "fail later");

        assertThat(processed).containsExactly("fail later", "fail later");
    }

    @Test
    void failureBehindTheBlockKeepsTheKeyWithCompletionEager() throws Exception {
        route(block -> block.completionEager(true));

        send("fail later", "fail later", "fail", "fail");

        assertThat(processed).containsExactly("fail later", "fail", "fail");
    }

    @Test
    void failureInTheBlockKeepsTheKeyWithCompletionEagerAndWithoutRemoveOnFailure() throws Exception {
        route(block -> block.completionEager(true).removeOnFailure(false));

        send("fail", "fail");

        assertThat(processed).containsExactly("fail");
        assertThat(repository.contains("fail")).isTrue();
    }

    @Test
    void handledFailureRemovesTheKey() throws Exception {
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                errorHandler(deadLetterChannel("mock:dead"));
                from("direct:in")
                        .idempotentConsumer(body())
                        .idempotentRepository(repository)
                        .process(exchange -> inside(exchange));
            }
        });

        send("fail", "fail");

        assertThat(processed).containsExactly("fail", "fail");
    }

    @Test
    void duplicatesAreMarkedWithoutSkipDuplicate() throws Exception {
        route(block -> block.skipDuplicate(false));

        send("a", "a");

        assertThat(processed).containsExactly("a", "a!");
        assertThat(repository.contains("a")).isTrue();
    }

    @Test
    void notEagerAddsTheKeyAtTheEnd() throws Exception {
        route(block -> block.eager(false).process(exchange -> assertThat(
                        repository.contains(exchange.getMessage().getBody(String.class)))
                .isFalse()));

        send("a", "a", "fail", "fail");

        assertThat(processed).containsExactly("a", "fail", "fail");
        assertThat(repository.contains("a")).isTrue();
        assertThat(repository.contains("fail")).isFalse();
    }

    @Test
    void notEagerKeepsNoFailedKeyWithoutRemoveOnFailure() throws Exception {
        route(block -> block.eager(false).removeOnFailure(false));

        send("fail", "fail");

        assertThat(processed).containsExactly("fail", "fail");
        assertThat(repository.contains("fail")).isFalse();
    }

    @Test
    void notEagerProcessesADuplicateOfAMessageThatIsBeingProcessed() throws Exception {
        route(block -> block.eager(false).process(this::sendAgain));

        send("a", "a");

        assertThat(processed).containsExactly("a", "a");
        assertThat(repository.contains("a")).isTrue();
    }

    @Test
    void notEagerWithCompletionEager() throws Exception {
        route(block -> block.eager(false).completionEager(true));

        send("fail later", "fail later", "fail", "fail");

        assertThat(processed).containsExactly("fail later", "fail", "fail");
    }

    @Test
    void exchangeThatIsHandedOverEndsItsKey() throws Exception {
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:in")
                        .idempotentConsumer(body())
                        .idempotentRepository(repository)
                        .to("seda:next");
                from("seda:next").errorHandler(noErrorHandler()).process(exchange -> {
                    exchange.getExchangeExtension().addOnCompletion(new Last(handedOver));
                    inside(exchange);
                });
            }
        });

        send("fail");
        assertThat(handedOver.await(10, TimeUnit.SECONDS)).isTrue();

        assertThat(repository.contains("fail")).isFalse();
    }

    /** Routes from direct:in through an idempotent block, whose messages fail if they are called so. */
    private void route(Consumer<IdempotentConsumerDefinition> options) throws Exception {
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                IdempotentConsumerDefinition block =
                        from("direct:in").idempotentConsumer(body()).idempotentRepository(repository);
                block.process(exchange -> processed.add(name(exchange)));
                options.accept(block);
                block.process(exchange -> fail(exchange, "fail"))
                        .end()
                        .process(exchange -> fail(exchange, "fail later"));
            }
        });
    }

    /** Sends the same message once more, while this one is being processed. */
    private void sendAgain(Exchange exchange) {
        if (exchange.getMessage().getHeader("again") == null) {
            context.createProducerTemplate()
                    .requestBodyAndHeader("direct:in", exchange.getMessage().getBody(), "again", true);
        }
    }

    private void inside(Exchange exchange) {
        processed.add(name(exchange));
        fail(exchange, "fail");
    }

    private static String name(Exchange exchange) {
        boolean duplicate = exchange.getProperty(Exchange.DUPLICATE_MESSAGE, false, boolean.class);
        return exchange.getMessage().getBody(String.class) + (duplicate ? "!" : "");
    }

    private static void fail(Exchange exchange, String body) {
        if (exchange.getMessage().getBody(String.class).equals(body)) {
            throw new IllegalArgumentException("told so");
        }
    }

    void send(String... bodies) {
        for (String body : bodies) {
            context.createProducerTemplate()
                    .send("direct:in", exchange -> exchange.getMessage().setBody(body));
        }
    }

    List<String> processed() {
        return processed;
    }

    Exchange exchange() {
        return new DefaultExchange(context);
    }

    static <T> List<T> concurrently(int threads, Callable<T> task) throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            List<T> results = new ArrayList<>();
            for (Future<T> result : pool.invokeAll(Collections.nCopies(threads, task))) {
                results.add(result.get());
            }
            return results;
        } finally {
            pool.shutdown();
        }
    }
}
