/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The result of a call that succeeded. Each outcome says by {@link #writeTo} what a message gets of it. */
public sealed interface Outcome {

    /** The capacity units that all requests of the call consumed together, as the service reports them. */
    double consumedCapacity();

    /** Passes each part of this outcome, apart from the capacity, to a sink. */
    void writeTo(Sink sink);

    /** Takes the parts of an outcome. A part that has nothing to say is not passed, unless null is allowed. */
    interface Sink {

        /** The result itself. Not called by an outcome that leaves what the caller has given. */
        void body(@Nullable Object body);

        /** The result, as a list of items. */
        void items(List<Item> items);

        /** The result, which has to be closed. */
        void stream(ItemStream items);

        /** Whether a live item was found. */
        void found(boolean found);

        /** The version of the item that was read or written; null if there is none, or it is unknown. */
        void version(@Nullable Long version);

        /** The versions that the writes of a transaction produced. */
        void versions(List<@Nullable Long> versions);

        /** What became of each of many writes. */
        void outcomes(BulkOutcomes outcomes);

        /** The expiry of the item; null if it has none, or the write set none. */
        void expires(@Nullable Instant expires);

        /** The extra fields of the item, or what a write has added to. */
        void fields(Map<String, @Nullable Object> fields);

        /** The number of items on a page. */
        void count(int items);

        /** The token of the next page; null if there is none. */
        void nextToken(@Nullable String token);

        /** The item that the key has now: its version, and the incarnation that it is in; null if unknown or none. */
        void seen(Key key, @Nullable Long version, @Nullable Incarnation incarnation);

        /** Items as they were read. */
        void seen(List<Item> items);
    }

    /**
     * A create, put or update was applied.
     *
     * @param key the item's key
     * @param version the version that this write produced; null where it is unknown because the call does not ask for
     *     it
     * @param incarnation the incarnation of the item that was written; null where it is unknown
     * @param expires the expiry that this write set; null if it set none
     * @param increments the new values of what the write added to, by the texts of the call; null if the call does not
     *     ask for them, or they are unknown
     * @param consumedCapacity capacity units
     */
    record Written(
            Key key,
            @Nullable Long version,
            @Nullable Incarnation incarnation,
            @Nullable Instant expires,
            @Nullable Map<String, @Nullable Object> increments,
            double consumedCapacity)
            implements Outcome {

        /** The same outcome with what further requests of the call consumed. */
        public Written with(double furtherCapacity) {
            return new Written(key, version, incarnation, expires, increments, consumedCapacity + furtherCapacity);
        }

        @Override
        public void writeTo(Sink sink) {
            sink.version(version);
            sink.expires(expires);
            if (increments != null) {
                sink.fields(increments);
            }
            sink.seen(key, version, incarnation);
        }
    }

    /**
     * A delete was applied, or there was nothing to delete and the call allows that.
     *
     * @param key the item's key
     * @param consumedCapacity capacity units
     */
    record Deleted(Key key, double consumedCapacity) implements Outcome {

        @Override
        public void writeTo(Sink sink) {
            sink.seen(key, null, null);
        }
    }

    /**
     * The result of a get.
     *
     * @param key the key of the call
     * @param item the item; null if there is no live one
     * @param incarnation the incarnation that the item is in; null if there is no live one
     * @param consumedCapacity capacity units
     */
    record Read(Key key, @Nullable Item item, @Nullable Incarnation incarnation, double consumedCapacity)
            implements Outcome {

        @Override
        public void writeTo(Sink sink) {
            sink.found(item != null);
            sink.body(item == null ? null : item.payload());
            if (item != null) {
                sink.version(item.version());
                sink.expires(item.expires());
                sink.fields(item.fields());
            }
            sink.seen(key, item == null ? null : (Long) item.version(), incarnation);
        }
    }

    /**
     * The result of an exists.
     *
     * @param key the key of the call
     * @param version the version of the live item; null if there is none
     * @param incarnation the incarnation that the item is in; null if there is no live one
     * @param expires the expiry of the live item, if it has one
     * @param consumedCapacity capacity units
     */
    record Existence(
            Key key,
            @Nullable Long version,
            @Nullable Incarnation incarnation,
            @Nullable Instant expires,
            double consumedCapacity)
            implements Outcome {

        @Override
        public void writeTo(Sink sink) {
            sink.found(version != null);
            sink.body(version != null);
            sink.version(version);
            sink.expires(expires);
            sink.seen(key, version, incarnation);
        }
    }

    /**
     * One page of a list.
     *
     * @param items in sort-key order; may be empty, also when there is a token
     * @param nextToken asks for the page behind this one; null at the end
     * @param consumedCapacity capacity units
     * @param places where each item stands in the list
     * @param unreadable why an item can't be read, by its index; that item has key, version and expiry alone, and
     *     version 0 if its version is unknown. Empty unless the call {@linkplain ListOptions#keepUnreadable asks}
     *     for it
     */
    record Page(
            List<Item> items,
            @Nullable String nextToken,
            double consumedCapacity,
            Places places,
            Map<Integer, UnreadableItemException> unreadable)
            implements Outcome {
        public Page {
            items = List.copyOf(items);
            unreadable = Map.copyOf(unreadable);
        }

        @Override
        public void writeTo(Sink sink) {
            sink.items(items);
            sink.count(items.size());
            sink.seen(items);
            sink.nextToken(nextToken);
        }

        /** Returns where the items of a page stand. */
        @FunctionalInterface
        public interface Places {

            /**
             * The token that continues the list behind an item, which need not exist any more by then: as the page's
             * token does behind its last one. It is made at each call.
             *
             * @param index of the item on the page
             * @return null through an index whose sort key was not declared, as the place within the page is not known
             *     then
             */
            @Nullable
            String behind(int index);
        }
    }

    /**
     * A list as a stream of all its pages.
     *
     * @param items in sort-key order; the caller has to close it
     * @param consumedCapacity capacity units of the first page, the others are yet to come
     */
    record Streamed(ItemStream items, double consumedCapacity) implements Outcome {

        @Override
        public void writeTo(Sink sink) {
            sink.stream(items);
            sink.nextToken(null);
        }
    }

    /**
     * A transaction was applied.
     *
     * @param writes what was applied
     * @param versions the version that each write produced, in their order; null for a delete or a check, and where it
     *     is unknown because the write expected none; unmodifiable
     * @param consumedCapacity capacity units
     */
    record Transacted(List<Write> writes, List<@Nullable Long> versions, double consumedCapacity) implements Outcome {
        public Transacted {
            writes = List.copyOf(writes);
            versions = Collections.unmodifiableList(new ArrayList<>(versions));
        }

        @Override
        public void writeTo(Sink sink) {
            sink.versions(versions);
            for (int i = 0; i < writes.size(); i++) {
                // A check leaves the item, and so what was seen of it, as it is.
                if (writes.get(i).kind() != Write.Kind.CHECK) {
                    sink.seen(writes.get(i).key(), versions.get(i), null);
                }
            }
        }
    }

    /**
     * The writes of a bulk call have ended, each in its own way.
     *
     * @param outcomes what became of them
     * @param consumedCapacity capacity units of the writes that were applied
     */
    record Bulk(BulkOutcomes outcomes, double consumedCapacity) implements Outcome {

        @Override
        public void writeTo(Sink sink) {
            sink.outcomes(outcomes);
        }
    }

    /**
     * The result of a batchGet.
     *
     * @param items the live ones in the order of the keys, each once
     * @param consumedCapacity capacity units
     */
    record Batch(List<Item> items, double consumedCapacity) implements Outcome {
        public Batch {
            items = List.copyOf(items);
        }

        @Override
        public void writeTo(Sink sink) {
            sink.items(items);
            sink.seen(items);
        }
    }
}
