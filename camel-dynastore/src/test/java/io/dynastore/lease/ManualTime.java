/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.lease;

import io.dynastore.testkit.SettableClock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Time that a test turns: a wall clock, a ticker, and a timer that follows the ticker. Tasks that are due run on the
 * thread that turns the time. Thread safe.
 */
final class ManualTime implements Ticker, LeaseTimer {

    /** A real ticker starts anywhere, so this one starts near the overflow. */
    private static final long BEGINNING =
            Long.MAX_VALUE - Duration.ofSeconds(30).toNanos();

    final SettableClock clock = new SettableClock(Instant.parse("2026-03-01T12:00:00.250Z"));
    private final AtomicLong elapsed = new AtomicLong();
    private final AtomicLong order = new AtomicLong();
    private final Set<Due> waiting = ConcurrentHashMap.newKeySet();

    private record Due(long at, long order, Runnable task) {}

    @Override
    public long nanos() {
        return BEGINNING + elapsed.get();
    }

    @Override
    public Wakeup after(long nanos, Runnable task) {
        Due due = new Due(elapsed.get() + nanos, order.incrementAndGet(), task);
        waiting.add(due);
        return () -> waiting.remove(due);
    }

    @Override
    public void send(Runnable task) {
        task.run();
    }

    /** Lets time pass, on the clock and on the ticker. Tasks that are due run in their order. */
    void pass(Duration time) {
        long end = elapsed.get() + time.toNanos();
        for (Optional<Due> next = next(end); next.isPresent(); next = next(end)) {
            Due due = next.get();
            turnTo(Math.max(due.at(), elapsed.get()));
            if (waiting.remove(due)) {
                due.task().run();
            }
        }
        turnTo(end);
    }

    /** Lets time pass while this process stands still. No task runs. */
    void freeze(Duration time) {
        turnTo(elapsed.get() + time.toNanos());
    }

    /** The number of tasks that wait for their time. */
    int waiting() {
        return waiting.size();
    }

    private Optional<Due> next(long end) {
        return waiting.stream()
                .filter(due -> due.at() <= end)
                .min(Comparator.comparingLong(Due::at).thenComparingLong(Due::order));
    }

    private void turnTo(long to) {
        clock.advance(Duration.ofNanos(to - elapsed.getAndSet(to)));
    }
}
