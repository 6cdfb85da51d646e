/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store.internal.operation;

import io.dynastore.store.DynaStoreException;
import io.dynastore.store.WriteRefusedException;
import io.dynastore.store.internal.item.ConditionFailures;
import io.dynastore.store.internal.item.InvalidRequests;
import io.dynastore.store.internal.item.StoredItem;
import io.dynastore.store.internal.item.TableContext;
import io.dynastore.store.internal.item.WriteHistory;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.model.CancellationReason;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;

/**
 * What is known of one write of a cancelled transaction.
 *
 * @param write the write
 * @param failed whether its condition failed
 * @param conflicting the conflicting item, if its condition failed
 * @param reason what else it failed for; null if nothing
 */
record TransactionFinding(
        TransactionItem write,
        boolean failed,
        Optional<StoredItem> conflicting,
        @Nullable DynaStoreException reason) {

    /**
     * What the service says of a write.
     *
     * @param failures reads the conflicting item where the service has not returned it
     */
    static CompletableFuture<TransactionFinding> of(
            TableContext table,
            ConditionFailures failures,
            TransactionItem write,
            CancellationReason reason,
            TransactionCanceledException canceled) {
        String code = Objects.requireNonNullElse(reason.code(), "None");
        if (code.equals("ConditionalCheckFailed")) {
            return failures.conflictingItem(
                            table, write.key(), write.keyAttributes(), reason.hasItem() ? reason.item() : Map.of())
                    .thenApply(conflicting -> new TransactionFinding(write, true, conflicting, null));
        }
        DynaStoreException refused = code.equals("None") ? null : refused(table, write, code, reason, canceled);
        return CompletableFuture.completedFuture(new TransactionFinding(write, false, Optional.empty(), refused));
    }

    private static DynaStoreException refused(
            TableContext table,
            TransactionItem write,
            String code,
            CancellationReason reason,
            TransactionCanceledException canceled) {
        String place = "Table " + table.name() + ", key " + write.key();
        DynaStoreException ours = ServiceErrorTranslator.write(table.schema(), place, reason.message(), canceled);
        if (ours == null && code.equals("ValidationError")) {
            ours = InvalidRequests.error(place, Objects.requireNonNullElse(reason.message(), code), false, canceled);
        }
        return ours != null
                ? ours
                : new WriteRefusedException(table.name(), write.key(), kind(code), reason.message(), canceled);
    }

    private static WriteRefusedException.Kind kind(String code) {
        return switch (code) {
            case "TransactionConflict" -> WriteRefusedException.Kind.CONFLICT;
            case "ProvisionedThroughputExceeded", "ThrottlingError", "RequestLimitExceeded" ->
                WriteRefusedException.Kind.THROTTLED;
            case "ItemCollectionSizeLimitExceeded" -> WriteRefusedException.Kind.COLLECTION_TOO_LARGE;
            default -> WriteRefusedException.Kind.OTHER;
        };
    }

    /** What is to be reported of the write, or to be sent again. */
    TransactionItem.Verdict verdict(TableContext table) {
        return failed
                ? write.verdict(table, conflicting)
                : new TransactionItem.Verdict(reason == null ? write : null, reason);
    }

    /** The version that this transaction has produced in the conflicting item, if that holds its write id. */
    OptionalLong appliedVersion(SdkBytes id) {
        return conflicting.isPresent()
                ? WriteHistory.version(conflicting.get().attributes(), id)
                : OptionalLong.empty();
    }
}
