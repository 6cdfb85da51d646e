/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.testkit;

import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Which request meets which fault.
 *
 * <p>First come the faults that a test scripted with {@link #next}, one a request. After them the dice decide: the n-th
 * request draws from a generator made of the seed and n alone, so that the sequence of faults is the same in each run
 * with that seed, whichever thread happens to send the n-th request.
 *
 * <p>Thread safe. The methods that begin with {@code with} and {@link #only} give a new plan, at its beginning.
 */
public final class FaultPlan {

    private static final Duration LONGEST = Duration.ofMillis(100);

    private final long seed;
    private final Map<Fault, Double> odds;
    private final Set<String> operations;
    private final Duration longest;
    private final Queue<Fault> script = new ConcurrentLinkedQueue<>();
    private final AtomicLong drawn = new AtomicLong();

    private FaultPlan(long seed, Map<Fault, Double> odds, Set<String> operations, Duration longest) {
        this.seed = seed;
        this.odds = odds;
        this.operations = operations;
        this.longest = longest;
    }

    /**
     * The fate of one request.
     *
     * @param fault what happens to it
     * @param delay how late that is which comes late
     */
    record Fate(Fault fault, Duration delay) {}

    /** No fault but those that are scripted. */
    public static FaultPlan none() {
        return seeded(0);
    }

    /** The same, and the ground for odds. A test prints its seed: {@link TestSeed} does. */
    public static FaultPlan seeded(long seed) {
        return new FaultPlan(seed, new EnumMap<>(Fault.class), Set.of(), LONGEST);
    }

    /**
     * With a fault that meets this share of the requests.
     *
     * @throws IllegalArgumentException if the shares of all faults come to more than 1
     */
    public FaultPlan with(Fault fault, double share) {
        Map<Fault, Double> more = new EnumMap<>(Fault.class);
        more.putAll(odds);
        more.put(fault, share);
        double sum = more.values().stream().mapToDouble(Double::doubleValue).sum();
        if (share < 0 || sum > 1) {
            throw new IllegalArgumentException("the shares " + more + " are not a distribution");
        }
        return new FaultPlan(seed, more, operations, longest);
    }

    /** With delays between nothing and this; with {@link Duration#ZERO} none. Default: 100 ms. */
    public FaultPlan withDelaysUpTo(Duration newLongest) {
        return new FaultPlan(seed, odds, operations, newLongest);
    }

    /** For requests of these operations alone ("UpdateItem"); all others pass, and use up nothing of the plan. */
    public FaultPlan only(String... names) {
        return new FaultPlan(seed, odds, Set.of(names), longest);
    }

    /** Scripts the faults of the next requests, behind those that are scripted already. */
    public void next(Fault... faults) {
        script.addAll(List.of(faults));
    }

    Fate fate(String operation) {
        if (!operations.isEmpty() && !operations.contains(operation)) {
            return new Fate(Fault.NONE, Duration.ZERO);
        }
        Fault scripted = script.poll();
        SplittableRandom dice = new SplittableRandom(seed + drawn.getAndIncrement() * 0x9E3779B97F4A7C15L);
        double at = dice.nextDouble();
        Duration delay = Duration.ofNanos((long) (dice.nextDouble() * longest.toNanos()));
        return new Fate(scripted != null ? scripted : fault(at), delay);
    }

    private Fault fault(double at) {
        double bound = 0;
        for (Map.Entry<Fault, Double> entry : odds.entrySet()) {
            bound += entry.getValue();
            if (at < bound) {
                return entry.getKey();
            }
        }
        return Fault.NONE;
    }

    @Override
    public String toString() {
        return "faults " + odds + ", seed " + seed;
    }
}
