/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.dynastore.camel.state.AggregationChecks.Left;
import io.dynastore.camel.state.AggregationChecks.Rule;
import io.dynastore.camel.state.AggregationWorkerMain.Kind;
import io.dynastore.camel.state.Delivery.Outcome;
import io.dynastore.camel.state.WorkLog.Step;
import io.dynastore.test.DynamoDbExtension;
import io.dynastore.testkit.ChildJvm;
import io.dynastore.testkit.EngineAbility;
import io.dynastore.testkit.NeedsEngine;
import io.dynastore.testkit.TestSeed;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * Processes share an aggregation repository, are killed, and replaced by others.
 *
 * <p>It needs a machine of its own, and runs with {@code -Ddynastore.test.state.messages} only. For 200 messages, it
 * has two processes and kills one. {@code -Ddynastore.test.state.messages=10000} is the long form:
 * four, and every second one is killed.
 */
@Tag("soak")
@EnabledIfSystemProperty(named = "dynastore.test.state.messages", matches = "\\d+")
@Timeout(1800)
@NeedsEngine(EngineAbility.TRANSACT_WRITE_ITEMS)
class AggregationProcessesTest {

    @RegisterExtension
    static final DynamoDbExtension dynamo = DynamoDbExtension.create();

    private static final String LONG = "dynastore.test.state.messages";
    private static final boolean SHORT = Integer.getInteger(LONG, 200) <= 200;
    private static final int GROUPS = Integer.getInteger(LONG, 200) / AggregationWorkerMain.SIZE;
    private static final int OPEN_GROUPS = 25;
    private static final int GROUPS_OF_BROKEN = 40;
    private static final int NODES = SHORT ? 2 : 4;
    private static final int SPARES = SHORT ? 1 : 2;
    private static final int KILLS = SHORT ? 1 : Integer.MAX_VALUE;
    private static final int KILLS_OF_BROKEN = 4;
    private static final Duration PERIOD = SHORT ? Duration.ofMillis(200) : Duration.ofSeconds(1);

    /** A busy machine needs more, as it may not renew a lease in time. */
    private static final Duration LEASE =
            Duration.ofSeconds(Integer.getInteger("dynastore.test.state.lease", SHORT ? 4 : 6));

    private final Random random = TestSeed.random();

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    @Test
    void groupsAreCompletedOnceThoughNodesAreKilled() throws Exception {
        assertThat(run(Kind.HONEST, LEASE, GROUPS).broken()).isEmpty();
    }

    @Test
    void recoveryWithoutALeaseIsCaught() throws Exception {
        assertThat(run(Kind.HONEST, Duration.ofMillis(1), GROUPS_OF_BROKEN).broken())
                .containsKey(Rule.ONCE);
    }

    @Test
    void removeByDeleteThenPutIsCaught() throws Exception {
        assertThat(run(Kind.DELETE_THEN_PUT, Duration.ofSeconds(2), GROUPS_OF_BROKEN)
                        .broken())
                .containsKey(Rule.NOT_LOST);
    }

    @Test
    void addThatDoesNotRecogniseItselfIsCaught() throws Exception {
        assertThat(run(Kind.FORGETFUL, Duration.ofSeconds(2), GROUPS_OF_BROKEN).broken())
                .containsKey(Rule.IN_ONE_GROUP);
    }

    private AggregationChecks.Result run(Kind kind, Duration lease, int count)
            throws IOException, InterruptedException {
        String table = dynamo.table("aggregation");
        List<String> groups =
                IntStream.range(0, count).mapToObj(i -> "group-" + i).toList();
        int kills = kind == Kind.DELETE_THEN_PUT ? Math.max(KILLS, KILLS_OF_BROKEN) : KILLS;
        KilledNodes.Setting setting =
                new KilledNodes.Setting(NODES, SPARES, kills, PERIOD, Duration.ofMillis(50), Duration.ofSeconds(60));
        try (KilledNodes nodes =
                new KilledNodes(setting, (number, lines) -> start(kind, lease, table, number, lines), random)) {
            List<Delivery> deliveries = nodes.run(messages(groups), new Finished(lease, count));
            AggregationChecks.Result result = AggregationChecks.check(
                    AggregationWorkerMain.SIZE, groups, deliveries, entries(), left(table), attempt -> {
                        long number = attempt / 1_000_000 - TestSeed.value() % 1_000_000;
                        return nodes.doomed((int) number);
                    });
            System.out.println(summary(kind, lease, nodes, count, result));
            return result;
        }
    }

