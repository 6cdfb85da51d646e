/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.state;

import io.dynastore.store.InvalidInputException;
import io.dynastore.store.Key;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.apache.camel.AsyncProcessor;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * One exchange in a {@link DynaStoreOnce}. Nothing waits; the exchange continues on the component's threads.
 *
 * <ol>
 *   <li>It adds the key. If that succeeds, it is the first, and its work is done.
 *   <li>If the work fails, the key is removed, so that a later message is processed. Otherwise, one write confirms the
 *       key and stores the result.
 *   <li>If the key is taken, the item of the key came with the response. It has the result, or says that the first is
 *       in progress.
 * </ol>
 */
final class OnceExecution {

    private static final Logger LOG = LoggerFactory.getLogger(DynaStoreOnce.class);

    private static final long FIRST_PAUSE = 50;
    private static final long LONGEST_PAUSE = 2_000;

    private final OnceKeys keys;
    private final ResultFormat format;
    private final AsyncProcessor work;
    private final Executor threads;
    private final Exchange exchange;
    private final String key;
    private final @Nullable AttributeValue digest;
    private final long deadline;
    private long pause = FIRST_PAUSE;

    /**
     * An exchange that has not begun.
     *
     * @param digest that of the payload; null: payloads are not compared
     * @param wait how long to wait for the first message of the key
     */
    OnceExecution(
            OnceKeys keys,
            ResultFormat format,
            AsyncProcessor work,
            Executor threads,
            Exchange exchange,
            String key,
            @Nullable AttributeValue digest,
            Duration wait) {
        this.keys = keys;
        this.format = format;
        this.work = work;
        this.threads = threads;
        this.exchange = exchange;
        this.key = key;
        this.digest = digest;
        this.deadline = System.nanoTime() + wait.toNanos();
    }

    /** Ends when the exchange has its result. Fails with the error that it ends with. */
    CompletableFuture<Void> run() {
        return keys.add(exchange.getExchangeId() + "/" + key, key, digest)
                .thenComposeAsync(
                        found -> found.claim() == null ? duplicate(found.item()) : first(found.claim()), threads);
    }

    private CompletableFuture<Void> first(Claim claim) {
        CompletableFuture<Void> worked = new CompletableFuture<>();
        try {
            work.process(exchange, doneSync -> worked.complete(null));
        } catch (RuntimeException | Error e) {
            exchange.setException(e);
            worked.complete(null);
        }
        return worked.thenCompose(done -> {
            if (exchange.isFailed() || exchange.isRollbackOnly() || exchange.isRollbackOnlyLast()) {
                return keys.remove(claim);
            }
            store(claim);
            return keys.confirm(claim);
        });
    }

    /** The work is done, and must not be repeated because its result can't be stored. */
    private void store(Claim claim) {
        try {
            claim.confirmWith(format.of(exchange));
        } catch (InvalidInputException e) {
            LOG.warn(
                    "Table {}, key {}: the message was processed, but its result can't be stored for duplicates, which"
                            + " will fail: {}",
                    keys.table(),
                    claim.place(),
                    e.getMessage());
        }
    }

    private CompletableFuture<Void> duplicate(Map<String, AttributeValue> item) {
        Key place = keys.place(key);
        if (item.isEmpty()) {
            // Removed since the add: its work failed.
            return again();
        }
        AttributeValue other = item.get(KeyWrites.DIGEST);
        if (digest != null && other != null && !digest.equals(other)) {
            keys.duplicate();
            throw new IdempotencyPayloadMismatchException(keys.table(), place);
        }
        AttributeValue until = item.get(KeyWrites.UNTIL);
        if (until != null) {
            if (System.nanoTime() < deadline) {
                return again();
            }
            keys.duplicate();
            throw new IdempotencyInProgressException(
                    keys.table(), place, Instant.ofEpochMilli(Long.parseLong(until.n())));
        }
        keys.duplicate();
        AttributeValue payload = item.get(keys.payload());
        if (payload == null) {
            throw new ResultNotStoredException(keys.table(), place);
        }
        AttributeValue headers = item.get(KeyWrites.HEADERS);
        format.apply(new StoredResult(payload, headers == null ? Map.of() : headers.m()), exchange);
        exchange.setProperty(Exchange.DUPLICATE_MESSAGE, true);
        return CompletableFuture.completedFuture(null);
    }

    /** After a pause: longer each time, and of another length in each process. */
    private CompletableFuture<Void> again() {
        long millis = ThreadLocalRandom.current().nextLong(pause / 2, pause + 1);
        pause = Math.min(LONGEST_PAUSE, 2 * pause);
        return CompletableFuture.runAsync(
                        () -> {}, CompletableFuture.delayedExecutor(millis, TimeUnit.MILLISECONDS, threads))
                .thenCompose(paused -> run());
    }
}
