/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.consumer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromB;
import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromM;

import io.dynastore.camel.DynaStoreConstants;
import io.dynastore.store.Item;
import io.dynastore.store.Key;
import io.dynastore.store.UnreadableItemException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.camel.ConsumerTemplate;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.spi.ExceptionHandler;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** A partition 01, 02, 03 of which 02 can't be read: the failure is that item's alone. */
class UnreadableItemsTest extends ConsumerContract {

    private static final String SECRET = "payload-of-the-item";

    private final List<String> handled = new CopyOnWriteArrayList<>();

    /** A class that payloads are read as. */
    public record Ticket(int number) {}

    private String given(String how) {
        givenItems("customer", 3);
        Map<String, AttributeValue> bad = new HashMap<>(item("customer", "02", SECRET, 4));
        switch (how) {
            case "payload" -> bad.put("payload", fromM(Map.of("number", text(SECRET))));
            case "bytes" -> bad.put("payload", fromB(SdkBytes.fromByteArray(new byte[] {'x', (byte) 0xff})));
            default -> bad.put("version", text("four"));
        }
        dynamo.rawPut(table, bad);
        if ("payload".equals(how)) {
            List.of("01", "03").forEach(name -> {
                Map<String, AttributeValue> good = new HashMap<>(item("customer", name, "", 1));
                good.put("payload", fromM(Map.of("number", number(7))));
                dynamo.rawPut(table, good);
            });
        }
        return switch (how) {
            case "payload" -> "&payloadType=" + Ticket.class.getName();
            case "bytes" -> "&payloadFormat=text";
            default -> "";
        };
    }