    private static Left left(String table) {
        List<String> open = new ArrayList<>();
        List<String> completed = new ArrayList<>();
        for (Map<String, AttributeValue> item : dynamo.rawScan(table)) {
            String partition = text(item, "id");
            if (partition.contains("/completed/")) {
                completed.add(text(item, "name"));
            } else if (item.containsKey("_dsbody")) {
                open.add(text(item, "name") + "=" + text(item, "_dsbody"));
            }
        }
        return new Left(open, completed);
    }

    private static String text(Map<String, AttributeValue> item, String name) {
        return Objects.requireNonNull(item.get(name)).s();
    }

    /** Whether each group was processed, and nothing has happened for longer than a recovery takes. */
    private final class Finished implements BooleanSupplier {
        private final Duration quiet;
        private final int count;
        private long looked = System.nanoTime();
        private long changed = System.nanoTime();
        private int entries;
        private boolean complete;

        Finished(Duration lease, int count) {
            this.quiet = SHORT ? lease.plusSeconds(2) : lease.multipliedBy(2).plusSeconds(4);
            this.count = count;
        }

        @Override
        public boolean getAsBoolean() {
            long now = System.nanoTime();
            if (now - looked > Duration.ofSeconds(1).toNanos()) {
                looked = now;
                List<WorkLog.Entry> all = entries();
                changed = all.size() == entries ? changed : now;
                entries = all.size();
                complete = all.stream()
                                .filter(entry -> entry.step() == Step.DONE)
                                .map(entry ->
                                        entry.key().substring(0, entry.key().indexOf('=')))
                                .distinct()
                                .count()
                        == count;
            }
            return now - changed > (complete ? quiet : quiet.multipliedBy(4)).toNanos();
        }
    }

    private ChildJvm start(Kind kind, Duration lease, String table, int number, Consumer<String> lines)
            throws IOException {
        return ChildJvm.start(
                dynamo,
                AggregationWorkerMain.class,
                List.of(
                        table,
                        folder.resolve("node-" + number + ".log").toString(),
                        Long.toString(TestSeed.value() % 1_000_000 + number),
                        Long.toString(lease.toMillis()),
                        kind.name()),
                lines);
    }

    /** Groups are filled at the same time, a window of them after another. */
    private List<String> messages(List<String> groups) {
        List<String> all = new ArrayList<>();
        for (int from = 0; from < groups.size(); from += OPEN_GROUPS) {
            List<String> window = new ArrayList<>();
            for (String group : groups.subList(from, Math.min(from + OPEN_GROUPS, groups.size()))) {
                for (int i = 0; i < AggregationWorkerMain.SIZE; i++) {
                    window.add(group + "/" + i);
                }
            }
            Collections.shuffle(window, random);
            all.addAll(window);
        }
        return all;
    }

    private List<WorkLog.Entry> entries() {
        try (Stream<Path> files = Files.list(folder)) {
            return files.flatMap(file -> WorkLog.read(file).stream()).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String summary(
            Kind kind, Duration lease, KilledNodes nodes, int groups, AggregationChecks.Result result) {
        return String.format(
                Locale.ROOT,
                "aggregation processes (%s): seed %d, lease %s, %d messages in %d groups in %.1f s, %d processes,"
                        + " %d times kill -9; %d deliveries processed, %d failed, %d cut off by a kill,"
                        + " %d groups processed again after a kill before the confirm,"
                        + " %d messages in a group by two deliveries;"
                        + " longest standstill %d ms; broken %s",
                kind,
                TestSeed.value(),
                lease,
                groups * AggregationWorkerMain.SIZE,
                groups,
                nodes.duration().toNanos() / 1e9,
                nodes.started(),
                nodes.kills(),
                nodes.count(Outcome.PROCESSED),
                nodes.count(Outcome.FAILED),
                nodes.count(Outcome.DIED),
                result.repeated(),
                result.redelivered(),
                nodes.standstill().toMillis(),
                result.broken());
    }
}
