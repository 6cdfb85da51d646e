/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.state;

import io.dynastore.camel.state.Delivery.Outcome;
import io.dynastore.testkit.ChildJvm;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A broker of messages, and the processes to which it gives them. One process after another is killed, and replaced by
 * one that has started meanwhile. A message is delivered until a process reports that it is settled. If its process
 * died, or its exchange failed, it is delivered again after a time.
 *
 * <p>Not thread safe.
 */
final class KilledNodes implements AutoCloseable {

    private static final int IN_FLIGHT = 8;
    private static final int STARTING = 2;
    private static final Duration START = Duration.ofMinutes(20);
    private static final Duration STEP = Duration.ofMillis(20);
    private static final Duration STANDSTILL = Duration.ofSeconds(1);

    private static final Pattern REPORT = Pattern.compile("([A-Z]+) (\\d+)");

    private final Setting setting;
    private final Random random;
    private final List<Node> all = new ArrayList<>();
    private final List<Node> working = new ArrayList<>();
    private final Deque<Node> spares = new ArrayDeque<>();
    private final BlockingQueue<Runnable> events = new LinkedBlockingQueue<>();
    private final PriorityQueue<Due> waiting = new PriorityQueue<>();
    private final List<Delivery> deliveries = new ArrayList<>();
    private int open;
    private int kills;
    private long lastDelivery;
    private long standstill;
    private Duration duration = Duration.ZERO;

    /**
     * How a run is.
     *
     * @param nodes how many processes work at the same time
     * @param spares how many more are kept ready to replace a killed one
     * @param kills how many are killed at most
     * @param period the time between two kills
     * @param redelivery when a message whose process died is delivered again
     * @param idle how long the whole may get no report
     */
    record Setting(int nodes, int spares, int kills, Duration period, Duration redelivery, Duration idle) {}

    /** Starts a process. */
    interface Launcher {
        ChildJvm start(int number, Consumer<String> lines) throws IOException;
    }

    private record Due(long at, int message, String key) implements Comparable<Due> {
        @Override
        public int compareTo(Due other) {
            return at == other.at ? Integer.compare(message, other.message) : Long.compare(at, other.at);
        }
    }

    private final Launcher launcher;

    KilledNodes(Setting setting, Launcher launcher, Random random) {
        this.setting = setting;
        this.launcher = launcher;
        this.random = random;
    }

    /** One process, and the deliveries that it has not reported yet. */
    private final class Node {
        final ChildJvm child;
        final Map<Long, Delivery> open = new HashMap<>();
        boolean ready;
        long doomed = Long.MAX_VALUE;

        Node(int number) throws IOException {
            child = launcher.start(number, line -> events.add(() -> reported(line)));
        }

        private void reported(String line) {
            Matcher report = REPORT.matcher(line);
            if (line.equals("ready")) {
                ready = true;
            } else if (report.matches()) {
                Delivery delivery = open.remove(Long.parseLong(report.group(2)));
                if (delivery != null) {
                    long now = System.nanoTime();
                    settle(delivery, now, now, Outcome.valueOf(report.group(1)));
                }
            } else {
                System.out.println(line);
            }
        }

        void give(Due message) {
            Delivery delivery = new Delivery(
                    ++lastDelivery, message.message(), message.key(), System.nanoTime(), 0, 0, Outcome.DIED);
            open.put(delivery.id(), delivery);
            child.say(delivery.key() + " " + delivery.id());
        }
    }

    /** Delivers a message for each key, in this order, until all are settled. Returns all deliveries. */
    List<Delivery> run(List<String> keys) throws IOException, InterruptedException {
        return run(keys, () -> true);
    }

    /** The same, and then lets the processes work until nothing is left to do. */
    List<Delivery> run(List<String> keys, BooleanSupplier finished) throws IOException, InterruptedException {
        for (int i = 0; i < keys.size(); i++) {
            waiting.add(new Due(System.nanoTime(), i, keys.get(i)));
        }
        open = keys.size();
        awaitNodes();
        long begin = System.nanoTime();
        long nextKill = System.nanoTime() + setting.period().toNanos();
        long last = System.nanoTime();
        long lastEvent = last;
        while (open > 0 || !finished.getAsBoolean()) {
            if (handleEvents() || open == 0) {
                lastEvent = System.nanoTime();
            }
            startSpares();
            employ();
            deliver();
            long now = System.nanoTime();
            standstill = Math.max(standstill, now - last - STEP.toNanos());
            last = now;
            if (open > 0
                    && kills < setting.kills()
                    && now - nextKill >= 0
                    && working.size() == setting.nodes()
                    && spares.peek() != null
                    && spares.peek().ready) {
                kill();
                nextKill = Math.max(nextKill + setting.period().toNanos(), now);
                last = System.nanoTime();
            }
            if (now - lastEvent > setting.idle().toNanos()) {
                throw new IllegalStateException("No process reports anything: " + open + " messages are open");
            }
        }
        duration = Duration.ofNanos(System.nanoTime() - begin);
        finish();
        return deliveries;
    }

