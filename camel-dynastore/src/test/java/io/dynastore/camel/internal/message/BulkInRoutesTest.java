/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dynastore.camel.DynaStoreConstants;
import io.dynastore.camel.RouteContract;
import io.dynastore.store.BulkOutcomes;
import io.dynastore.store.BulkStoppedException;
import io.dynastore.store.InvalidInputException;
import io.dynastore.store.Item;
import io.dynastore.store.Key;
import io.dynastore.store.KeyExistsException;
import io.dynastore.store.VersionConflictException;
import io.dynastore.store.Write;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.apache.camel.console.DevConsole;
import org.apache.camel.console.DevConsole.MediaType;
import org.apache.camel.console.DevConsoleRegistry;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.util.json.JsonObject;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** putAll, createAll and deleteAll in routes. */
class BulkInRoutesTest extends RouteContract {

    private static final String PUT = "operation=putAll&partitionKey=customer";
    private static final String CREATE = "operation=createAll&partitionKey=customer";
    private static final String DELETE = "operation=deleteAll&partitionKey=customer";

    @Override
    protected void configure(DefaultCamelContext fresh) throws Exception {
        super.configure(fresh);
        fresh.setDevConsole(true);
    }

    private BulkOutcomes outcomes(Exchange exchange) {
        return Objects.requireNonNull(exchange.getMessage().getHeader(DynaStoreConstants.OUTCOMES, BulkOutcomes.class));
    }

    private static Map<String, Object> entry(int number) {
        return Map.of("sortKey", "k" + number, "value", "v" + number, "fields", Map.of("number", number));
    }

    @Test
    void bodyMayBeAnythingThatCanBeIteratedOver() throws Exception {
        AtomicBoolean closed = new AtomicBoolean();
        List<Object> bodies = List.of(
                List.of(entry(1), entry(2)),
                List.of(entry(1), entry(2)).iterator(),
                (Iterable<Object>) () -> List.<Object>of(entry(1), entry(2)).iterator(),
                Stream.of(entry(1), entry(2)).onClose(() -> closed.set(true)),
                new Object[] {entry(1), entry(2)},
                new ObjectMapper().valueToTree(List.of(entry(1), entry(2))));

        for (Object body : bodies) {
            Exchange exchange = through(body, Map.of(), store(PUT));

            assertThat(outcomes(exchange)).isEqualTo(new BulkOutcomes(2, 2, List.of(), true));
            assertThat(done(exchange).getHeader(DynaStoreConstants.CONSUMED_CAPACITY, Double.class))
                    .isPositive();
        }
        assertThat(closed).isTrue();
        assertThat(stored("customer", "k2"))
                .containsEntry("payload", text("v2"))
                .containsEntry("number", number(2))
                .containsEntry("version", number(bodies.size()));
    }

    @Test
    void jsonTextMayBeAnArrayOfEntries() throws Exception {
        String json = "[{\"sortKey\":\"a\",\"value\":{\"n\":1},\"ttl\":\"1h\"},{\"sortKey\":\"b\",\"value\":null}]";

        Exchange exchange = through(json, Map.of(), store(CREATE + "&payloadFormat=json"));

        assertThat(done(exchange).getBody()).isEqualTo(json);
        assertThat(outcomes(exchange).written()).isEqualTo(2);
        assertThat(stored("customer", "a")).containsKey("expires");
        assertThat(stored("customer", "b")).doesNotContainKey("expires");
    }

    @Test
    void eachEntryHasItsOutcomeAndTheExchangeGoesOn() throws Exception {
        given("customer", "k2", "old");

        Exchange exchange = through(
                Arrays.asList(
                        entry(1), entry(2), Map.of("sortKey", "x"), null, Write.create(Key.of("customer", "k3"), "v")),
                Map.of(),
                store(CREATE));

        done(exchange);
        assertThat(outcomes(exchange).written()).isEqualTo(2);
        assertThat(outcomes(exchange).failures())
                .satisfiesExactly(
                        exists -> {
                            assertThat(exists.index()).isEqualTo(1);
                            assertThat(exists.key()).isEqualTo(Key.of("customer", "k2"));
                            assertThat(exists.error()).isInstanceOf(KeyExistsException.class);
                        },
                        withoutValue -> assertThat(withoutValue.error())
                                .isInstanceOf(InvalidInputException.class)
                                .hasMessageContainingAll(table, "without value"),
                        nothing -> assertThat(nothing.error())
                                .isInstanceOf(InvalidInputException.class)
                                .hasMessageContainingAll(table, "entry 3"));
    }

