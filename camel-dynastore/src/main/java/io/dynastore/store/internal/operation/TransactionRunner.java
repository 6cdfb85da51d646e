/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store.internal.operation;

import io.dynastore.store.DynaStoreException;
import io.dynastore.store.Failures;
import io.dynastore.store.IdempotencyToken;
import io.dynastore.store.Key;
import io.dynastore.store.Operation;
import io.dynastore.store.OutcomeUnknownException;
import io.dynastore.store.TransactionFailedException;
import io.dynastore.store.Write;
import io.dynastore.store.WriteRefusedException;
import io.dynastore.store.internal.item.AmbiguousFailures;
import io.dynastore.store.internal.item.Backoff;
import io.dynastore.store.internal.item.BatchReader;
import io.dynastore.store.internal.item.Capacity;
import io.dynastore.store.internal.item.ConditionFailures;
import io.dynastore.store.internal.item.CountedUpdates;
import io.dynastore.store.internal.item.TableContext;
import io.dynastore.store.internal.item.WriteHistory;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.dynamodb.model.ReturnConsumedCapacity;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsRequest;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;
import software.amazon.awssdk.services.dynamodb.model.TransactionInProgressException;

/**
 * Writes that are applied together or not at all. Immutable and thread safe; {@link #run} starts one.
 *
 * <ol>
 *   <li>The SDK gives each request a token. Under it, the service applies the request once, however often it is sent
 *       within ten minutes. So a cancellation says for certain that the request was not applied.
 *   <li>If a condition failed because of an expired item, which counts as absent, the write is sent again as the
 *       replacement of that item as it was seen. If that item has changed since, the write is sent again as it was.
 *       This ends, because another writer has made progress each time, and is bounded.
 *   <li>If only other transactions or used-up capacity stood in the way, the transaction is sent again after a pause, a
 *       few times.
 *   <li>A new request has a new token. If the one before arrives after all, the conditions keep it from being applied
 *       too. A version or absence lets a write pass once. A write with neither looks for the write id that all requests
 *       of this transaction leave.
 *   <li>A transaction that is repeated as a whole, after an unknown outcome, recognises itself by that write id. If no
 *       conflicting item holds it, one item that proves that its write was not applied proves it for all. If it adds to
 *       numbers, {@link RepeatedIncrements} has the rules.
 * </ol>
 *
 * <p>Decision 11 in docs/decisions has the reasons.
 */
final class TransactionRunner {

    /** How often other writers may be in the way before they are reported. */
    private static final int MOST_COLLISIONS = 5;

    private final TableContext table;
    private final ConditionFailures failures;
    private final TransactionRequest items;
    private final Backoff backoff;

    TransactionRunner(TableContext table, ConditionFailures failures) {
        this.table = table;
        this.failures = failures;
        this.items = new TransactionRequest(table);
        this.backoff = new Backoff(table.random());
    }

    /**
     * Carries the writes out.
     *
     * @param operation the operation that they are sent for
     * @param before the transaction of unknown outcome that this one may repeat; null: none
     * @return fails with {@link TransactionFailedException} if a write is not allowed
     */
    CompletableFuture<Applied> run(
            Operation operation, @Nullable IdempotencyToken before, List<TransactionItem> writes) {
        List<@Nullable Object> content = new ArrayList<>();
        content.add(operation);
        writes.forEach(write -> content.add(write.content()));
        boolean redelivered = before != null && before.repeatedBy(content);
        IdempotencyToken token =
                before != null && redelivered ? before : new IdempotencyToken(WriteHistory.id(table.random()), content);
        Set<Key> adding = redelivered ? RepeatedIncrements.keys(writes) : Set.of();
        Set<Key> seen = writes.stream()
                .filter(write -> write.replacing() || adding.contains(write.key()))
                .map(TransactionItem::key)
                .collect(Collectors.toSet());
        Round first = new Round(token, redelivered, writes, 1, 0);
        return seen.isEmpty()
                ? send(first)
                : new BatchReader(table)
                        .read(seen, true, null, () -> false)
                        .exceptionallyCompose(
                                error -> CompletableFuture.failedFuture(unread(first, Failures.cause(error))))
                        .thenCompose(found -> (adding.isEmpty()
                                        ? send(first.with(seeing(writes, found)))
                                        : repeat(first, found))
                                .thenApply(applied -> applied.with(found.capacity())));
    }