    /** From the first delivery to the last outcome. */
    Duration duration() {
        return duration;
    }

    /** When the signal was sent that ended a process; the largest value if there was none. */
    long doomed(int number) {
        return all.get(number - 1).doomed;
    }

    int kills() {
        return kills;
    }

    int started() {
        return all.size();
    }

    /** The longest time in which this process did not run, by which a frozen machine is known. */
    Duration standstill() {
        return standstill > STANDSTILL.toNanos() ? Duration.ofNanos(standstill) : Duration.ZERO;
    }

    private void awaitNodes() throws IOException, InterruptedException {
        long start = System.nanoTime();
        while (ready() < setting.nodes() + setting.spares()) {
            handleEvents();
            startSpares();
            if (System.nanoTime() - start > START.toNanos()) {
                throw new IllegalStateException("The processes don't start");
            }
        }
    }

    /** Few at a time, as starting one takes a processor for seconds. */
    private void startSpares() throws IOException {
        spares.removeIf(spare -> !spare.child.alive());
        int wanted = setting.nodes() - working.size() + (kills < setting.kills() ? setting.spares() : 0);
        long starting = spares.size() - ready();
        while (spares.size() < wanted && starting < STARTING) {
            Node node = new Node(all.size() + 1);
            all.add(node);
            spares.add(node);
            starting++;
        }
    }

    private long ready() {
        return spares.stream().filter(spare -> spare.ready).count();
    }

    /** Lets started processes work. */
    private void employ() {
        while (working.size() < setting.nodes() && spares.peek() != null && spares.peek().ready) {
            working.add(spares.remove());
        }
    }

    private boolean handleEvents() throws InterruptedException {
        Runnable event = events.poll(STEP.toMillis(), TimeUnit.MILLISECONDS);
        boolean any = event != null;
        for (; event != null; event = events.poll()) {
            event.run();
        }
        return any;
    }

    private void deliver() {
        for (Node node = roomiest(); node != null; node = roomiest()) {
            Due next = waiting.peek();
            if (next == null || next.at() - System.nanoTime() > 0) {
                return;
            }
            node.give(waiting.remove());
        }
    }

    /** The one with the fewest open deliveries, so that a message and its duplicate go to different ones. */
    private @Nullable Node roomiest() {
        return working.stream()
                .filter(node -> node.open.size() < IN_FLIGHT)
                .min((one, other) -> Integer.compare(one.open.size(), other.open.size()))
                .orElse(null);
    }

    private void kill() throws IOException, InterruptedException {
        Node victim = working.remove(random.nextInt(working.size()));
        long doomed = System.nanoTime();
        victim.doomed = doomed;
        victim.child.kill();
        kills++;
        // What it wrote before is among the events.
        for (Runnable event = events.poll(); event != null; event = events.poll()) {
            event.run();
        }
        long died = System.nanoTime();
        List.copyOf(victim.open.values()).forEach(delivery -> settle(delivery, doomed, died, Outcome.DIED));
    }

    private void settle(Delivery delivery, long doomed, long ended, Outcome outcome) {
        deliveries.add(new Delivery(
                delivery.id(), delivery.message(), delivery.key(), delivery.sent(), doomed, ended, outcome));
        if (outcome.settled()) {
            open--;
        } else {
            long again = ended + setting.redelivery().toNanos();
            waiting.add(new Due(again, delivery.message(), delivery.key()));
        }
    }

    private void finish() throws InterruptedException {
        spares.forEach(spare -> spare.child.close());
        for (Node node : working) {
            node.child.finish();
        }
    }

    /** How many deliveries ended so. */
    long count(Outcome... outcomes) {
        return deliveries.stream()
                .filter(delivery -> Stream.of(outcomes).anyMatch(delivery.outcome()::equals))
                .count();
    }

    @Override
    public void close() {
        all.forEach(node -> node.child.close());
    }
}
