/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.lease;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Executor;

/**
 * Stops a worker as if its process stood still, beside others in this JVM. Its tasks wait in front of the gate, timers
 * and responses included, while time continues. Thread safe.
 */
final class Gate {

    private final Deque<Runnable> held = new ArrayDeque<>();
    private boolean shut;
    private boolean forGood;

    synchronized void shut() {
        shut = true;
    }

    /** Shuts for ever: the process is dead. */
    synchronized void shutForGood() {
        shut = true;
        forGood = true;
        notifyAll();
    }

    void open() {
        while (true) {
            Runnable next;
            synchronized (this) {
                if (forGood) {
                    return;
                }
                next = held.poll();
                if (next == null) {
                    shut = false;
                    notifyAll();
                    return;
                }
            }
            next.run();
        }
    }

    /** Waits on the worker's own thread while the gate is shut. */
    synchronized void pass() throws InterruptedException {
        while (shut) {
            wait();
        }
    }

    Executor before(Executor executor) {
        return task -> executor.execute(() -> run(task));
    }

    LeaseTimer before(LeaseTimer timer) {
        return new LeaseTimer() {
            @Override
            public Wakeup after(long nanos, Runnable task) {
                return timer.after(nanos, () -> run(task));
            }

            @Override
            public void send(Runnable task) {
                timer.send(() -> run(task));
            }
        };
    }

    private void run(Runnable task) {
        synchronized (this) {
            if (shut) {
                held.add(task);
                return;
            }
        }
        task.run();
    }
}
