/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.consumer;

import static org.assertj.core.api.Assertions.assertThat;

import io.dynastore.store.Call;
import io.dynastore.store.DynaStore;
import io.dynastore.store.Key;
import io.dynastore.store.ListCall;
import io.dynastore.store.TableSchema;
import io.dynastore.testkit.TestSeed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * A consuming process that is killed again and again, at random moments.
 *
 * <ol>
 *   <li>Each item is processed at least once.
 *   <li>The items of a partition are processed in order.
 *   <li>If an item is processed twice, it was behind the position that was saved last.
 * </ol>
 *
 * <p>The test is small by default; {@code -Ddynastore.consumer.kills=20 -Ddynastore.consumer.items=50000} makes it
 * large.
 */
@Tag("soak")
class ConsumerKillsTest extends ConsumerContract {

    private static final int KILLS = Integer.getInteger("dynastore.consumer.kills", 1);
    private static final int ITEMS = Integer.getInteger("dynastore.consumer.items", 800);
    private static final int PARTITIONS = 20;
    private static final String RESUME_ID = "kills";

    private final Random random = TestSeed.random();
    private final List<String> partitions =
            IntStream.range(0, PARTITIONS).mapToObj("p%02d"::formatted).toList();

    /**
     * One run of the process.
     *
     * @param lines the log of the run
     * @param expectedFirst the first item behind the saved position of each partition
     */
    private record Run(List<String> lines, Map<String, String> expectedFirst) {}

    @Test
    void processesEachItemAtLeastOnceAndInOrder(@TempDir Path folder) throws Exception {
        ConsumerItems.load(dynamo.client(), table, partitions, ITEMS / PARTITIONS, 20);
        Path log = Files.createFile(folder.resolve("deliveries"));
        List<Run> runs = new ArrayList<>();
        for (int number = 0; number <= KILLS; number++) {
            Map<String, String> expectedFirst = firstBehindThePositions();
            long before = lines(log);
            run(log, folder.resolve("output"), number < KILLS);
            List<String> all = Files.readAllLines(log);
            runs.add(new Run(all.subList((int) before, all.size()), expectedFirst));
        }

        check(runs);
    }

    /** Runs the process until it has consumed all items, or until it is killed. */
    private void run(Path log, Path output, boolean killed) throws Exception {
        long before = lines(log);
        Process process = start(log, output);
        try {
            if (killed) {
                // With the failures, the log has a few more lines than there are items.
                long until = before + 1L + random.nextInt(2 * ITEMS / (KILLS + 1) - 1);
                await(process, () -> lines(log) >= until);
            } else {
                await(process, () -> succeeded(Files.readAllLines(log)).size() == ITEMS);
            }
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    private void check(List<Run> runs) {
        List<String> all = runs.stream().flatMap(run -> run.lines.stream()).toList();
        List<String> successes = all.stream()
                .filter(line -> line.startsWith("S"))
                .map(line -> line.substring(2))
                .toList();
        for (String partition : partitions) {
            assertThat(new LinkedHashSet<>(successes).stream().filter(item -> item.startsWith(partition)))
                    .as("first successes in " + partition)
                    .isSorted()
                    .hasSize(ITEMS / PARTITIONS);
            runs.forEach(run -> checkRun(run.lines, partition, run.expectedFirst.get(partition)));
        }
        report(all.size(), successes);
    }

    private static void report(int deliveries, List<String> successes) {
        Set<String> repeated = new HashSet<>();
        Set<String> seen = new HashSet<>();
        successes.stream().filter(item -> !seen.add(item)).forEach(repeated::add);
        System.out.printf(
                "%d items in %d partitions, %d kills: %d deliveries, %d failures, %d successes, %d of them repeated"
                        + " (%d items), all behind the saved positions%n",
                ITEMS,
                PARTITIONS,
                KILLS,
                deliveries,
                deliveries - successes.size(),
                successes.size(),
                successes.size() - ITEMS,
                repeated.size());
    }

    /**
     * The items of a partition in one run begin behind the saved position, and are in order. Only a failure is
     * repeated.
     */
    private static void checkRun(List<String> lines, String partition, @Nullable String first) {
        List<String> items =
                lines.stream().filter(line -> line.startsWith(partition, 2)).toList();
        if (!items.isEmpty()) {
            assertThat(items.get(0).substring(2))
                    .as("the first delivery behind the position")
                    .isEqualTo(first);
        }
        for (int at = 1; at < items.size(); at++) {
            String item = items.get(at).substring(2);
            String before = items.get(at - 1).substring(2);
            if (items.get(at - 1).startsWith("F")) {
                assertThat(items.get(at)).isEqualTo("S " + before);
            } else {
                assertThat(item).isGreaterThan(before);
            }
        }
    }

    /** The next item of each partition, unless all its items were processed. */
    private Map<String, String> firstBehindThePositions() {
        DynaStore store =
                DynaStore.builder(dynamo.client(), TableSchema.named(table)).build();
        Map<String, String> first = new HashMap<>();
        for (String partition : partitions) {
            AttributeValue token = dynamo.rawGet(table, key("_ds/position/" + RESUME_ID, partition))
                    .get("payload");
            ListCall list = Call.list(partition)
                    .nextToken(token == null ? null : token.s())
                    .limit(1)
                    .build();
            store.execute(list).join().items().forEach(item -> first.put(partition, shown(item.key())));
        }
        return first;
    }

    private static String shown(Key key) {
        return key.partitionKey() + " " + key.sortKey();
    }

    private Process start(Path log, Path output) throws IOException {
        String uri = store("partitionKeys=" + String.join(",", partitions) + "&resume=table&resumeId=" + RESUME_ID
                + "&pageSize=50&concurrentPartitions=4&greedy=true&initialDelay=0&delay=5");
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        KilledConsumer.class.getName(),
                        dynamo.endpoint().toString(),
                        uri,
                        log.toString())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
    }

    private void await(Process process, Callable<Boolean> condition) {
        Awaitility.await()
                .atMost(Duration.ofMinutes(5))
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(2))
                .failFast("the process has ended, see its output", () -> !process.isAlive())
                .until(condition);
    }

    private static long lines(Path log) throws IOException {
        return Files.size(log) / KilledConsumer.LINE;
    }

    private static Set<String> succeeded(List<String> lines) {
        return lines.stream()
                .filter(line -> line.startsWith("S") && line.length() == KilledConsumer.LINE - 1)
                .collect(Collectors.toSet());
    }
}