    private void recording(Exchange exchange) {
        handled.add(name(exchange) + " " + exchange.getMessage().getBody() + " "
                + exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Exception.class)
                        .getClass()
                        .getSimpleName());
    }

    private ExceptionHandler handler() {
        return new ExceptionHandler() {
            @Override
            public void handleException(@Nullable Throwable exception) {
                handleException(null, null, exception);
            }

            @Override
            public void handleException(@Nullable String message, @Nullable Throwable exception) {
                handleException(message, null, exception);
            }

            @Override
            public void handleException(
                    @Nullable String message, @Nullable Exchange exchange, @Nullable Throwable exception) {
                handled.add(message + " " + exception + " " + (exchange == null ? "" : name(exchange)));
                throw new AssertionError("an exception handler that fails itself");
            }
        };
    }

    @ParameterizedTest
    @ValueSource(strings = {"payload", "bytes", "version"})
    void othersAreDeliveredAndTheExceptionHandlerLearnsOfIt(String how) throws Exception {
        context.getRegistry().bind("handler", handler());
        consume("partitionKeys=customer&onSuccess=delete&exceptionHandler=#handler" + given(how));

        await().untilAsserted(() -> assertThat(stored()).hasSize(1));
        awaitPolls(2);
        context.getRouteController().suspendRoute(ROUTE);

        assertThat(delivered).containsExactly("customer/01", "customer/03");
        assertThat(handled).hasSizeGreaterThan(2).allSatisfy(report -> assertThat(report)
                .contains(table, "customer, 02", "customer/02", "UnreadableItemException")
                .doesNotContain(SECRET));
        await().untilAsserted(() -> assertThat(consumer().getFailedItems()).isEqualTo(handled.size()));
        assertThat(consumer().getDeliveredItems()).isEqualTo(2);
        assertThat(stored("customer", "02")).isNotEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"payload", "bytes"})
    void bridgedErrorHandlerPutsItAsideAsAnExchangeWithItsKey(String how) throws Exception {
        String options = given(how);
        RouteBuilder.addRoutes(
                context, builder -> builder.from(store("partitionKeys=customer&onSuccess=delete&resume=memory"
                                + "&bridgeErrorHandler=true" + QUICK + options))
                        .onException(UnreadableItemException.class)
                        .handled(true)
                        .process(this::recording)
                        .end()
                        .routeId(ROUTE)
                        .process(exchange -> delivered.add(name(exchange))));

        await().untilAsserted(() -> assertThat(stored()).isEmpty());

        assertThat(delivered).containsExactly("customer/01", "customer/03");
        assertThat(handled).containsExactly("customer/02 null UnreadableItemException");
        assertThat(consumer().getFailedItems()).isZero();
    }

    @Test
    void staysIfTheDeadLetterRouteRunsNoStep() throws Exception {
        String options = given("payload");
        RouteBuilder.addRoutes(context, builder -> {
            builder.from("direct:dead").process(this::recording);
            builder.from(store("partitionKeys=customer&onSuccess=delete&bridgeErrorHandler=true" + QUICK + options))
                    .errorHandler(builder.deadLetterChannel("direct:dead"))
                    .routeId(ROUTE)
                    .process(exchange -> delivered.add(name(exchange)));
        });

        await().until(() -> consumer().getFailedItems() > 1);
        assertThat(handled).isEmpty();
        assertThat(stored("customer", "02")).isNotEmpty();
    }

    @Test
    void bridgedDeadLetterChannelPutsItAside() throws Exception {
        String options = given("payload");
        RouteBuilder.addRoutes(context, builder -> {
            // An error handler of this route would take the bridged exchange for exhausted.
            builder.from("direct:dead").errorHandler(builder.noErrorHandler()).process(this::recording);
            builder.from(store("partitionKeys=customer&onSuccess=delete&bridgeErrorHandler=true" + QUICK + options))
                    .errorHandler(builder.deadLetterChannel("direct:dead"))
                    .process(exchange -> delivered.add(name(exchange)));
        });

        await().untilAsserted(() -> assertThat(stored()).isEmpty());
        assertThat(delivered).containsExactly("customer/01", "customer/03");
        assertThat(handled).containsExactly("customer/02 null UnreadableItemException");
    }

    @Test
    void bridgedErrorHandlerThatHandlesNothingLeavesItToTheNextPoll() throws Exception {
        String options = given("bytes");
        consume("partitionKeys=customer&bridgeErrorHandler=true&onSuccess=delete" + options);

        await().untilAsserted(() -> assertThat(stored()).hasSize(1));
        await().until(() -> consumer().getFailedItems() > 2);
        assertThat(delivered).containsExactly("customer/01", "customer/03");
    }

    @Test
    void isNotDeletedIfItsVersionIsUnknown() throws Exception {
        given("version");
        RouteBuilder.addRoutes(context, builder -> builder.from(
                        store("partitionKeys=customer&onSuccess=delete&bridgeErrorHandler=true" + QUICK))
                .onException(UnreadableItemException.class)
                .handled(true)
                .process(this::recording)
                .end()
                .routeId(ROUTE)
                .process(exchange -> delivered.add(name(exchange))));

        await().until(() -> handled.size() > 1);
        assertThat(stored("customer", "02")).isNotEmpty();
        assertThat(delivered).containsExactly("customer/01", "customer/03");
        await().until(() -> consumer().getFailedItems() > 0);
    }

    @Test
    void laterItemsWaitBehindItIfTheConsumerResumes() throws Exception {
        String options = given("bytes");
        consume("partitionKeys=customer&resume=memory" + options);

        await().until(() -> consumer().getFailedItems() > 1);
        assertThat(delivered).containsExactly("customer/01");

        given("customer", "02", "correct");
        awaitDelivered(3);
        assertThat(delivered).containsExactlyElementsOf(names("customer", 1, 3));
    }

    @Test
    void wholeTableIsConsumedButForIt() throws Exception {
        givenItems("order", 20);
        consume("segments=2&onSuccess=delete&bridgeErrorHandler=true" + given("bytes"));

        await().untilAsserted(() -> assertThat(stored()).hasSize(1));
        assertThat(delivered).hasSize(22).doesNotContain("customer/02");
    }

    @Test
    void pollEnrichFailsForItAloneAndTheErrorHandlerPutsItAside() throws Exception {
        String uri = store("partitionKeys=customer&onSuccess=delete&resume=memory" + given("bytes"));
        String in = route((builder, from) -> from.onException(UnreadableItemException.class)
                .handled(true)
                .process(this::recording)
                .end()
                // Waits until the item before is settled, which is later than its deletion.
                .pollEnrich(uri, 20_000)
                .process(exchange -> delivered.add(name(exchange))));

        for (int left = 3; left > 0; left--) {
            int now = left;
            done(send(in, null, Map.of()));
            await().untilAsserted(() -> assertThat(stored()).hasSize(now - 1));
        }

        assertThat(delivered).containsExactly("customer/01", "customer/03");
        assertThat(handled).containsExactly("customer/02 null UnreadableItemException");
    }

    @Test
    void consumerTemplateGetsAFailedExchangeWithItsKey() throws Exception {
        String uri = store("partitionKeys=customer" + given("bytes"));
        try (ConsumerTemplate items = context.createConsumerTemplate()) {
            assertThat(items.receiveBodyNoWait(uri)).isEqualTo("v1");
            Exchange bad = items.receiveNoWait(uri);

            assertThat(bad.getException()).isInstanceOf(UnreadableItemException.class);
            assertThat(name(bad)).isEqualTo("customer/02");
            assertThat(bad.getMessage().getHeader(DynaStoreConstants.VERSION)).isEqualTo(4L);
            items.doneUoW(bad);
            assertThat(items.receiveBodyNoWait(uri)).isEqualTo("v3");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"payload", "bytes", "version"})
    void everyReadOfTheProducerNamesItsKey(String how) throws Exception {
        String options = "&partitionKey=customer" + given(how);
        Map<String, Object> keys = Map.of(DynaStoreConstants.KEYS, List.of("01", "02"));
        for (Exchange exchange : List.of(
                through(null, Map.of(), store("operation=list" + options)),
                through(null, Map.of(), store("operation=list&stream=true" + options)),
                through(null, Map.of(), store("operation=get&sortKey=02" + options)),
                through(null, keys, store("operation=batchGet" + options)))) {
            UnreadableItemException error = failure(exchange, UnreadableItemException.class);
            assertThat(error).hasMessageContainingAll(table, "customer, 02").hasMessageNotContaining(SECRET);
            assertThat(error.key()).isEqualTo(Key.of("customer", "02"));
        }
    }

    @Test
    void streamEndsAtItWithItsKey() throws Exception {
        givenItems("customer", 3);
        dynamo.rawPut(table, item("customer", "02", "x", 1));
        String options = given("bytes");
        Exchange exchange = send(
                route((builder, from) -> from.to(
                                store("operation=list&stream=true&limit=3&partitionKey=customer" + options))
                        .split(builder.body())
                        .streaming()
                        .process(one -> delivered.add(
                                one.getMessage().getBody(Item.class).key().toString()))),
                null,
                Map.of());

        assertThat(exchange.getException()).isInstanceOf(UnreadableItemException.class);
        assertThatThrownBy(() -> {
                    throw exchange.getException();
                })
                .hasMessageContaining("customer, 02");
    }
}
