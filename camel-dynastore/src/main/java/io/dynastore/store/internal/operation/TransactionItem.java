/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store.internal.operation;

import io.dynastore.store.Call;
import io.dynastore.store.ConditionalCall;
import io.dynastore.store.DeleteCall;
import io.dynastore.store.DynaStoreException;
import io.dynastore.store.InvalidInputException;
import io.dynastore.store.Key;
import io.dynastore.store.KeyExistsException;
import io.dynastore.store.LockLostException;
import io.dynastore.store.LockLostException.Reason;
import io.dynastore.store.TransactCall;
import io.dynastore.store.Write;
import io.dynastore.store.WriteCall;
import io.dynastore.store.internal.item.ConditionFailures;
import io.dynastore.store.internal.item.ConditionTemplate;
import io.dynastore.store.internal.item.EncodedItem;
import io.dynastore.store.internal.item.InsideUpdate;
import io.dynastore.store.internal.item.ItemUpdate;
import io.dynastore.store.internal.item.StoredItem;
import io.dynastore.store.internal.item.TableContext;
import io.dynastore.store.internal.item.WriteHistory;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * One write of a transaction as it is to be sent next, and what a conflicting item means to it.
 *
 * <p>Decision 11 in docs/decisions has the reasons.
 *
 * @param kind what is done
 * @param call the call that would do the same alone; for a check, the delete under the same condition
 * @param key the item
 * @param keyAttributes the same, encoded
 * @param condition of its update, delete or check; a create and a lock have their own
 * @param item what is stored; null for a delete or check
 * @param expired the expired item to replace as it was seen; null if there is none that we know of
 * @param shape the item to change inside or to replace all attributes of, as it was seen; without attributes if there
 *     was none; null if it was not seen
 * @param once whether the item has to show still that no earlier request of this write was applied
 */
