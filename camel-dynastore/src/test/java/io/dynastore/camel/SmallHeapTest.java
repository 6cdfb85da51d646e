/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel;

import static org.assertj.core.api.Assertions.assertThat;
import static software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType.S;

import io.dynastore.test.DynamoDbExtension;
import io.dynastore.test.TableSpec;
import io.dynastore.testkit.ChildJvm;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * Programs with a heap of 64 MB. The engine is in another process, this one. They take minutes, and run with {@code
 * -Ddynastore.test.heap.writes=40000} only.
 */
@Tag("soak")
@EnabledIfSystemProperty(named = "dynastore.test.heap.writes", matches = "\\d+")
class SmallHeapTest {

    private static final int WRITES = Integer.getInteger("dynastore.test.heap.writes", 4000);
    private static final int LARGE_ITEMS = 300;

    @RegisterExtension
    static final DynamoDbExtension dynamo = DynamoDbExtension.create();

    private final String table =
            dynamo.table("heap", TableSpec.partitionKey("id", S).sortKey("name", S));

    private void survives(String situation, int count) throws Exception {
        CompletableFuture<String> result = new CompletableFuture<>();
        List<String> arguments = List.of(situation, table, Integer.toString(count));
        try (ChildJvm child = ChildJvm.start(dynamo, "64m", SmallHeapMain.class, arguments, line -> {
            if (line.startsWith("done: ") || line.startsWith("failed: ")) {
                result.complete(line);
            }
        })) {
            Awaitility.await().atMost(Duration.ofMinutes(10)).until(() -> result.isDone() || !child.alive());
            child.finish();
            String line = result.getNow("ended without a word");
            System.out.println("heap of 64 MB, " + situation + ": " + line);

            assertThat(line).startsWith("done: ");
        }
    }

    @Test
    void streamsThatAreLongerThanAnItemAreRefusedAfterAnItemsLength() throws Exception {
        survives("stream", 0);

        assertThat(dynamo.rawScan(table)).isEmpty();
    }

    @Test
    void oneExchangeWritesManyItemsInALoop() throws Exception {
        survives("loop", WRITES);
    }

    @Test
    void bulkWriteTakesAnIteratorThatIsLongerThanTheHeap() throws Exception {
        survives("bulk", WRITES);

        assertThat(dynamo.rawScan(table)).hasSize(SmallHeapMain.BULK_KEYS);
    }

    @Test
    void manyTablesAreReadByManyThreads() throws Exception {
        survives("tables", 20_000);
    }

    @Test
    void itemStreamIsRefusedAsABodyAndNotReadIntoMemory() throws Exception {
        AttributeValue payload = AttributeValue.fromS("x".repeat(300 * 1024));
        for (int number = 0; number < LARGE_ITEMS; number++) {
            dynamo.rawPut(
                    table,
                    Map.of(
                            "id", AttributeValue.fromS("p"),
                            "name", AttributeValue.fromS("item-" + number),
                            "version", AttributeValue.fromN("1"),
                            "payload", payload));
        }

        survives("itemStream", LARGE_ITEMS);
    }

    @Test
    void stopDoesNotWaitForASilentService() throws Exception {
        survives("silent", 0);
    }
}
