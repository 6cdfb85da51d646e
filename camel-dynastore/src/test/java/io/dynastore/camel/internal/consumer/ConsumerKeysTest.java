/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.consumer;

import static org.assertj.core.api.Assertions.assertThat;
import static software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType.B;
import static software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType.N;
import static software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType.S;

import io.dynastore.store.InvalidInputException;
import io.dynastore.test.TableSpec;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Tables whose keys are not text, and tables without sort key. */
class ConsumerKeysTest extends ConsumerContract {

    private final List<Object> bodies = new CopyOnWriteArrayList<>();

    private void start(String uri) throws Exception {
        RouteBuilder.addRoutes(context, builder -> builder.from(uri + QUICK)
                .routeId(ROUTE)
                .process(exchange -> bodies.add(exchange.getMessage().getBody())));
    }

    private static AttributeValue bytes(int... values) {
        byte[] bytes = new byte[values.length];
        IntStream.range(0, values.length).forEach(at -> bytes[at] = (byte) values[at]);
        return AttributeValue.fromB(SdkBytes.fromByteArray(bytes));
    }

    private static Map<String, AttributeValue> item(
            AttributeValue partitionKey, AttributeValue sortKey, String payload) {
        return Map.of("id", partitionKey, "name", sortKey, "payload", text(payload), "version", number(1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "&resume=memory", "&resume=table&resumeId=mine"})
    void readsNumbersInTheirOrder(String resume) throws Exception {
        String numbers = dynamo.table("numbers", TableSpec.partitionKey("id", N).sortKey("name", N));
        for (int number : new int[] {10, 9, -1, 100}) {
            dynamo.rawPut(numbers, item(number(7), number(number), "n" + number));
        }

        start("dynastore:" + numbers + "?partitionKeys=7.0&partitionKeyType=number&sortKeyType=number&onSuccess=delete"
                + "&pageSize=2&stateTable=" + table + resume);

        await().untilAsserted(() -> assertThat(dynamo.rawScan(numbers)).isEmpty());
        assertThat(bodies).containsExactly("n-1", "n9", "n10", "n100");
        if (resume.contains("table")) {
            await().untilAsserted(() -> assertThat(dynamo.rawGet(table, key("_ds/position/mine", "7")))
                    .isNotEmpty());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "&resume=memory", "&resume=table&resumeId=mine"})
    void readsBytes(String resume) throws Exception {
        String binary = dynamo.table("bytes", TableSpec.partitionKey("id", B).sortKey("name", B));
        for (int number : new int[] {200, 3, 100}) {
            dynamo.rawPut(binary, item(bytes(0, 255), bytes(number), "b" + number));
        }
        context.getRegistry().bind("keys", (Supplier<List<byte[]>>) () -> List.of(new byte[] {0, (byte) 255}));

        start("dynastore:" + binary + "?partitionKeys=#keys&partitionKeyType=binary&sortKeyType=binary&onSuccess=delete"
                + "&pageSize=1&stateTable=" + table + resume);

        await().untilAsserted(() -> assertThat(dynamo.rawScan(binary)).isEmpty());
        assertThat(bodies).containsExactly("b3", "b100", "b200");
    }

    @ParameterizedTest
    @ValueSource(strings = {"segments=2", "partitionKeys=one,two", "partitionKeys=one,two&resume=table&resumeId=mine"})
    void readsATableWithoutSortKey(String options) throws Exception {
        String plain = dynamo.table("plain", TableSpec.partitionKey("id", S));
        for (String id : List.of("one", "two")) {
            dynamo.rawPut(plain, Map.of("id", text(id), "payload", text(id), "version", number(1)));
        }

        start("dynastore:" + plain + "?sortKeyName=none&onSuccess=delete&" + options);

        await().untilAsserted(() -> assertThat(dynamo.rawScan(plain))
                .allSatisfy(item ->
                        assertThat(Objects.requireNonNull(item.get("id")).s()).startsWith("_ds/position/mine/")));
        assertThat(bodies).containsExactlyInAnyOrder("one", "two");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void keepsPositionsOfTheLongestPartitionKeys(boolean sorted) throws Exception {
        String longest = "p".repeat(2048);
        String state = dynamo.freshName("state");
        given(longest, "01", "first");
        String options = "dynastore:" + table + "?partitionKeys=" + longest + "&resume=table&resumeId=mine&stateTable="
                + (sorted ? state + "&autoCreateTable=true" : table);

        start(options);
        await().untilAsserted(() -> assertThat(bodies).containsExactly("first"));
        awaitPolls(1);
        context.getRouteController().stopRoute(ROUTE);
        given(longest, "02", "second");
        context.getRouteController().startRoute(ROUTE);

        await().untilAsserted(() -> assertThat(bodies).containsExactly("first", "second"));
        assertThat(dynamo.rawScan(sorted ? state : table))
                .anySatisfy(item ->
                        assertThat(Objects.requireNonNull(item.get("name")).s()).startsWith("sha256/"));
    }

    @Test
    void reportsInvalidPartitionsOfABean() throws Exception {
        List<String> reported = new CopyOnWriteArrayList<>();
        context.getRegistry().bind("keys", (Supplier<List<String>>) () -> Arrays.asList("customer", null));
        RouteBuilder.addRoutes(context, builder -> {
            builder.onException(InvalidInputException.class)
                    .handled(true)
                    .process(exchange -> reported.add(exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Exception.class)
                            .getMessage()));
            builder.from(store("partitionKeys=#keys&bridgeErrorHandler=true") + QUICK)
                    .routeId(ROUTE)
                    .log("never");
        });

        await().until(() -> !reported.isEmpty());
        assertThat(reported.get(0)).contains("Table " + table, "partitionKeys", "null");
    }
}
