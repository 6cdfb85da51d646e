/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.consumer;

import io.dynastore.queue.HeldClaim;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.apache.camel.support.DefaultConsumer;

/** The claimed items of a consumer whose exchanges are in flight, a limited number at a time. Thread safe. */
final class ClaimsInFlight {

    /** How soon a waiting thread finds out that it may not claim any more. */
    static final long SLICE_MILLIS = 100;

    private static final long LONGEST_STOP_SECONDS = 5;

    private final ConsumerSession.ConsumerState state;
    private final ClaimDelivery delivery;
    private final WorkerThreads threads;
    private final Semaphore slots;
    private volatile boolean stopped;

    /**
     * No items yet.
     *
     * @param most the most items in flight
     */
    ClaimsInFlight(ConsumerContext context, int most, DefaultConsumer consumer, ConsumerSession.ConsumerState state) {
        this.state = state;
        this.delivery = new ClaimDelivery(context, consumer);
        this.slots = new Semaphore(most);
        this.threads = new WorkerThreads(
                consumer.getEndpoint().getCamelContext(),
                consumer.getEndpoint(),
                consumer.getEndpoint().getEndpointUri());
    }

    boolean stopped() {
        return stopped;
    }

    boolean mayClaim() {
        return !stopped && state.mayRead();
    }

    /** The consumer can read. */
    void ready() {
        state.ready();
    }

    /** Waits until an item may be claimed, and takes its slot. False if none may be claimed any more. */
    boolean takeSlot() throws InterruptedException {
        while (mayClaim()) {
            if (slots.tryAcquire(SLICE_MILLIS, TimeUnit.MILLISECONDS)) {
                return true;
            }
        }
        return false;
    }

    /** Waits until an item may be claimed. Returns how many may be: 0 if none may be any more. */
    int awaitSlots() throws InterruptedException {
        if (!takeSlot()) {
            return 0;
        }
        slots.release();
        return Math.max(1, slots.availablePermits());
    }

    /** Gives a slot back that was not used. */
    void releaseSlot() {
        slots.release();
    }

    /** Delivers a claimed item on a thread of its own. Its slot is free when the item is settled. */
    void begin(HeldClaim claim) {
        if (stopped || !state.mayDeliver()) {
            giveBack(claim);
            return;
        }
        try {
            threads.execute(() -> deliver(claim));
        } catch (RuntimeException | Error e) {
            // There is no thread for it.
            giveBack(claim);
            throw e;
        }
    }

    private void giveBack(HeldClaim claim) {
        CompletableFuture<?> unused = delivery.giveBack(claim).whenComplete((end, error) -> slots.release());
    }

    private void deliver(HeldClaim claim) {
        if (stopped || !state.mayDeliver() || !claim.mayBeDelivered()) {
            giveBack(claim);
            return;
        }
        CompletableFuture<?> unused = delivery.deliver(claim).whenComplete((end, error) -> slots.release());
    }

    /** Begins nothing from now on. */
    void refuse() {
        stopped = true;
    }

    /** Exchanges have ended by now, unless the route is stopped by force. What they have to settle is waited for. */
    void stop() {
        delivery.awaitSettled(LONGEST_STOP_SECONDS, TimeUnit.SECONDS);
    }

    void close() {
        threads.close();
    }
}