    @Test
    void itemsOfAStreamedListAreDeletedAtTheirVersions() throws Exception {
        for (int i = 10; i < 40; i++) {
            given("customer", "k" + i, "v");
        }
        String list = store("operation=list&partitionKey=customer&stream=true&fields=none");
        String start = route((builder, from) -> from.to(list)
                .process(exchange -> {
                    Iterator<?> items = exchange.getMessage().getBody(Iterator.class);
                    List<Object> read = new ArrayList<>();
                    items.forEachRemaining(read::add);
                    dynamo.rawPut(table, item("customer", "k11", "changed", 2));
                    exchange.getMessage().setBody(read.iterator());
                })
                .to(store(DELETE)));

        Exchange exchange = send(start, null, Map.of());

        assertThat(outcomes(exchange).written()).isEqualTo(29);
        assertThat(outcomes(exchange).failures()).singleElement().satisfies(failure -> assertThat(failure.error())
                .isInstanceOf(VersionConflictException.class));
        assertThat(stored()).hasSize(1);
    }

    @Test
    void streamedListIsWrittenElsewhereWithoutCollectingIt() throws Exception {
        dynamo.rawPut(table, with(item("customer", "k1", "v1", 5), "status", "open"));
        given("customer", "k2", "v2");

        Exchange exchange = through(
                null,
                Map.of(),
                store("operation=list&partitionKey=customer&stream=true"),
                store("operation=createAll"));

        // Both exist already: each Item names its own key.
        assertThat(outcomes(exchange).failures()).hasSize(2).allSatisfy(failure -> assertThat(failure.error())
                .isInstanceOf(KeyExistsException.class));
    }

    private static Map<String, AttributeValue> with(Map<String, AttributeValue> item, String name, String value) {
        Map<String, AttributeValue> more = new HashMap<>(item);
        more.put(name, text(value));
        return more;
    }

    @Test
    void itemIsWrittenWithItsFields() throws Exception {
        Item item = new Item(Key.of("customer", "k1"), "v", 7, null, Map.of("status", "open"));

        through(List.of(item), Map.of(), store("operation=putAll"));

        assertThat(stored("customer", "k1")).isEqualTo(with(item("customer", "k1", "v", 1), "status", "open"));
    }

    @Test
    void keysAreDeletedAtTheVersionThatTheExchangeHasSeen() throws Exception {
        given("customer", "k1", "v");
        given("customer", "k2", "v");
        given("customer", "k3", "v");
        String start = route((builder, from) -> from.to(store("operation=get&partitionKey=customer&sortKey=k1"))
                .process(exchange -> {
                    dynamo.rawPut(table, item("customer", "k1", "changed", 2));
                    exchange.getMessage().setBody(List.of("k1", Key.of("customer", "k2")));
                })
                .to(store(DELETE)));

        BulkOutcomes outcomes = outcomes(send(start, null, Map.of()));

        assertThat(outcomes.written()).isEqualTo(1);
        assertThat(outcomes.failures()).singleElement().satisfies(failure -> assertThat(failure.error())
                .isInstanceOf(VersionConflictException.class));
        assertThat(stored()).hasSize(2);
    }

    @Test
    void whatTheExchangeHasSeenOfAnItemIsForgottenOnceABulkWriteHasChangedIt() throws Exception {
        given("customer", "k1", "old");
        given("customer", "k2", "old");
        String start = route((builder, from) -> from.to(store("operation=list&partitionKey=customer"))
                .setBody(exchange -> List.of(entry(1)))
                .to(store(PUT))
                .setBody(exchange -> "mine")
                .to(store("operation=update&partitionKey=customer&sortKey=k1")));

        done(send(start, null, Map.of()));

        assertThat(stored("customer", "k1"))
                .containsEntry("payload", text("mine"))
                .containsEntry("version", number(3));
    }

    @Test
    void whatABulkOperationHasNotChangedStaysSeen() throws Exception {
        given("customer", "k1", "old");
        given("customer", "k2", "old");
        for (String key : List.of("k1", "k2")) {
            String start = route((builder, from) -> from.to(store("operation=list&partitionKey=customer"))
                    .process(exchange -> {
                        dynamo.rawPut(table, item("customer", key, "theirs", 2));
                        exchange.getMessage().setBody(List.of(entry(1)));
                    })
                    .to(store(CREATE))
                    .setBody(exchange -> "mine")
                    .to(store("operation=update&partitionKey=customer&sortKey=" + key)));

            failure(send(start, null, Map.of()), VersionConflictException.class);
        }
    }

