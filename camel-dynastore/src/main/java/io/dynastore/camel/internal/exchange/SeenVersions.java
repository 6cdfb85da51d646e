/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.exchange;

import io.dynastore.camel.internal.client.TableLocation;
import io.dynastore.store.Incarnation;
import io.dynastore.store.Item;
import io.dynastore.store.Key;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;

/**
 * The versions that an exchange has seen: of each item that it read or wrote by itself, and of the items of the last list or
 * batchGet. Immutable, and kept as a property of the exchange: whatever copies the exchange (split, multicast, wire tap, seda)
 * takes the versions along, and the copies then see on their own.
 *
 * <p>Only the last list is remembered, since a route that walks through a million items must not keep them all.
 */
public final class SeenVersions {

    /** The property that holds them. */
    static final String PROPERTY = "CamelDynaStoreSeenVersions";

    private static final SeenVersions NOTHING = new SeenVersions(Map.of(), null, List.of(), null);

    private final Map<SeenItem, Seen> single;
    private final @Nullable TableLocation listed;
    private final List<Item> items;
    private final @Nullable GivenToken token;

    /**
     * What was seen of an item.
     *
     * @param version its version
     * @param incarnation the incarnation that it was in; null where that is not known, as with items of lists
     */
    public record Seen(long version, @Nullable Incarnation incarnation) {}

    private record SeenItem(TableLocation table, Key key) {}

    private record GivenToken(String text, ListQueryKey list) {}

    private SeenVersions(
            Map<SeenItem, Seen> single, @Nullable TableLocation listed, List<Item> items, @Nullable GivenToken token) {
        this.single = single;
        this.listed = listed;
        this.items = items;
        this.token = token;
    }

    public static SeenVersions of(Exchange exchange) {
        SeenVersions seen = exchange.getProperty(PROPERTY, SeenVersions.class);
        return seen == null ? NOTHING : seen;
    }

    /** What was last seen of this item; null if nothing was. */
    public @Nullable Seen item(TableLocation table, Key key) {
        Seen seen = single.get(new SeenItem(table, key));
        if (seen != null || !table.equals(listed)) {
            return seen;
        }
        return items.stream()
                .filter(item -> item.key().equals(key))
                .map(item -> new Seen(item.version(), null))
                .findFirst()
                .orElse(null);
    }

    /** Whether this token came from another list of this exchange, and so is a left-over, not somebody's input. */
    public boolean leftOver(String nextToken, ListQueryKey list) {
        return token != null && token.text.equals(nextToken) && !token.list.equals(list);
    }

    /** Remembers a version and the incarnation that it stands in, if that is known; without a version, forgets the item. */
    public SeenVersions with(TableLocation table, Key key, @Nullable Long version, @Nullable Incarnation incarnation) {
        Map<SeenItem, Seen> changed =
                changed(new SeenItem(table, key), version == null ? null : new Seen(version, incarnation));
        List<Item> others = table.equals(listed) && version == null
                ? items.stream().filter(item -> !item.key().equals(key)).toList()
                : items;
        return new SeenVersions(changed, listed, others, token);
    }

    private Map<SeenItem, Seen> changed(SeenItem item, @Nullable Seen seen) {
        // Most exchanges deal with one item: no hash table for that.
        boolean only = single.isEmpty() || (single.size() == 1 && single.containsKey(item));
        if (only) {
            return seen == null ? Map.of() : Map.of(item, seen);
        }
        Map<SeenItem, Seen> changed = new HashMap<>(single);
        if (seen == null) {
            changed.remove(item);
        } else {
            changed.put(item, seen);
        }
        return changed;
    }

    /** Remembers the items of a batchGet or list in place of those of the one before. */
    public SeenVersions with(TableLocation table, List<Item> read) {
        Map<SeenItem, Seen> older = single;
        if (!single.isEmpty()) {
            older = new HashMap<>(single);
            for (Item item : read) {
                older.remove(new SeenItem(table, item.key()));
            }
        }
        return new SeenVersions(older, table, read, token);
    }

    /** Remembers the token that a list gave. */
    public SeenVersions with(String nextToken, ListQueryKey list) {
        return new SeenVersions(single, listed, items, new GivenToken(nextToken, list));
    }

    public void keep(Exchange exchange) {
        exchange.setProperty(PROPERTY, this);
    }
}
