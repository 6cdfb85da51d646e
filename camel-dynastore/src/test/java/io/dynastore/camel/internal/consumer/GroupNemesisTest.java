/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.consumer;

import static org.assertj.core.api.Assertions.assertThat;

import io.dynastore.store.internal.page.PageToken;
import io.dynastore.test.TableSpec;
import io.dynastore.testkit.ChildJvm;
import io.dynastore.testkit.TableStream;
import io.dynastore.testkit.TestSeed;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.Record;
import software.amazon.awssdk.services.dynamodb.model.StreamViewType;

/**
 * Members of a group in processes, under every disturbance: {@code kill -9}, SIGSTOP for longer than the lease, members
 * without network, a store out of reach of all, lost responses, late duplicates, members that come and go, partitions
 * that vanish and appear, items that fail. What each route saw, and the stream of the table with leases and with what
 * routes wrote, are checked.
 */
@Tag("soak")
@EnabledIfSystemProperty(named = "dynastore.test.group.nemesis", matches = "\\d+")
class GroupNemesisTest extends ConsumerContract {

    private static final Duration DURATION = Duration.ofSeconds(Integer.getInteger("dynastore.test.group.nemesis", 60));
    private static final int MEMBERS = Integer.getInteger("dynastore.test.group.processes", 4);
    private static final List<String> PARTITIONS =
            IntStream.range(0, 8).mapToObj("p%d"::formatted).toList();
    private static final int LEAST_PARTITIONS = 5;
    private static final int CHUNK = 10;
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(6);

    private final long seed = TestSeed.value();
    private final Random random = new Random(seed);
    private final GroupReport report = new GroupReport();
    private final List<ChildJvm> members = new ArrayList<>();
    private final Set<ChildJvm> standing = new HashSet<>();
    private final Map<String, AtomicInteger> events = new HashMap<>();
    private final AtomicInteger ready = new AtomicInteger();
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private String state = "";
    private List<String> named = PARTITIONS;
    private int started;
    private int items;

    @Override
    protected TableSpec tableSpec() {
        return super.tableSpec().stream(StreamViewType.NEW_AND_OLD_IMAGES);
    }

    @AfterEach
    void end() {
        timer.shutdownNow();
        members.forEach(ChildJvm::close);
    }

    @Test
    void groupsKeepWhatTheyGuarantee() throws Exception {
        state = table;
        table = dynamo.table("items", WITH_SORT_KEY);
        for (int number = 0; number < MEMBERS; number++) {
            start();
        }
        Awaitility.await().atMost(Duration.ofMinutes(2)).until(() -> ready.get() == MEMBERS);
        long end = System.nanoTime() + DURATION.toNanos();
        while (System.nanoTime() - end < 0) {
            append();
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(500 + random.nextInt(1_500)));
            disturb();
        }
        rest();