    private CompletableFuture<Applied> repeat(Round round, BatchReader.Found found) {
        List<TransactionFinding> findings = RepeatedIncrements.findings(round.writes(), found);
        if (applied(round, findings)) {
            return CompletableFuture.completedFuture(applied(round, findings, 0));
        }
        return RepeatedIncrements.undecided(findings)
                ? CompletableFuture.failedFuture(unknown(round, SdkClientException.create(CountedUpdates.UNDECIDED)))
                : send(round.with(seeing(RepeatedIncrements.bounded(findings), found)));
    }

    private static boolean applied(Round round, List<TransactionFinding> findings) {
        return findings.stream()
                .anyMatch(finding -> finding.appliedVersion(round.token().id()).isPresent());
    }

    /** What replaces all attributes of an item depends on those that it has. */
    private List<TransactionItem> seeing(List<TransactionItem> writes, BatchReader.Found found) {
        return writes.stream()
                .map(write -> write.replacing()
                        ? write.seeing(table, Optional.ofNullable(found.items().get(write.key())))
                        : write)
                .toList();
    }

    /**
     * A transaction that was applied.
     *
     * @param versions what each write produced, null where unknown or none
     * @param id the write id of all its writes
     * @param capacity capacity units
     */
    record Applied(List<@Nullable Long> versions, SdkBytes id, double capacity) {

        Applied with(double further) {
            return new Applied(versions, id, capacity + further);
        }
    }

    /**
     * One request.
     *
     * @param token the write id, and what recognises a repetition
     * @param redelivered whether the transaction may have been applied before
     * @param writes what is sent now
     * @param number counted from 1
     * @param collisions in how many rounds before only other writers were in the way
     */
    private record Round(
            IdempotencyToken token, boolean redelivered, List<TransactionItem> writes, int number, int collisions) {

        Round with(List<TransactionItem> others) {
            return new Round(token, redelivered, others, number, collisions);
        }

        List<Key> keys() {
            return writes.stream().map(TransactionItem::key).toList();
        }
    }

    private CompletableFuture<Applied> send(Round round) {
        TransactWriteItemsRequest request = TransactWriteItemsRequest.builder()
                .transactItems(round.writes().stream()
                        .map(write -> items.of(write, round.token().id()))
                        .toList())
                .returnConsumedCapacity(ReturnConsumedCapacity.TOTAL)
                .build();
        return table.client()
                .transactWriteItems(request)
                .thenApply(response -> applied(
                        round,
                        List.of(),
                        response.hasConsumedCapacity() ? Capacity.of(response.consumedCapacity()) : 0))
                .exceptionallyCompose(error -> failed(round, Failures.cause(error)));
    }

    private CompletableFuture<Applied> failed(Round round, Throwable cause) {
        if (cause instanceof TransactionCanceledException canceled
                && canceled.cancellationReasons().size() == round.writes().size()) {
            return settle(round, canceled);
        }
        boolean unknown = AmbiguousFailures.mayHaveBeenApplied(cause)
                || cause instanceof TransactionInProgressException
                || round.redelivered();
        return CompletableFuture.failedFuture(unknown ? unknown(round, cause) : cause);
    }

    private CompletableFuture<Applied> settle(Round round, TransactionCanceledException canceled) {
        List<CompletableFuture<TransactionFinding>> findings = IntStream.range(
                        0, round.writes().size())
                .mapToObj(i -> TransactionFinding.of(
                        table,
                        failures,
                        round.writes().get(i),
                        canceled.cancellationReasons().get(i),
                        canceled))
                .toList();
        return CompletableFuture.allOf(findings.toArray(CompletableFuture<?>[]::new))
                .exceptionallyCompose(error -> CompletableFuture.failedFuture(unread(round, Failures.cause(error))))
                .thenCompose(all -> decide(
                        round, findings.stream().map(CompletableFuture::join).toList(), canceled));
    }

