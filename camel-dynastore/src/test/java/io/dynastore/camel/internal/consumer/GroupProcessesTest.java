/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.consumer;

import static org.assertj.core.api.Assertions.assertThat;

import io.dynastore.testkit.ChildJvm;
import io.dynastore.testkit.TestSeed;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Members of a group in processes of their own. In each round, one is killed or stopped, and another one starts.
 *
 * <ol>
 *   <li>Every item is processed, and the first time in order.
 *   <li>After a stop, no item is repeated, unless a process was too slow to renew its leases.
 *   <li>After a kill, at most a page of each partition that the process had is repeated.
 * </ol>
 */
@Tag("soak")
@EnabledIfSystemProperty(named = "dynastore.test.group.rounds", matches = "\\d+")
class GroupProcessesTest extends ConsumerContract {

    private static final int ROUNDS = Integer.getInteger("dynastore.test.group.rounds", 2);
    private static final int ITEMS = Integer.getInteger("dynastore.consumer.items", 6_000);
    private static final int PROCESSES = Integer.getInteger("dynastore.test.group.processes", 3);
    private static final int LEASE = Integer.getInteger("dynastore.test.group.lease", 3);
    private static final int PARTITIONS = 20;
    private static final int PAGE = 50;

    private final Random random = TestSeed.random();
    private final List<String> partitions =
            IntStream.range(0, PARTITIONS).mapToObj("p%02d"::formatted).toList();
    private final List<ChildJvm> running = new ArrayList<>();

    /** What was processed, by partition, in the order of its arrival here. */
    private final Map<String, List<Integer>> processed = new HashMap<>();

    /** All that was said of a partition, in the order of its arrival here. */
    private final Map<String, List<String>> said = new HashMap<>();

    private int started;
    private int ready;
    private int total;
    private int left;
    private int lost;

    @AfterEach
    void end() {
        running.forEach(ChildJvm::close);
    }

    private synchronized void line(int process, String line) {
        if (line.equals("ready")) {
            ready++;
        } else if (line.startsWith("L ")) {
            lost += Integer.parseInt(line.substring(2));
        } else if (line.startsWith("S ")) {
            String[] words = line.split(" ", -1);
            total++;
            processed.computeIfAbsent(words[1], first -> new ArrayList<>()).add(Integer.valueOf(words[2]));
            say(words[1], process, line);
        } else {
            left += line.contains("left to its lease") ? 1 : 0;
            partitions.stream()
                    .filter(partition -> line.contains("partition " + partition + " "))
                    .forEach(partition -> say(partition, process, line));
        }
    }

    private void say(String partition, int process, String line) {
        said.computeIfAbsent(partition, first -> new ArrayList<>()).add("process " + process + ": " + line);
    }

    private synchronized int ready() {
        return ready;
    }

    private synchronized int distinct() {
        return processed.values().stream()
                .mapToInt(items -> new LinkedHashSet<>(items).size())
                .sum();
    }

    private void start() throws IOException {
        String uri = store("partitionKeys=" + String.join(",", partitions)
                + "&group=shipping&groupLease=" + LEASE + "s&rebalanceInterval=500ms&clockSkew=200ms&pageSize=" + PAGE
                + "&concurrentPartitions=4&initialDelay=0&delay=5");
        int process = ++started;
        running.add(ChildJvm.start(dynamo, GroupWorkerMain.class, List.of(uri), line -> line(process, line)));
    }

    private void await(Callable<Boolean> condition) {
        Awaitility.await()
                .atMost(Duration.ofMinutes(5))
                .pollInterval(Duration.ofMillis(5))
                .until(condition);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void everyItemIsProcessedInOrderWhileProcessesComeAndGo(boolean killed) throws Exception {
        ConsumerItems.load(dynamo.client(), table, partitions, ITEMS / PARTITIONS, 20);
        for (int number = 0; number < PROCESSES; number++) {
            start();
        }
        await(() -> ready() == PROCESSES);
        for (int round = 1; round <= ROUNDS; round++) {
            int until = ITEMS / (ROUNDS + 1) * round;
            await(() -> distinct() >= Math.min(until, ITEMS));
            ChildJvm ending = running.remove(random.nextInt(running.size()));
            if (killed) {
                ending.kill();
            } else {
                ending.finish();
            }
            start();
        }
        await(() -> distinct() == ITEMS);
        for (ChildJvm child : running) {
            child.finish();
        }

        report(killed);
        check();
        int most = (killed ? ROUNDS * PARTITIONS : 0) + lost + left;
        assertThat(total - ITEMS).isLessThanOrEqualTo(most * (PAGE + 1));
    }

    private synchronized void report(boolean killed) {
        System.out.printf(
                "%d items, %d processes, %d of them %s: %d repeated, %d leases lost by living processes, %d left%n",
                ITEMS, PROCESSES, ROUNDS, killed ? "killed" : "stopped", total - ITEMS, lost, left);
        if (!killed) {
            partitions.forEach(this::reportRepeated);
        }
    }

    /** What was said of a partition around each item that was repeated. */
    private void reportRepeated(String partition) {
        List<String> lines = said.getOrDefault(partition, List.of());
        int last = -1;
        for (int at = 0; at < lines.size(); at++) {
            String[] words = lines.get(at).split(" ", -1);
            if (words[2].equals("S")) {
                int item = Integer.parseInt(words[4]);
                if (item <= last) {
                    lines.subList(Math.max(0, at - 12), Math.min(lines.size(), at + 4))
                            .forEach(System.out::println);
                }
                last = Math.max(last, item);
            }
        }
    }

    private synchronized void check() {
        for (String partition : partitions) {
            List<Integer> items = processed.getOrDefault(partition, List.of());
            assertThat(List.copyOf(new LinkedHashSet<>(items)))
                    .as("first times of " + partition)
                    .isSorted()
                    .hasSize(ITEMS / PARTITIONS);
            for (int at = 1; at < items.size(); at++) {
                assertThat(items.get(at))
                        .as("item %d of %s", at, partition)
                        .isBetween(items.get(at - 1) - PAGE, items.get(at - 1) + 1);
            }
        }
    }
}
