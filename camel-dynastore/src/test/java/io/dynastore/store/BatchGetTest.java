/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store;

import static io.dynastore.store.StoreFixture.n;
import static io.dynastore.store.StoreFixture.s;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.SdkResponse;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.KeysAndAttributes;

class BatchGetTest extends StoreContract {

    BatchGetTest() {
        super(Service.COMPLETE);
    }

    @Test
    void itemsComeInTheOrderAskedEachOnceWithoutAbsentAndExpiredOnes() {
        List<Key> keys = keys(5);
        keys.forEach(each -> table.write(Call.create(each, each.sortKey()).fields(Map.of("f", 1))));
        table.rawPutExpired(keys.get(2));
        List<Key> asked = List.of(keys.get(4), keys.get(0), keys.get(4), keys.get(2), key, keys.get(3), keys.get(0));

        Outcome.Batch batch = batch(asked);

        assertThat(batch.items()).extracting(Item::key).containsExactly(keys.get(4), keys.get(0), keys.get(3));
        assertThat(batch.items().get(0))
                .isEqualTo(new Item(keys.get(4), keys.get(4).sortKey(), 1, null, Map.of("f", 1L)));
        assertThat(batch.consumedCapacity()).isPositive();
        assertThat(table.run(Call.batchGet(asked).includeExpired(true)).items()).hasSize(4);
    }

    @Test
    void noKeysAreNoItems() {
        assertThat(batch(List.of()).items()).isEmpty();
        assertThat(batch(List.of()).consumedCapacity()).isZero();
    }

    @Test
    void moreThanOneRequestTakesAreSplit() {
        List<Key> keys = keys(205);
        keys.forEach(each -> table.rawPut(each, Map.of("version", n(1))));
        Collections.reverse(keys);

        assertThat(batch(keys).items()).extracting(Item::key).containsExactlyElementsOf(keys);
    }

    @Test
    void keysThatTheServiceLeavesForItsOwnReasonsAreAskedAgain() {
        List<Key> keys = keys(45);
        keys.forEach(each -> table.rawPut(each, Map.of("payload", s("x".repeat(390 * 1024)))));

        assertThat(batch(keys).items()).extracting(Item::key).containsExactlyElementsOf(keys);
    }

    @Test
    void consistentReadCostsTwiceAsMuch() {
        table.write(Call.create(key, "x"));
        BatchGetCall.Builder call = Call.batchGet(List.of(key));
        double capacity = table.run(call).consumedCapacity();

        assertThat(table.run(call.consistentRead(true)).consumedCapacity()).isEqualTo(2 * capacity);
    }

    @Test
    void badKeyIsRefusedBeforeAnythingIsSent() {
        assertThatThrownBy(() -> batch(List.of(key, Key.of("p"))))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContainingAll(table.schema.table(), "[p]", "'name'");
        assertThatThrownBy(() -> batch(List.of(Key.of(1, "a")))).isInstanceOf(InvalidInputException.class);
    }

    @Test
    void keysThatGetNowhereArePausedForLongerAndLongerUntilTheErrorSaysSo() {
        Throttle throttle = new Throttle(Integer.MAX_VALUE, 0);
        List<Duration> pauses = new CopyOnWriteArrayList<>();

        try (DynamoDbAsyncClient client = throttled(throttle)) {
            DynaStore store = store(client, pauses);

            assertThatThrownBy(() -> StoreFixture.run(store, Call.batchGet(List.of(key, Key.of("a", "b")))))
                    .isExactlyInstanceOf(DynaStoreException.class)
                    .hasMessageContainingAll(table.schema.table(), "2 of the keys", "throttling");
        }
        assertThat(throttle.requests).hasSize(11).allSatisfy(keys -> assertThat(keys)
                .isEqualTo(2));
        assertThat(pauses.stream().map(Duration::toMillis))
                .containsExactly(50L, 100L, 200L, 400L, 800L, 1600L, 3200L, 5000L, 5000L, 5000L, 5000L);
    }

    @Test
    void anyProgressBeginsThePausesAgain() {
        List<Key> keys = keys(4);
        keys.forEach(each -> table.write(Call.create(each, "x")));
        Throttle throttle = new Throttle(6, 1);
        List<Duration> pauses = new CopyOnWriteArrayList<>();

        try (DynamoDbAsyncClient client = throttled(throttle)) {
            Outcome.Batch batch = StoreFixture.run(store(client, pauses), Call.batchGet(keys));

            assertThat(batch.items()).extracting(Item::key).containsExactlyElementsOf(keys);
            assertThat(batch.consumedCapacity()).isPositive();
        }
        // Each second answer brings one item.
        assertThat(throttle.requests).containsExactly(4, 4, 3, 3, 2, 2, 1);
        assertThat(pauses.stream().map(Duration::toMillis)).containsExactly(50L, 50L, 50L, 50L, 50L, 50L);
    }

    private Outcome.Batch batch(List<Key> keys) {
        return table.run(Call.batchGet(keys));
    }

    private List<Key> keys(int count) {
        return new ArrayList<>(IntStream.range(0, count)
                .mapToObj(i -> Key.of(key.partitionKey(), "k%03d".formatted(i)))
                .toList());
    }

    /** A store that doesn't wait but notes for how long it would have, at most. */
    private DynaStore store(DynamoDbAsyncClient client, List<Duration> pauses) {
        return DynaStore.builder(client, table.schema)
                .clock(table.clock)
                .random(new Highest())
                .pause(time -> {
                    pauses.add(time);
                    return CompletableFuture.completedFuture(null);
                })
                .build();
    }

    private static DynamoDbAsyncClient throttled(Throttle throttle) {
        return dynamo.clientBuilder()
                .overrideConfiguration(override -> override.addExecutionInterceptor(throttle))
                .build();
    }

    private static final class Highest extends Random {
        private static final long serialVersionUID = 1L;

        @Override
        public long nextLong(long bound) {
            return bound - 1;
        }
    }

    /** Answers the first requests with nothing and with some of the items in turn, the others unprocessed. */
    private static final class Throttle implements ExecutionInterceptor {

        final List<Integer> requests = new CopyOnWriteArrayList<>();
        private final int faults;
        private final int processed;

        Throttle(int faults, int processed) {
            this.faults = faults;
            this.processed = processed;
        }

        @Override
        public SdkResponse modifyResponse(Context.ModifyResponse context, ExecutionAttributes attributes) {
            BatchGetItemRequest request = (BatchGetItemRequest) context.request();
            BatchGetItemResponse response = (BatchGetItemResponse) context.response();
            String name = request.requestItems().keySet().iterator().next();
            KeysAndAttributes asked = request.requestItems().values().iterator().next();
            requests.add(asked.keys().size());
            if (requests.size() > faults) {
                return response;
            }
            int kept = requests.size() % 2 == 0 ? processed : 0;
            List<Map<String, AttributeValue>> items = response.responses().getOrDefault(name, List.of()).stream()
                    .filter(item -> asked.keys().subList(0, kept).stream()
                            .anyMatch(key -> item.entrySet().containsAll(key.entrySet())))
                    .toList();
            return response.toBuilder()
                    .responses(Map.of(name, items))
                    .unprocessedKeys(Map.of(
                            name,
                            asked.toBuilder()
                                    .keys(asked.keys()
                                            .subList(kept, asked.keys().size()))
                                    .build()))
                    .build();
        }
    }
}
