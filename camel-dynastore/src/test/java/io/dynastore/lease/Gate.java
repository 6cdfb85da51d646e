/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.lease;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Executor;

/**
 * Lets a worker among others in this JVM stand still as a process would: what it has to run waits in front of the gate, timers and
 * answers included, while time goes on. Thread safe.
 */
final class Gate {

    private final Deque<Runnable> held = new ArrayDeque<>();
    private boolean shut;
    private boolean forGood;

    synchronized void shut() {
        shut = true;
    }

    /** Shut, and never opened again: the process is dead. */
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

    /** For the worker's own thread. */
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
