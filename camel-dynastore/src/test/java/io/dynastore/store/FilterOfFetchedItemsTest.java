/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store;

import static io.dynastore.store.StoreFixture.n;
import static io.dynastore.store.StoreFixture.s;
import static org.assertj.core.api.Assertions.assertThat;
import static software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType.N;

import io.dynastore.store.FieldFilter.Comparison;
import io.dynastore.store.FieldFilter.Operator;
import io.dynastore.test.DynamoDbExtension;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ProjectionType;

/** Items that are read by key behind an index are filtered as DynamoDB would filter them. */
class FilterOfFetchedItemsTest {

    @RegisterExtension
    static final DynamoDbExtension dynamo = DynamoDbExtension.create();

    private static final List<AttributeValue> STORED = List.of(
            AttributeValue.fromNul(true),
            AttributeValue.fromBool(true),
            AttributeValue.fromBool(false),
            n(1),
            AttributeValue.fromN("1.0"),
            n(-2),
            n(10),
            s(""),
            s("1"),
            s("a"),
            s("ab"),
            s("ä"),
            s("\uD83D\uDE00"),
            s("\uFFFD"),
            AttributeValue.fromB(SdkBytes.fromByteArray(new byte[] {97})),
            AttributeValue.fromB(SdkBytes.fromByteArray(new byte[] {-1, 0})),
            AttributeValue.fromL(List.of(n(1))),
            AttributeValue.fromM(Map.of("a", n(1))),
            AttributeValue.fromSs(List.of("a")));

    private static final List<@Nullable Object> VALUES = Arrays.asList(
            null, true, 1, new BigDecimal("1.00"), 9, "", "1", "a", "\uD83D\uDE00", new byte[] {97}, new byte[] {-1});

    private final StoreFixture table = StoreFixture.of(
            dynamo,
            dynamo.client(),
            TableSchema.named("-"),
            spec -> spec.localIndex("by-rank", "rank", N, ProjectionType.KEYS_ONLY));

    @Test
    void eachOperatorSaysTheSameOfEachTypeAsTheService() {
        for (int i = 0; i <= STORED.size(); i++) {
            Map<String, AttributeValue> item = new HashMap<>(Map.of("rank", n(i)));
            if (i < STORED.size()) {
                item.put("x", STORED.get(i));
                item.put("payload", AttributeValue.fromM(Map.of("x", STORED.get(i))));
            }
            table.rawPut(Key.of("p", "%02d".formatted(i)), item);
        }
        int matches = 0;
        for (Comparison comparison : comparisons()) {
            ListCall.Builder list = Call.list("p").filter(new FieldFilter(List.of(comparison)));

            List<String> byTheService = names(list);
            List<String> afterwards = names(list.index("by-rank")
                    .indexSortKeyName("rank")
                    .indexSortKeyType(KeyType.NUMBER)
                    .fetch(true));

            assertThat(afterwards).as(comparison.toString()).isEqualTo(byTheService);
            matches += byTheService.size();
        }
        // Or the comparison above would compare nothing.
        assertThat(matches).isGreaterThan(100);
    }

    private List<String> names(ListCall.Builder list) {
        return table.page(list.fields(FieldSelection.NONE)).items().stream()
                .map(item -> String.valueOf(item.key().sortKey()))
                .toList();
    }

    private static List<Comparison> comparisons() {
        List<Comparison> all = new ArrayList<>();
        for (String name : List.of("x", "payload.x")) {
            all.add(new Comparison(name, Operator.EXISTS, null));
            all.add(new Comparison(name, Operator.ABSENT, null));
        }
        for (Operator operator : Operator.values()) {
            for (Object value : VALUES) {
                try {
                    all.add(new Comparison("x", operator, value));
                } catch (InvalidInputException e) {
                    // This operator takes no such value.
                }
            }
        }
        all.removeIf(comparison -> !comparison.operator().compares() && comparison.value() != null);
        return all;
    }
}
