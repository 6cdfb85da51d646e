/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.dynastore.camel.DynaStoreConstants;
import io.dynastore.camel.RouteContract;
import io.dynastore.store.VersionConflictException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePattern;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.mock.MockEndpoint;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every copy of an exchange starts with the versions that the exchange has seen, and adds its own. */
class SeenVersionCopiesTest extends RouteContract {

    private static final String KEYS = "partitionKey=customer&sortKey=1";

    private void theirs() {
        dynamo.rawPut(table, item("customer", "1", "theirs", 7));
    }

    @Test
    void splitOfAnotherBodyKnowsTheVersionReadBefore() throws Exception {
        given("customer", "1", "old");
        String start = route((builder, from) -> from.to(store(KEYS + "&operation=get"))
                .process(exchange -> theirs())
                .setBody(builder.constant("a,b"))
                .split(builder.body().tokenize(","))
                .stopOnException()
                .to(store(KEYS + "&operation=update")));

        failure(rooted(send(start, null, Map.of())), VersionConflictException.class);
        assertThat(stored("customer", "1")).isEqualTo(item("customer", "1", "theirs", 7));
    }

    @Test
    void splitListUpdatesEachItemAtItsListedVersion() throws Exception {
        given("customer", "1", "old");
        given("customer", "2", "old");
        String start = route((builder, from) -> from.to(store("operation=list&partitionKey=customer"))
                .process(exchange -> theirs())
                .split(builder.body())
                .setHeader(DynaStoreConstants.SORT_KEY, builder.simple("${body.key.sortKey}"))
                .setBody(builder.constant("mine"))
                .doTry()
                .to(store("operation=update&partitionKey=customer"))
                .doCatch(VersionConflictException.class)
                .to("mock:conflict")
                .end()
                .end());

        done(send(start, null, Map.of()));

        assertThat(stored("customer", "1")).isEqualTo(item("customer", "1", "theirs", 7));
        assertThat(stored("customer", "2")).isEqualTo(item("customer", "2", "mine", 2));
        MockEndpoint conflicts = context.getEndpoint("mock:conflict", MockEndpoint.class);
        assertThat(conflicts.getReceivedCounter()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void multicastKnowsTheVersionReadBefore(boolean parallel) throws Exception {
        given("customer", "1", "old");
        String branch = route((builder, from) -> from.to(store(KEYS + "&operation=update")));
        String start = route((builder, from) -> {
            from.to(store(KEYS + "&operation=get")).process(exchange -> theirs());
            var multicast = from.multicast().stopOnException();
            (parallel ? multicast.parallelProcessing() : multicast).to(branch);
        });

        failure(rooted(send(start, null, Map.of())), VersionConflictException.class);
    }

    @Test
    void branchOfAMulticastHasNotSeenTheWriteOfAnother() throws Exception {
        given("customer", "1", "old");
        String one = route((builder, from) -> from.to(store(KEYS + "&operation=update")));
        String two = route((builder, from) -> from.to(store(KEYS + "&operation=update")));
        String start = route((builder, from) -> from.to(store(KEYS + "&operation=get"))
                .multicast()
                .stopOnException()
                .to(one, two)
                .end());

        failure(rooted(send(start, null, Map.of())), VersionConflictException.class);
        assertThat(stored("customer", "1")).containsEntry("version", number(2));
    }

    @Test
    void sedaKeepsTheVersions() throws Exception {
        given("customer", "1", "old");
        CompletableFuture<Exchange> end = new CompletableFuture<>();
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                onException(VersionConflictException.class).handled(true).process(end::complete);
                from("seda:copy").to(store(KEYS + "&operation=update")).process(end::complete);
            }
        });
        String start = route((builder, from) -> from.to(store(KEYS + "&operation=get"))
                .process(exchange -> theirs())
                .to(ExchangePattern.InOnly, "seda:copy"));

        done(send(start, null, Map.of()));

        assertThat(end.get(10, TimeUnit.SECONDS).getProperty(Exchange.EXCEPTION_CAUGHT))
                .isInstanceOf(VersionConflictException.class);
    }

    @Test
    void wireTapKeepsTheVersionsAndAddsItsOwn() throws Exception {
        given("customer", "1", "old");
        CountDownLatch updated = new CountDownLatch(1);
        CompletableFuture<Exchange> end = new CompletableFuture<>();
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                onException(VersionConflictException.class).handled(true).process(end::complete);
                from("direct:tapped")
                        .process(exchange -> updated.await(10, TimeUnit.SECONDS))
                        .to(store(KEYS + "&operation=update"))
                        .process(end::complete);
            }
        });
        String start = route((builder, from) -> from.to(store(KEYS + "&operation=get"))
                .wireTap("direct:tapped")
                .to(store(KEYS + "&operation=update"))
                .process(exchange -> updated.countDown())
                .to(store(KEYS + "&operation=update")));

        done(send(start, null, Map.of()));

        assertThat(end.get(10, TimeUnit.SECONDS).getProperty(Exchange.EXCEPTION_CAUGHT))
                .isInstanceOfSatisfying(VersionConflictException.class, error -> assertThat(error.expected())
                        .isEqualTo(1));
        await().atMost(Duration.ofSeconds(10))
                .untilAsserted(() -> assertThat(stored("customer", "1")).containsEntry("version", number(3)));
    }

    /** Split and multicast wrap the error of a part. */
    private static Exchange rooted(Exchange exchange) {
        Throwable error = exchange.getException();
        while (error != null && error.getCause() != null) {
            error = error.getCause();
        }
        exchange.setException(error);
        return exchange;
    }
}
