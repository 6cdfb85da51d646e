/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store;

import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One write or check of a transaction. Immutable: each method that changes something returns a new one.
 *
 * <pre>{@code
 * List.of(
 *         Write.update(Key.of("account", "1"), less).expectedVersion(3L),
 *         Write.create(Key.of("transfer", "4711"), transfer).ttl(Duration.ofDays(90)),
 *         Write.check(Key.of("account", "2")))
 * }</pre>
 *
 * @param kind what is done
 * @param key the item
 * @param value what create, put and update store as payload; null is stored as NULL
 * @param fields the extra fields that create, put and update set; a null removes one
 * @param expiry what create, put and update do to the expiry; null: what the call says
 * @param due from when an item that create, put and update store may be claimed; null: what the call says
 * @param payloadMode what put and update do with the stored payload; null: what the call says
 * @param increments numbers that create, put and update add, as in {@link WriteCall.Builder#increments}
 * @param expectedVersion the version that the item must have; 0: a live item without one; null: any. Of a lock: the
 *     token under which it must be held
 */
public record Write(
        Kind kind,
        Key key,
        @Nullable Object value,
        Map<String, @Nullable Object> fields,
        @Nullable Expiry expiry,
        @Nullable Due due,
        @Nullable PayloadMode payloadMode,
        Map<String, Number> increments,
        @Nullable Long expectedVersion) {

    /** What can be done with an item in a transaction; each as the operation of that name does it. */
    public enum Kind {
        /** Write an item whose key no live item has. */
        CREATE,
        /** Create an item, or update the live one. */
        PUT,
        /** Replace the payload of a live item. */
        UPDATE,
        /** Delete a live item. */
        DELETE,
        /** Change nothing, but let the transaction fail unless the item is live. */
        CHECK,
        /** Change nothing, but let the transaction fail unless a lock is still held under its token. */
        HOLDS;

        /** The name that routes use. */
        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** Whether an item is there afterwards that has the payload of this write. */
        public boolean stores() {
            return switch (this) {
                case CREATE, PUT, UPDATE -> true;
                case DELETE, CHECK, HOLDS -> false;
            };
        }
    }

    /**
     * Checks that the parts go together.
     *
     * @throws InvalidInputException naming the key, if not
     */
    public Write {
        fields = Collections.unmodifiableMap(new LinkedHashMap<>(fields));
        increments = Collections.unmodifiableMap(new LinkedHashMap<>(increments));
        if (expectedVersion != null && expectedVersion < 0) {
            throw new InvalidInputException("Key " + key
                    + ": an expected version is 0 (an item without a version) or more, not " + expectedVersion + ".");
        }
        if (expectedVersion != null && kind == Kind.CREATE) {
            throw new InvalidInputException("Key " + key
                    + ": a create expects no item, and so no version. Use update or put, or leave the"
                    + " expected version out.");
        }
        boolean content = value != null || !fields.isEmpty() || payloadMode != null || !increments.isEmpty();
        if (!kind.stores() && (content || expiry != null || due != null)) {
            throw new InvalidInputException("Key " + key + ": a " + kind.text()
                    + " stores nothing. Leave out value, fields, increments, payload mode, time to live and time of"
                    + " delivery.");
        }
        if (value != null && payloadMode == PayloadMode.KEEP) {
            throw new InvalidInputException("Key " + key
                    + ": a write that keeps the payload (payloadMode=keep) has no value. Leave one of the two out.");
        }
    }

    /** Writes an item whose key no live item has. */
    public static Write create(Key key, @Nullable Object value) {
        return new Write(Kind.CREATE, key, value, Map.of(), null, null, null, Map.of(), null);
    }

    /** Creates an item, or updates the live one. */
    public static Write put(Key key, @Nullable Object value) {
        return new Write(Kind.PUT, key, value, Map.of(), null, null, null, Map.of(), null);
    }

    /** Replaces the payload of a live item. */
    public static Write update(Key key, @Nullable Object value) {
        return new Write(Kind.UPDATE, key, value, Map.of(), null, null, null, Map.of(), null);
    }

    /** Changes a live item, and keeps its payload: for fields and increments. */
    public static Write keep(Key key) {
        return update(key, null).payloadMode(PayloadMode.KEEP);
    }

    /** Deletes a live item. */
    public static Write delete(Key key) {
        return new Write(Kind.DELETE, key, null, Map.of(), null, null, null, Map.of(), null);
    }

    /** Demands a live item, and leaves it as it is. */
    public static Write check(Key key) {
        return new Write(Kind.CHECK, key, null, Map.of(), null, null, null, Map.of(), null);
    }

    /**
     * Demands that a lock is still held, and leaves it as it is: what the other writes of the transaction change is
     * protected by the lock without remembering tokens. A renewal at the same time makes the transaction try again.
     *
     * @param lock the lock's key
     * @param token its fencing token
     */
    public static Write holds(Key lock, long token) {
        return new Write(Kind.HOLDS, lock, null, Map.of(), null, null, null, Map.of(), token);
    }

    /** The version that the item must have; 0: a live item without one; null: any. */
    public Write expectedVersion(@Nullable Long version) {
        return new Write(kind, key, value, fields, expiry, due, payloadMode, increments, version);
    }

    /** Extra fields to set; a null removes one, those that are not named stay. */
    public Write fields(Map<String, ? extends @Nullable Object> newFields) {
        return new Write(
                kind,
                key,
                value,
                new LinkedHashMap<>(newFields),
                expiry,
                due,
                payloadMode,
                increments,
                expectedVersion);
    }

    /** What a put or update does with the stored payload. */
    public Write payloadMode(PayloadMode mode) {
        return new Write(kind, key, value, fields, expiry, due, mode, increments, expectedVersion);
    }

    /** Numbers to add, as in {@link WriteCall.Builder#increments}. */
    public Write increments(Map<String, ? extends Number> numbers) {
        return new Write(
                kind, key, value, fields, expiry, due, payloadMode, new LinkedHashMap<>(numbers), expectedVersion);
    }

    /** What happens to the expiry. */
    public Write expiry(Expiry newExpiry) {
        return new Write(kind, key, value, fields, newExpiry, due, payloadMode, increments, expectedVersion);
    }

    /** Lets the item expire when this time has passed. */
    public Write ttl(Duration ttl) {
        return expiry(Expiry.after(ttl));
    }

    /** From when a consumer of a work queue may claim the item. */
    public Write due(Due newDue) {
        return new Write(kind, key, value, fields, expiry, newDue, payloadMode, increments, expectedVersion);
    }

    /** Names the write without its value and fields, so that it may be logged. */
    @Override
    public String toString() {
        return kind.text() + " " + key + (expectedVersion == null ? "" : " at version " + expectedVersion);
    }
}