    /** Items were read, before the first request or since the engine returns no old items, and the read failed. */
    private Throwable unread(Round round, Throwable cause) {
        return round.redelivered() ? unknown(round, cause) : cause;
    }

    private CompletableFuture<Applied> decide(
            Round round, List<TransactionFinding> findings, TransactionCanceledException canceled) {
        if (applied(round, findings) || gone(round, findings)) {
            return CompletableFuture.completedFuture(applied(round, findings, 0));
        }
        boolean inDoubt = round.redelivered()
                && findings.stream().noneMatch(finding -> finding.write().disproved(finding.conflicting()));
        if (inDoubt && findings.stream().anyMatch(TransactionFinding::failed)) {
            return CompletableFuture.failedFuture(unknown(round, canceled));
        }
        List<TransactionItem.Verdict> verdicts =
                findings.stream().map(finding -> finding.verdict(table)).toList();
        List<@Nullable DynaStoreException> reasons = new ArrayList<>();
        verdicts.forEach(verdict -> reasons.add(verdict.reason()));
        boolean collided = reasons.stream().anyMatch(Objects::nonNull);
        boolean passes = reasons.stream().allMatch(TransactionRunner::passes);
        if (!passes || (collided && round.collisions() + 1 == MOST_COLLISIONS)) {
            return CompletableFuture.failedFuture(
                    inDoubt
                            ? unknown(round, canceled)
                            : new TransactionFailedException(table.name(), reasons, canceled));
        }
        if (round.number() == Create.MOST_ROUNDS) {
            return CompletableFuture.failedFuture(round.redelivered() ? unknown(round, canceled) : unsettled(round));
        }
        List<TransactionItem> next = IntStream.range(0, verdicts.size())
                .mapToObj(i -> Objects.requireNonNullElse(
                        verdicts.get(i).again(), findings.get(i).write()))
                .toList();
        Round again = new Round(
                round.token(), round.redelivered(), next, round.number() + 1, round.collisions() + (collided ? 1 : 0));
        return collided
                ? table.pause().of(backoff.pause(round.collisions())).thenCompose(paused -> send(again))
                : send(again);
    }

    private static boolean passes(@Nullable DynaStoreException reason) {
        return reason == null
                || (reason instanceof WriteRefusedException refused
                        && refused.kind().passes());
    }

    /** A delete alone that is repeated and finds nothing is done: what was to be deleted is gone. */
    private static boolean gone(Round round, List<TransactionFinding> findings) {
        TransactionFinding first = findings.get(0);
        return round.redelivered()
                && findings.size() == 1
                && first.write().kind() == Write.Kind.DELETE
                && first.failed()
                && first.conflicting().isEmpty();
    }

    private static Applied applied(Round round, List<TransactionFinding> findings, double capacity) {
        List<@Nullable Long> versions = new ArrayList<>();
        for (int i = 0; i < round.writes().size(); i++) {
            OptionalLong applied = findings.isEmpty()
                    ? OptionalLong.empty()
                    : findings.get(i).appliedVersion(round.token().id());
            TransactionItem write = round.writes().get(i);
            // What a repeated create once replaced is not known any more: only its write id shows the version.
            boolean forgotten = round.redelivered() && write.kind() == Write.Kind.CREATE;
            versions.add(applied.isPresent() ? (Long) applied.getAsLong() : forgotten ? null : write.version());
        }
        return new Applied(versions, round.token().id(), capacity);
    }

    private OutcomeUnknownException unknown(Round round, Throwable cause) {
        return round.writes().size() == 1
                ? new OutcomeUnknownException(table.name(), round.keys().get(0), cause, round.token())
                : new OutcomeUnknownException(table.name(), round.keys(), cause, round.token());
    }

    private DynaStoreException unsettled(Round round) {
        return new DynaStoreException("Table " + table.name() + ", keys " + round.keys()
                + ": items changed between absent, expired and live " + Create.MOST_ROUNDS
                + " times while they were to be written. Nothing was written: try again.");
    }
}
