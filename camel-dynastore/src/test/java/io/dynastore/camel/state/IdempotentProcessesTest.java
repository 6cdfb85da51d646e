/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.dynastore.camel.state.Delivery.Outcome;
import io.dynastore.camel.state.IdempotentChecks.Rule;
import io.dynastore.camel.state.IdempotentWorkerMain.Kind;
import io.dynastore.test.DynamoDbExtension;
import io.dynastore.testkit.ChildJvm;
import io.dynastore.testkit.TestSeed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * Processes share an idempotent repository. A fifth of the messages are duplicates. Processes are killed, and replaced
 * by others.
 *
 * <p>It needs a machine of its own, and runs with {@code -Ddynastore.test.state.messages} only. For 200 messages, it
 * has two processes and kills one. {@code -Ddynastore.test.state.messages=10000} is the long form:
 * four, and every second one is killed.
 */
@Tag("soak")
@EnabledIfSystemProperty(named = "dynastore.test.state.messages", matches = "\\d+")
@Timeout(1800)
class IdempotentProcessesTest {

    @RegisterExtension
    static final DynamoDbExtension dynamo = DynamoDbExtension.create();

    private static final String LONG = "dynastore.test.state.messages";
    private static final boolean SHORT = Integer.getInteger(LONG, 200) <= 200;
    private static final int MESSAGES = Integer.getInteger(LONG, 200);
    private static final int MESSAGES_OF_BROKEN = 200;
    private static final int NODES = SHORT ? 2 : 4;
    private static final int SPARES = SHORT ? 1 : 3;
    private static final int KILLS = SHORT ? 1 : Integer.MAX_VALUE;
    private static final Duration PERIOD = SHORT ? Duration.ofMillis(200) : Duration.ofSeconds(1);
    /** A busy machine needs more, as it may not renew a lease in time. */
    private static final int LEASE = Integer.getInteger("dynastore.test.state.lease", SHORT ? 5 : 6);

    /** With the difference of clocks. */
    private static final Duration BLOCKED = Duration.ofSeconds(LEASE).plus(IdempotentWorkerMain.SKEW);

    private static final KilledNodes.Setting SETTING =
            new KilledNodes.Setting(NODES, SPARES, KILLS, PERIOD, BLOCKED.plusMillis(50), Duration.ofSeconds(60));

    private final Random random = TestSeed.random();

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    @Test
    void messagesAreProcessedOnceThoughNodesAreKilled() throws Exception {
        IdempotentChecks.Result result = run(Kind.HONEST, MESSAGES);

        assertThat(result.broken()).isEmpty();
    }

    @Test
    @EnabledIfSystemProperty(named = LONG, matches = "\\d+")
    void addByCheckThenPutIsCaught() throws Exception {
        assertThat(run(Kind.CHECK_THEN_PUT, MESSAGES_OF_BROKEN).broken()).containsKey(Rule.ONCE);
    }

    @Test
    @EnabledIfSystemProperty(named = LONG, matches = "\\d+")
    void keysWithoutALeaseAreCaught() throws Exception {
        assertThat(run(Kind.WITHOUT_LEASE, MESSAGES_OF_BROKEN).broken()).containsKey(Rule.NOT_BLOCKED);
    }

    private IdempotentChecks.Result run(Kind kind, int messages) throws IOException, InterruptedException {
        String table = dynamo.table("idempotent");
        try (KilledNodes nodes =
                new KilledNodes(SETTING, (number, lines) -> start(kind, table, number, lines), random)) {
            List<Delivery> deliveries = nodes.run(keys(messages));
            double seconds = nodes.duration().toNanos() / 1e9;
            IdempotentChecks.Result result = IdempotentChecks.check(deliveries, entries(), BLOCKED);
            System.out.println(summary(kind, nodes, messages, seconds, result));
            return result;
        }
    }

    private ChildJvm start(Kind kind, String table, int number, Consumer<String> lines) throws IOException {
        return ChildJvm.start(
                dynamo,
                IdempotentWorkerMain.class,
                List.of(
                        table,
                        folder.resolve("node-" + number + ".log").toString(),
                        Long.toString(TestSeed.value() + number),
                        kind.name(),
                        Integer.toString(LEASE)),
                lines);
    }

    /** One in five is a duplicate: the next message after it, or any later one. */
    private List<String> keys(int messages) {
        int different = messages * 4 / 5;
        List<String> keys = new ArrayList<>(
                IntStream.range(0, different).mapToObj(i -> "key-" + i).toList());
        for (int i = different; i < messages; i++) {
            int of = random.nextInt(keys.size());
            int at = random.nextBoolean() ? of : of + random.nextInt(keys.size() - of);
            keys.add(at + 1, keys.get(of));
        }
        return keys;
    }

    private List<WorkLog.Entry> entries() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.flatMap(file -> WorkLog.read(file).stream()).toList();
        }
    }

    private static String summary(
            Kind kind, KilledNodes nodes, int messages, double seconds, IdempotentChecks.Result result) {
        return String.format(
                Locale.ROOT,
                "idempotent processes (%s): seed %d, lease %d s, %d messages in %.1f s, %d processes, %d times kill -9;"
                        + " %d processed, %d not known to be confirmed, %d duplicates, %d failed, %d cut off by a kill,"
                        + " %d processed again after a kill before the confirm,"
                        + " %d because no confirm got a response; longest standstill %d ms; broken %s",
                kind,
                TestSeed.value(),
                LEASE,
                messages,
                seconds,
                nodes.started(),
                nodes.kills(),
                nodes.count(Outcome.PROCESSED),
                nodes.count(Outcome.UNCONFIRMED),
                nodes.count(Outcome.DUPLICATE),
                nodes.count(Outcome.FAILED),
                nodes.count(Outcome.DIED),
                result.repeated(),
                result.unconfirmed(),
                nodes.standstill().toMillis(),
                result.broken());
    }
}