record TransactionItem(
        Write.Kind kind,
        ConditionalCall<?> call,
        Key key,
        Map<String, AttributeValue> keyAttributes,
        ConditionTemplate condition,
        @Nullable EncodedItem item,
        @Nullable StoredItem expired,
        @Nullable StoredItem shape,
        boolean once) {

    private static final String DELETE_REMEDY = "It was deleted or has expired: leave the delete out.";
    private static final String CHECK_REMEDY = "The check demands one.";

    /**
     * What follows from a conflicting item.
     *
     * @param again what to send in place of this write; null if it failed
     * @param reason why it failed; null if it did not
     */
    record Verdict(
            @Nullable TransactionItem again, @Nullable DynaStoreException reason) {

        static Verdict again(TransactionItem write) {
            return new Verdict(write, null);
        }

        static Verdict failed(DynaStoreException reason) {
            return new Verdict(null, reason);
        }
    }

    /** One of many writes; options that it leaves open are those of the whole call. */
    static TransactionItem of(TableContext table, TransactCall whole, Write write) {
        return switch (write.kind()) {
            case CREATE -> of(table, alone(WriteCall.Kind.CREATE, whole, write));
            case PUT -> of(table, alone(WriteCall.Kind.PUT, whole, write));
            case UPDATE -> of(table, alone(WriteCall.Kind.UPDATE, whole, write));
            case DELETE, CHECK, HOLDS ->
                of(
                        table,
                        write.kind(),
                        Call.delete(write.key())
                                .expectedVersion(write.expectedVersion())
                                .fencingToken(whole.fencingToken())
                                .build());
        };
    }

    private static WriteCall alone(WriteCall.Kind kind, TransactCall whole, Write write) {
        return WriteCall.builder(kind)
                .key(write.key())
                .value(write.value())
                .fields(write.fields())
                .expiry(write.expiry() == null ? whole.expiry() : write.expiry())
                .due(write.due() == null ? whole.due() : write.due())
                .claimIndex(whole.claimIndex())
                .payloadMode(write.payloadMode() == null ? whole.payloadMode() : write.payloadMode())
                .increments(write.increments())
                .payloadFormat(whole.payloadFormat())
                .expectedVersion(write.expectedVersion())
                .fencingToken(whole.fencingToken())
                .build();
    }

    /** The only write of a transaction. */
    static TransactionItem of(TableContext table, WriteCall call) {
        Write.Kind kind =
                switch (call.kind()) {
                    case CREATE -> Write.Kind.CREATE;
                    case PUT -> Write.Kind.PUT;
                    case UPDATE -> Write.Kind.UPDATE;
                };
        ConditionTemplate condition = kind == Write.Kind.PUT ? Put.condition(call) : ConditionTemplate.of(call);
        EncodedItem item = EncodedItem.of(table, call);
        return new TransactionItem(kind, call, call.key(), item.keyAttributes(), condition, item, null, null, false);
    }

    /** The only delete of a transaction. */
    static TransactionItem of(TableContext table, DeleteCall call) {
        return of(table, Write.Kind.DELETE, call);
    }

    private static TransactionItem of(TableContext table, Write.Kind kind, DeleteCall call) {
        Map<String, AttributeValue> keyAttributes = table.schema().encode(call.key());
        return new TransactionItem(
                kind, call, call.key(), keyAttributes, Delete.condition(call), null, null, null, false);
    }

    /** What makes a repetition of this write the same write. */
    List<@Nullable Object> content() {
        return Arrays.asList(
                kind,
                key,
                call.expectedVersion(),
                call.expectedIncarnation(),
                item == null ? null : item.content(),
                item == null ? null : item.ownFields(),
                item == null ? null : item.expiry(),
                item == null ? null : item.due());
    }

    /** Whether this write replaces all attributes of a flat item that is there. */
    boolean replacing() {
        return item != null && item.replacing();
    }

    /** Whether this write adds to numbers of an item whatever its version is. */
    boolean adds() {
        return call instanceof WriteCall write
                && write.kind() != WriteCall.Kind.CREATE
                && write.expectedVersion() == null
                && !write.increments().isEmpty();
    }

    /** The same write, refused by an item that no longer shows that it was not applied before. */
    TransactionItem bounded() {
        return new TransactionItem(kind, call, key, keyAttributes, condition, item, expired, shape, true);
    }

    /** Whether there is no item yet, so that it is written whole. */
    boolean absent() {
        return shape != null && shape.attributes().isEmpty();
    }

    /** The version that this write produces; null if it produces none, or that is not known before. */
    @Nullable
    Long version() {
        if (expired != null) {
            return expired.version() + 1;
        }
        if (replacing() && shape != null) {
            return absent() ? 1L : (Long) (shape.version() + 1);
        }
        return switch (kind) {
            case CREATE -> 1L;
            case PUT, UPDATE -> call.expectedVersion() == null ? null : (Long) (call.expectedVersion() + 1);
            case DELETE, CHECK, HOLDS -> null;
        };
    }

    /** The write for an item that was read, where it depends on that item: it replaces all attributes. */
    TransactionItem seeing(TableContext table, Optional<StoredItem> found) {
        boolean creates = kind == Write.Kind.PUT && call.expectedVersion() == null;
        if (found.isEmpty()) {
            return creates ? shaped(new StoredItem(table, key, Map.of())) : this;
        }
        if (found.get().expired()) {
            return creates && !found.get().lock() ? replacing(found.get()) : this;
        }
        return ConditionFailures.meets(table, call, found) ? shaped(found.get()) : this;
    }

    /** What to do after the condition failed because of this item, or the absence of one. */
    Verdict verdict(TableContext table, Optional<StoredItem> conflicting) {
        if (kind == Write.Kind.HOLDS) {
            return Verdict.failed(new LockLostException(
                    table.name(),
                    key,
                    Reason.TAKEN,
                    conflicting.map(StoredItem::owner).orElse(null),
                    null));
        }
        Optional<DynaStoreException> closed =
                ConditionFailures.lockFailure(table, key, call.fencingToken(), conflicting);
        if (closed.isPresent()) {
            return Verdict.failed(closed.get());
        }
        if (kind == Write.Kind.CREATE || (kind == Write.Kind.PUT && call.expectedVersion() == null)) {
            if (conflicting.isPresent() && conflicting.get().expired()) {
                return Verdict.again(replacing(conflicting.get()));
            }
            Optional<DynaStoreException> refused = conflicting.flatMap(live -> refused(table, live));
            return refused.map(Verdict::failed)
                    .orElseGet(() -> inside(table, conflicting.orElseGet(() -> new StoredItem(table, key, Map.of()))));
        }
        if (conflicting.isPresent()
                && item != null
                && (item.changes() != null || item.replacing())
                && ConditionFailures.meets(table, call, conflicting)) {
            return inside(table, conflicting.get());
        }
        return Verdict.failed(ConditionFailures.failure(table, call, conflicting, remedy()));
    }

    /** Why a create or put can't be applied to a live item; empty if it can be by now. */
    private Optional<DynaStoreException> refused(TableContext table, StoredItem live) {
        if (kind == Write.Kind.CREATE) {
            return Optional.of(new KeyExistsException(table.name(), key));
        }
        return onlyWhole()
                ? Optional.of(ItemUpdate.tooMany(table, Objects.requireNonNull(item)))
                : ConditionFailures.versionFailure(table, key, Optional.of(live));
    }

    /** Whether this put can only write a whole item, since it has more fields than an update can name. */
    boolean onlyWhole() {
        return kind == Write.Kind.PUT
                && call.expectedVersion() == null
                && item != null
                && !ItemUpdate.fits(item, condition);
    }

    /**
     * Whether this item proves that the write has not been applied before: see {@link WriteHistory}. An absent item
     * proves nothing, nor does a check, which leaves no trace.
     */
    boolean disproved(Optional<StoredItem> conflicting) {
        if (conflicting.isEmpty()) {
            return false;
        }
        Long produced = call.expectedVersion() == null ? null : (Long) (call.expectedVersion() + 1);
        return switch (kind) {
            case CREATE, PUT, UPDATE -> WriteHistory.disprove(conflicting.get(), call.expectedIncarnation(), produced);
            case DELETE ->
                WriteHistory.sameIncarnation(conflicting.get(), call.expectedIncarnation(), call.expectedVersion());
            case CHECK, HOLDS -> false;
        };
    }

    private TransactionItem shaped(StoredItem seen) {
        return new TransactionItem(kind, call, key, keyAttributes, condition, item, null, seen, once);
    }

    private TransactionItem replacing(StoredItem seen) {
        return new TransactionItem(kind, call, key, keyAttributes, condition, item, seen, null, once);
    }

    /** The same write for an item of this shape, unless it can't be changed in that way. */
    private Verdict inside(TableContext table, StoredItem seen) {
        try {
            InsideUpdate.check(table, Objects.requireNonNull(item), seen);
        } catch (InvalidInputException e) {
            return Verdict.failed(e);
        }
        return Verdict.again(shaped(seen));
    }

    private String remedy() {
        return switch (kind) {
            case CREATE, PUT, UPDATE -> Update.REMEDY;
            case DELETE -> DELETE_REMEDY;
            case CHECK, HOLDS -> CHECK_REMEDY;
        };
    }
}