    @Test
    void bulkOperationThatEndsEarlyForgetsWhatItHasChanged() throws Exception {
        given("customer", "k1", "old");
        String start = route((builder, from) -> from.to(store("operation=get&partitionKey=customer&sortKey=k1"))
                .setBody(exchange -> List.of(entry(1), Map.of("sortKey", "x"), entry(3)))
                .doTry()
                .to(store(PUT + "&maxFailures=1&concurrentWrites=1"))
                .doCatch(BulkStoppedException.class)
                .setBody(exchange -> "mine")
                .to(store("operation=update&partitionKey=customer&sortKey=k1"))
                .end());

        done(send(start, null, Map.of()));

        assertThat(stored("customer", "k1")).containsEntry("version", number(3));
    }

    @Test
    void uriKeepsThePartition() throws Exception {
        Exchange exchange =
                through(List.of(Map.of("partitionKey", "secrets", "sortKey", "1", "value", "v")), Map.of(), store(PUT));

        assertThat(outcomes(exchange).failures()).singleElement().satisfies(failure -> assertThat(failure.error())
                .isInstanceOf(InvalidInputException.class));
        assertThat(stored()).isEmpty();
    }

    @Test
    void exchangeThatEndsEarlyFailsAndHasTheOutcomes() throws Exception {
        given("customer", "k1", "old");
        given("customer", "k2", "old");

        Exchange exchange = through(
                IntStream.range(1, 10).mapToObj(BulkInRoutesTest::entry).iterator(),
                Map.of(DynaStoreConstants.MAX_FAILURES, 2, DynaStoreConstants.CONCURRENT_WRITES, "1"),
                store(CREATE));

        assertThat(failure(exchange, BulkStoppedException.class)).hasCauseInstanceOf(KeyExistsException.class);
        assertThat(outcomes(exchange).taken()).isEqualTo(2);
        assertThat(outcomes(exchange).complete()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"concurrentWrites=0", "maxFailures=0"})
    void numberOutOfBoundsIsAnErrorAtStart(String option) {
        assertThatThrownBy(() -> route((builder, from) -> from.to(store(PUT + "&" + option))))
                .rootCause()
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContainingAll(table, option.substring(0, option.indexOf('=')), "1 or more");
    }

    @Test
    void bodyWithoutEntriesIsRejected() throws Exception {
        for (Object body : new @Nullable Object[] {null, "text", 5}) {
            assertThat(refusal(through(body, Map.of(), store(PUT)), InvalidInputException.class))
                    .hasMessageContainingAll(table, "putAll", "Iterator");
        }
        assertThat(outcomes(through(List.of(), Map.of(), store(PUT))).taken()).isZero();
    }

    @Test
    void entriesAreReadOnThreadsOfRoutesWhileTheConsoleShowsTheProgress() throws Exception {
        AtomicReference<String> shown = new AtomicReference<>();
        List<String> threads = new ArrayList<>();
        Iterator<Object> entries = IntStream.range(0, 40)
                .mapToObj(number -> {
                    threads.add(Thread.currentThread().getName());
                    if (number == 39) {
                        shown.set(console());
                    }
                    return (Object) entry(number);
                })
                .iterator();

        through(entries, Map.of(), store(PUT + "&concurrentWrites=4"));

        assertThat(threads).hasSize(40).noneMatch(name -> name.contains("EventLoop") || name.contains("sdk-async"));
        JsonNode running = new ObjectMapper().readTree(shown.get()).at("/tables/0/running/0");
        assertThat(running.path("operation").asText()).isEqualTo("putAll");
        assertThat(running.path("taken").asInt()).isEqualTo(39);
        assertThat(running.path("written").asInt() + running.path("inFlight").asInt())
                .isEqualTo(39);
        assertThat(running.path("limit").asInt()).isEqualTo(4);
        assertThat(new ObjectMapper().readTree(console()).at("/tables/0").has("running"))
                .isFalse();
    }

    private String console() {
        DevConsoleRegistry registry = Objects.requireNonNull(DevConsoleRegistry.get(context));
        DevConsole console = Objects.requireNonNull(registry.resolveById("dynastore"));
        return ((JsonObject) console.call(MediaType.JSON, Map.of())).toJson();
    }
}