        List<String> broken = new ArrayList<>();
        PARTITIONS.forEach(partition -> broken.addAll(report.broken(partition, items)));
        broken.addAll(brokenInTheTable());
        System.out.printf(
                "nemesis: seed %d, %s, %d members, %s, %d items, %d deliveries, %d processed again,"
                        + " %d writes refused by their token; broken: %s%n",
                seed,
                DURATION,
                started,
                events,
                items * PARTITIONS.size(),
                report.count("D"),
                report.count("S") - report.distinct(),
                report.count("F"),
                broken);
        assertThat(broken).isEmpty();
    }

    private void start() throws IOException {
        String uri = store("partitionKeys=%23names&stateTable=" + state
                + "&group=shipping&groupLease=3s&rebalanceInterval=500ms&clockSkew=500ms&pageSize=10"
                + "&concurrentPartitions=4&initialDelay=0&delay=50");
        members.add(ChildJvm.start(
                dynamo,
                GroupNodeMain.class,
                List.of(uri, state, String.join(",", named), Long.toString(seed + started), "0.03", "-"),
                this::line));
        started++;
    }

    private void line(String line) {
        if (line.equals("ready")) {
            ready.incrementAndGet();
        }
        report.line(line);
    }

    /** Adds items to each partition. */
    private void append() throws InterruptedException {
        for (String partition : PARTITIONS) {
            for (int number = items; number < items + CHUNK; number++) {
                given(partition, "%05d".formatted(number), "x");
            }
        }
        items += CHUNK;
    }

    private void count(String event) {
        events.computeIfAbsent(event, first -> new AtomicInteger()).incrementAndGet();
    }

    private ChildJvm any() {
        return members.get(random.nextInt(members.size()));
    }

    private void disturb() throws Exception {
        ChildJvm member = any();
        long pause = (long) (LONGEST_PAUSE.toMillis() * random.nextDouble());
        switch (random.nextInt(8)) {
            case 0, 1 -> {
                count("killed");
                members.remove(member);
                synchronized (standing) {
                    standing.remove(member);
                }
                member.kill();
                start();
            }
            case 2 -> {
                synchronized (standing) {
                    if (standing.contains(member)) {
                        return;
                    }
                }
                count("stopped");
                members.remove(member);
                member.finish();
                start();
            }
            case 3, 4 -> {
                count("stood still");
                synchronized (standing) {
                    standing.add(member);
                }
                member.pause();
                later(pause, () -> goOn(member));
            }
            case 5 -> {
                count("cut off");
                member.say("cut");
                later(pause, () -> member.say("heal"));
            }
            case 6 -> {
                count("store out of reach");
                List<ChildJvm> all = List.copyOf(members);
                all.forEach(one -> one.say("cut"));
                later(pause, () -> all.forEach(one -> one.say("heal")));
            }
            default -> {
                count("partitions changed");
                List<String> next = new ArrayList<>(PARTITIONS);
                while (next.size() > LEAST_PARTITIONS && random.nextBoolean()) {
                    next.remove(random.nextInt(next.size()));
                }
                name(next);
            }
        }
    }

    private void goOn(ChildJvm member) {
        synchronized (standing) {
            if (standing.remove(member)) {
                member.goOn();
            }
        }
    }

    private void later(long millis, Runnable task) {
        var unused = timer.schedule(task, millis, TimeUnit.MILLISECONDS);
    }

    private void name(List<String> next) {
        named = next;
        members.forEach(member -> member.say(String.join(",", next)));
    }

    /** All disturbances end, and everything is processed. */
    private void rest() throws InterruptedException {
        timer.shutdown();
        if (!timer.awaitTermination(2 * LONGEST_PAUSE.toSeconds(), TimeUnit.SECONDS)) {
            throw new IllegalStateException("disturbances do not end");
        }
        members.forEach(member -> member.say("heal"));
        name(PARTITIONS);
        Awaitility.await()
                .atMost(Duration.ofMinutes(3))
                .pollInterval(Duration.ofMillis(100))
                .until(() -> report.distinct() == items * PARTITIONS.size());
        for (ChildJvm member : members) {
            member.finish();
        }
    }

    /** What the stream shows: positions, numbers and tokens of leases, and tokens of what routes wrote. */
    private List<String> brokenInTheTable() {
        dynamo.rawPut(state, key("last", "last"));
        List<String> broken = new ArrayList<>();
        List<Record> changes = TableStream.readUntil(dynamo, state, record -> Objects.requireNonNull(
                        record.dynamodb().keys().get("id"))
                .s()
                .equals("last"));
        for (Record change : changes) {
            String id =
                    Objects.requireNonNull(change.dynamodb().keys().get("id")).s();
            String name =
                    Objects.requireNonNull(change.dynamodb().keys().get("name")).s();
            Map<String, AttributeValue> before =
                    change.dynamodb().hasOldImage() ? change.dynamodb().oldImage() : Map.of();
            Map<String, AttributeValue> after =
                    change.dynamodb().hasNewImage() ? change.dynamodb().newImage() : Map.of();
            boolean lease = name.startsWith("lease/");
            if (lease) {
                grows(name, before, after, "version", broken);
                grows(name, before, after, "_dsseq", broken);
                if (position(after) < position(before)) {
                    broken.add(name + ": position from " + before + " to " + after);
                }
                if (position(after) != position(before)
                        && !String.valueOf(before.get("_dsholder"))
                                .equals(String.valueOf(after.getOrDefault("_dsholder", after.get("_dsreleased"))))) {
                    broken.add(name + ": position moved by another than the holder, from " + before + " to " + after);
                }
            }
            if (lease || id.equals("state")) {
                grows(name, before, after, "_dsfence", broken);
            }
        }
        return broken;
    }

    private static void grows(
            String name,
            Map<String, AttributeValue> before,
            Map<String, AttributeValue> after,
            String attribute,
            List<String> broken) {
        if (number(after, attribute) < number(before, attribute)) {
            broken.add(name + ": " + attribute + " from " + before + " to " + after);
        }
    }

    private static long number(Map<String, AttributeValue> item, String attribute) {
        AttributeValue value = item.get(attribute);
        return value == null ? -1 : Long.parseLong(value.n());
    }

    /** The sort key in a position. */
    private static int position(Map<String, AttributeValue> lease) {
        AttributeValue payload = lease.get("payload");
        String shown = payload == null ? "" : PageToken.shown(payload.s());
        String digits = shown.replaceAll("\\D", "");
        return digits.isEmpty() ? -1 : Integer.parseInt(digits);
    }
}
