/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.consumer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static software.amazon.awssdk.services.dynamodb.model.ProjectionType.ALL;
import static software.amazon.awssdk.services.dynamodb.model.ProjectionType.KEYS_ONLY;
import static software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType.N;
import static software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType.S;

import io.dynastore.store.InvalidInputException;
import io.dynastore.test.TableSpec;
import io.dynastore.test.TableSpec.KeySpec;
import io.dynastore.testkit.RecordedRequest;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Consuming in the order of an index. */
class ConsumerIndexTest extends ConsumerContract {

    private static final String GLOBAL =
            "index=by-state&indexPartitionKeyName=state&indexSortKeyName=at&indexSortKeyType=number&partitionKeys=open";
    private static final String LOCAL =
            "index=by-at&indexSortKeyName=at&indexSortKeyType=number&partitionKeys=customer";
    private static final String KEYS = GLOBAL.replace("by-state", "keys-only");

    @Override
    public TableSpec tableSpec() {
        return WITH_SORT_KEY
                .localIndex("by-at", "at", N, ALL)
                .globalIndex("by-state", new KeySpec("state", S), new KeySpec("at", N), ALL)
                .globalIndex("keys-only", new KeySpec("state", S), new KeySpec("at", N), KEYS_ONLY);
    }

    private void givenAt(int number, long at) {
        Map<String, AttributeValue> item = new HashMap<>(item("customer", sortKey(number), "v" + number, 1));
        item.put("state", text("open"));
        item.put("at", number(at));
        dynamo.rawPut(table, item);
    }

    private List<Boolean> consistent(String operation) {
        return HTTP.requests().stream()
                .filter(request -> request.operation().equals(operation))
                .map(RecordedRequest::request)
                .map(request -> request.path("ConsistentRead").asBoolean())
                .distinct()
                .toList();
    }

    @ParameterizedTest
    @ValueSource(strings = {GLOBAL, LOCAL})
    void skipsNoneOfTheItemsThatShareASortKey(String index) throws Exception {
        IntStream.rangeClosed(1, 11).forEach(number -> givenAt(number, 5));

        consume(index + "&resume=table&pageSize=2&maxMessagesPerPoll=3");
        awaitDelivered(5);
        context.getRouteController().stopRoute(ROUTE);
        context.getRouteController().startRoute(ROUTE);
        awaitDelivered(11);
        awaitPolls(1);

        assertThat(delivered).containsExactlyInAnyOrderElementsOf(names("customer", 1, 11));
    }

    @ParameterizedTest
    @CsvSource({
        "reverse=true, 4 3 2 1",
        "sortKeyFrom=2&sortKeyTo=3, 2 3",
        "sortKeyFrom=3, 3 4",
        "sortKeyTo=2&reverse=true, 2 1"
    })
    void readsTheRangeAndTheDirectionOfItsOptions(String options, String expected) throws Exception {
        IntStream.rangeClosed(1, 4).forEach(number -> givenAt(number, number));

        consume(LOCAL + "&resume=memory&pageSize=1&" + options);
        List<String> names = List.of(expected.split(" ")).stream()
                .map(number -> "customer/" + sortKey(Integer.parseInt(number)))
                .toList();
        awaitDelivered(names.size());
        awaitPolls(2);

        assertThat(delivered).containsExactlyElementsOf(names);
    }

    @Test
    void readsAPrefixOfTheTable() throws Exception {
        givenItems("customer", 8, 12);

        consume("partitionKeys=customer&resume=memory&sortKeyPrefix=1");
        awaitDelivered(3);
        awaitPolls(1);

        assertThat(delivered).containsExactlyElementsOf(names("customer", 10, 12));
    }

    @Test
    void fetchesWholeItemsBehindAnIndexOfKeysAndDeletesThem() throws Exception {
        IntStream.rangeClosed(1, 5).forEach(number -> givenAt(number, 10 - number));

        consume(KEYS + "&fetch=true&onSuccess=delete&resume=memory&pageSize=2");

        await().untilAsserted(() -> assertThat(stored()).isEmpty());
        assertThat(delivered)
                .containsExactly("customer/05", "customer/04", "customer/03", "customer/02", "customer/01");
    }

    @Test
    void deletesThroughAnIndexThatHoldsTheVersion() throws Exception {
        IntStream.rangeClosed(1, 3).forEach(number -> givenAt(number, 1));

        consume(GLOBAL + "&onSuccess=delete");

        await().untilAsserted(() -> assertThat(stored()).isEmpty());
        assertThat(new HashSet<>(delivered)).hasSize(3);
    }

    @Test
    void rejectsDeletesThroughAnIndexThatLacksTheVersion() {
        assertThatThrownBy(() -> consume(KEYS + "&onSuccess=delete"))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContainingAll(table, "keys-only", "version", "fetch=true");
    }

    @Test
    void rejectsResumingIfTheSortKeyIsNotDeclared() {
        assertThatThrownBy(() -> consume("index=by-state&indexPartitionKeyName=state&partitionKeys=open&resume=memory"))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContainingAll(table, "by-state", "indexSortKeyName");
    }

    @Test
    void beginsAgainThroughAnIndexWithoutDeclaredSortKey() throws Exception {
        IntStream.rangeClosed(1, 3).forEach(number -> givenAt(number, number));

        consume("index=by-state&indexPartitionKeyName=state&partitionKeys=open&pageSize=2&maxMessagesPerPoll=2");

        awaitDelivered(6);
        assertThat(delivered.subList(0, 6))
                .containsExactly(
                        "customer/01", "customer/02", "customer/03", "customer/01", "customer/02", "customer/03");
    }

    @ParameterizedTest
    @CsvSource({
        "partitionKeys=customer&resume=memory, true",
        "partitionKeys=customer, false",
        "partitionKeys=customer&consistentRead=true, true",
        LOCAL + "&resume=memory, true",
        GLOBAL + "&resume=memory, false"
    })
    void readsConsistentlyIfItResumesAndDynamoDbAllowsIt(String options, boolean consistent) throws Exception {
        givenAt(1, 1);

        consume(options);
        awaitDelivered(1);

        assertThat(consistent("Query")).containsExactly(consistent);
    }

    @Test
    void scansWithoutConsistency() throws Exception {
        givenAt(1, 1);

        consume("segments=1");
        awaitDelivered(1);

        assertThat(consistent("Scan")).containsExactly(false);
    }
}
