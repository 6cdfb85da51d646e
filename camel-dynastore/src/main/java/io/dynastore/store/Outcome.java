/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What came of a call that succeeded. */
public sealed interface Outcome {

    /** The capacity units that all requests of the call consumed together, as the service reports them. */
    double consumedCapacity();

    /**
     * A create, put or update was applied.
     *
     * @param key the item's key
     * @param version the version that this write produced; null where it is unknown because nobody asked for it
     * @param incarnation the incarnation of the item that was written; null where it is unknown
     * @param expires the expiry that this write set; null if it set none
     * @param consumedCapacity capacity units
     */
    record Written(
            Key key,
            @Nullable Long version,
            @Nullable Incarnation incarnation,
            @Nullable Instant expires,
            double consumedCapacity)
            implements Outcome {}

    /**
     * A delete was applied, or there was nothing to delete and the call allows that.
     *
     * @param key the item's key
     * @param consumedCapacity capacity units
     */
    record Deleted(Key key, double consumedCapacity) implements Outcome {}

    /**
     * A get was answered.
     *
     * @param key the key that was asked for
     * @param item the item; null if there is no live one
     * @param incarnation the incarnation that the item is in; null if there is no live one
     * @param consumedCapacity capacity units
     */
    record Read(Key key, @Nullable Item item, @Nullable Incarnation incarnation, double consumedCapacity)
            implements Outcome {}

    /**
     * An exists was answered.
     *
     * @param key the key that was asked for
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
            implements Outcome {}

    /**
     * A list was answered with a page.
     *
     * @param items in sort-key order; may be empty, also when there is a token
     * @param nextToken asks for the page behind this one; null at the end
     * @param consumedCapacity capacity units
     * @param places where each item stands in the list
     */
    record Page(List<Item> items, @Nullable String nextToken, double consumedCapacity, Places places)
            implements Outcome {
        public Page {
            items = List.copyOf(items);
        }

        /** Tells where the items of a page stand. */
        @FunctionalInterface
        public interface Places {

            /**
             * The token that continues the list behind an item, which need not exist any more by then: as the page's token does
             * behind its last one. It is made when it is asked for.
             *
             * @param index of the item on the page
             * @return null through an index whose sort key was not declared, as the place within the page is not known then
             */
            @Nullable
            String behind(int index);
        }
    }

    /**
     * A list was answered with a stream of all its pages.
     *
     * @param items in sort-key order; whoever takes it closes it
     * @param consumedCapacity capacity units of the first page, the others are yet to come
     */
    record Streamed(ItemStream items, double consumedCapacity) implements Outcome {}

    /**
     * A transaction was applied.
     *
     * @param versions the version that each write produced, in their order; null for a delete or a check, and where it is
     *     unknown because the write expected none; unmodifiable
     * @param consumedCapacity capacity units
     */
    record Transacted(List<@Nullable Long> versions, double consumedCapacity) implements Outcome {
        public Transacted {
            versions = Collections.unmodifiableList(new ArrayList<>(versions));
        }
    }

    /**
     * A batchGet was answered.
     *
     * @param items the live ones in the order asked, each once
     * @param consumedCapacity capacity units
     */
    record Batch(List<Item> items, double consumedCapacity) implements Outcome {
        public Batch {
            items = List.copyOf(items);
        }
    }
}
