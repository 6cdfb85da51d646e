/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.exchange;

import io.dynastore.camel.internal.client.TableLocation;
import io.dynastore.store.Incarnation;
import io.dynastore.store.Item;
import io.dynastore.store.Key;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The versions that an exchange has seen: of each item that it read or wrote alone, and of the items of the last
 * list or batchGet. Immutable. {@link ExchangeState} says which exchange has them.
 *
 * <p>Only the last list is kept, and at least the last {@value RecentMap#KEPT} items that were read or written alone: a
 * route that works on a million items must not keep them all.
 *
 * <p>A table's name and its ARN can mean the same table; whether they do is not known here. So what was seen by one of
 * them counts for the other, as long as nothing was seen by that one itself.
 *
 * <p>Decision 6 in docs/decisions has the reasons.
 */
public final class SeenVersions {

    static final SeenVersions NONE = new SeenVersions(new RecentMap<>(), null, null, 0);

    private static final String ANY_ARN = "arn:*/";

    private final RecentMap<SeenItem, Sighting> single;
    private final @Nullable SeenList list;

    /** The table whose items were streamed last, if only a selection of their fields was. */
    private final @Nullable TableLocation streamed;

    /** Grows with each change, so that the later of two sightings is known. */
    private final long time;

    /**
     * The state in which an item was seen.
     *
     * @param version its version
     * @param incarnation its incarnation; null if that is not known, as for items of lists
     * @param partial whether it was read with a selection of its fields
     */
    public record Seen(long version, @Nullable Incarnation incarnation, boolean partial) {

        /** An item that was not read with a selection of its fields. */
        public Seen(long version, @Nullable Incarnation incarnation) {
            this(version, incarnation, false);
        }
    }

    private record SeenItem(TableLocation table, Key key) {}

    /** What is known of an item; its state is null if the version is not known any more. */
    private record Sighting(@Nullable Seen state, @Nullable DeliveredItem delivered, long time) {}

    private SeenVersions(
            RecentMap<SeenItem, Sighting> single,
            @Nullable SeenList list,
            @Nullable TableLocation streamed,
            long time) {
        this.single = single;
        this.list = list;
        this.streamed = streamed;
        this.time = time;
    }

    /** The state in which this item was last seen; null if it was not. */
    public @Nullable Seen item(TableLocation table, Key key) {
        Sighting known = sighting(table, key);
        Item listed = list == null || (known != null && known.time > list.time()) ? null : list.item(table, key);
        if (listed != null) {
            return new Seen(listed.version(), null, list != null && list.partial());
        }
        return known == null ? null : known.state;
    }

    /** Whether a consumer has delivered this item to the exchange. */
    public boolean isDelivered(TableLocation table, Key key) {
        Sighting known = sighting(table, key);
        return known != null && known.delivered != null;
    }

    private @Nullable Sighting sighting(TableLocation table, Key key) {
        if (single.size() == 0) {
            return null;
        }
        Sighting known = single.get(new SeenItem(table, key));
        return known != null ? known : single.get(new SeenItem(otherName(table), key));
    }

    /**
     * These versions with another one of an item.
     *
     * @param version its version; null forgets the item
     * @param incarnation its incarnation; null if that is not known
     */
    public SeenVersions with(TableLocation table, Key key, @Nullable Long version, @Nullable Incarnation incarnation) {
        return with(table, key, version == null ? null : new Seen(version, incarnation));
    }

    /** These versions with an item as it was read; null forgets the item. */
    public SeenVersions with(TableLocation table, Key key, @Nullable Seen seen) {
        Sighting known = sighting(table, key);
        return with(table, key, new Sighting(seen, known == null ? null : known.delivered, time + 1));
    }

    /**
     * These versions with the one that this exchange has produced by a write.
     *
     * @param version null if the write has deleted the item, or the version is not known
     */
    public SeenVersions written(
            TableLocation table, Key key, @Nullable Long version, @Nullable Incarnation incarnation) {
        Sighting known = sighting(table, key);
        if (known != null && known.delivered != null && version != null) {
            known.delivered.written(version);
        }
        return with(table, key, version, incarnation);
    }

    /** These versions with that of a delivered item. */
    SeenVersions with(DeliveredItem item) {
        Seen seen = new Seen(item.item().version(), null, item.partial());
        return with(item.table(), item.item().key(), new Sighting(seen, item, time + 1));
    }

    /**
     * These versions with the items of a batchGet or list, in place of those of the one before.
     *
     * @param partial whether they were read with a selection of their fields
     */
    public SeenVersions with(TableLocation table, List<Item> read, boolean partial) {
        return new SeenVersions(single, new SeenList(table, read, partial, time + 1), streamed, time + 1);
    }

    /**
     * These versions after the begin of a stream, whose items are not remembered.
     *
     * @param partial whether its items are read with a selection of their fields
     */
    public SeenVersions streamed(TableLocation table, boolean partial) {
        boolean unchanged = !partial && streamed == null;
        return unchanged ? this : new SeenVersions(single, list, partial ? table : null, time + 1);
    }

    /** Whether an item in the body may be one of which a selection was streamed. */
    public boolean isStreamedInPart(TableLocation table, Key key) {
        return streamed != null && same(streamed, table) && item(table, key) == null;
    }

    private SeenVersions with(TableLocation table, Key key, Sighting sighting) {
        RecentMap<SeenItem, Sighting> more = single.with(new SeenItem(table, key), sighting);
        if (isArn(table)) {
            more = more.with(new SeenItem(renamed(table, ANY_ARN + name(table)), key), sighting);
        }
        return new SeenVersions(more, list, streamed, time + 1);
    }

    private static boolean isArn(TableLocation table) {
        return table.table().startsWith("arn:");
    }

    private static String name(TableLocation table) {
        return table.table().substring(table.table().lastIndexOf('/') + 1);
    }

    /** The name of a table that an ARN means; for a name, what was seen by any ARN with that name. */
    private static TableLocation otherName(TableLocation table) {
        return renamed(table, isArn(table) ? name(table) : ANY_ARN + table.table());
    }

    private static TableLocation renamed(TableLocation table, String name) {
        return new TableLocation(name, table.region(), table.endpoint());
    }

    /** Whether these are the same table, as far as is known. */
    static boolean same(TableLocation one, TableLocation two) {
        return one.equals(two)
                || (isArn(one) != isArn(two) && renamed(one, name(one)).equals(renamed(two, name(two))));
    }
}
