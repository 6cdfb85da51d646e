/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.consumer;

import static org.assertj.core.api.Assertions.assertThat;
import static software.amazon.awssdk.services.dynamodb.model.ProjectionType.ALL;
import static software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType.N;
import static software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType.S;

import io.dynastore.test.TableSpec;
import io.dynastore.test.TableSpec.KeySpec;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Items that are inserted while a consumer resumes behind its position. */
class ConsumerInsertionTest extends ConsumerContract {

    @Override
    public TableSpec tableSpec() {
        return WITH_SORT_KEY.globalIndex("by-state", new KeySpec("state", S), new KeySpec("at", N), ALL);
    }

    private void givenOpen(int number) {
        Map<String, AttributeValue> item = new HashMap<>(item("customer", sortKey(number), "v" + number, 1));
        item.put("state", text("open"));
        item.put("at", number(5));
        dynamo.rawPut(table, item);
    }

    /** Names of all items in the order of the index. */
    private List<String> order() {
        List<String> names = new ArrayList<>();
        dynamo.client()
                .queryPaginator(query -> query.tableName(table)
                        .indexName("by-state")
                        .keyConditionExpression("#s = :s")
                        .expressionAttributeNames(Map.of("#s", "state"))
                        .expressionAttributeValues(Map.of(":s", text("open"))))
                .items()
                .subscribe(item -> names.add(
                        "customer/" + Objects.requireNonNull(item.get("name")).s()))
                .join();
        return names;
    }

    @ParameterizedTest
    @ValueSource(strings = {"memory", "table"})
    void itemWithASmallerSortKeyThanThePositionIsNotDelivered(String resume) throws Exception {
        givenItems("customer", 5, 6);
        consume("partitionKeys=customer&resume=" + resume);
        awaitDelivered(2);
        awaitPolls(1);

        givenItems("customer", 4, 4);
        givenItems("customer", 7, 7);
        awaitDelivered(3);

        assertThat(delivered).containsExactly("customer/05", "customer/06", "customer/07");
    }

    @ParameterizedTest
    @ValueSource(strings = {"memory", "table"})
    void itemWithAGreaterSortKeyIsDeliveredInItsPlace(String resume) throws Exception {
        givenItems("customer", 1, 2);
        givenItems("customer", 8, 8);
        Gate gate = new Gate("customer/02");
        consume(
                "partitionKeys=customer&pageSize=1&maxMessagesPerPoll=2&resume=" + resume,
                (builder, from) -> from.process(gate));

        gate.awaitReached();
        givenItems("customer", 5, 5);
        gate.open();
        awaitDelivered(4);

        assertThat(delivered).containsExactly("customer/01", "customer/02", "customer/05", "customer/08");
    }

    @Test
    void itemWithASmallerSortKeyIsDeliveredByTheNextCycleWithoutResume() throws Exception {
        givenItems("customer", 5, 6);
        consume("partitionKeys=customer&onSuccess=delete");
        await().untilAsserted(() -> assertThat(stored()).isEmpty());

        givenItems("customer", 4, 4);
        awaitDelivered(3);

        assertThat(delivered).containsExactly("customer/05", "customer/06", "customer/04");
    }

    /** Items with the same sort key of the index are in an order of DynamoDB's own. */
    @Test
    void itemWithTheIndexSortKeyOfThePositionIsDeliveredIfTheIndexHasItBehind() throws Exception {
        IntStream.rangeClosed(10, 19).forEach(this::givenOpen);
        List<String> before = order();
        Gate gate = new Gate(before.get(4));
        consume(
                "index=by-state&indexPartitionKeyName=state&indexSortKeyName=at&indexSortKeyType=number"
                        + "&partitionKeys=open&resume=memory&pageSize=1&maxMessagesPerPoll=5",
                (builder, from) -> from.process(gate));

        gate.awaitReached();
        IntStream.rangeClosed(20, 39).forEach(this::givenOpen);
        List<String> after = order();
        gate.open();
        int position = after.indexOf(before.get(4));
        List<String> expected = new ArrayList<>(before.subList(0, 5));
        expected.addAll(after.subList(position + 1, after.size()));
        awaitDelivered(expected.size());
        awaitPolls(2);

        assertThat(delivered).containsExactlyElementsOf(expected).containsAll(before);
    }

    @Test
    void replacementOfAnItemDeletedAtThePositionIsNotDelivered() throws Exception {
        givenItems("customer", 1, 2);
        consume("partitionKeys=customer&resume=memory&onSuccess=delete");
        await().untilAsserted(() -> assertThat(stored()).isEmpty());
        awaitPolls(1);

        givenItems("customer", 2, 3);
        awaitDelivered(3);

        assertThat(delivered).containsExactlyElementsOf(names("customer", 1, 3));
        assertThat(stored("customer", "02")).isNotEmpty();
    }
}
