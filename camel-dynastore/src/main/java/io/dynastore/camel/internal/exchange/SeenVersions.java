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
 * The versions that an exchange has seen: of each item that it read or wrote alone, and of the items of the last
 * list or batchGet.
 *
 * <p>Immutable, and kept as a property of the exchange. A copy of the exchange (split, multicast, wire tap, seda)
 * starts with these versions. What a copy sees later, only that copy knows.
 *
 * <p>Only the last list is kept: a route that reads a million items must not keep them all.
 *
 * <p>Decision 6 in docs/decisions has the reasons.
 */
public final class SeenVersions {

    /** The name of the property. */
    static final String PROPERTY = "CamelDynaStoreSeenVersions";

    private static final SeenVersions NONE = new SeenVersions(Map.of(), null, List.of(), null);

    private final Map<SeenItem, Seen> single;
    private final @Nullable TableLocation listed;
    private final List<Item> items;
    private final @Nullable ReturnedToken token;

    /**
     * The state in which an item was seen.
     *
     * @param version its version
     * @param incarnation its incarnation; null if that is not known, as for items of lists
     */
    public record Seen(long version, @Nullable Incarnation incarnation) {}

    private record SeenItem(TableLocation table, Key key) {}

    private record ReturnedToken(String text, ListQueryKey list) {}

    private SeenVersions(
            Map<SeenItem, Seen> single,
            @Nullable TableLocation listed,
            List<Item> items,
            @Nullable ReturnedToken token) {
        this.single = single;
        this.listed = listed;
        this.items = items;
        this.token = token;
    }

    /** The versions of an exchange; none if it has seen none. */
    public static SeenVersions of(Exchange exchange) {
        SeenVersions seen = exchange.getProperty(PROPERTY, SeenVersions.class);
        return seen == null ? NONE : seen;
    }

    /** The state in which this item was last seen; null if it was not. */
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

    /** Whether another list of this exchange returned this token: then it is a left-over rather than an input. */
    public boolean leftOver(String nextToken, ListQueryKey list) {
        return token != null && token.text.equals(nextToken) && !token.list.equals(list);
    }

    /**
     * These versions with another one of an item.
     *
     * @param version its version; null forgets the item
     * @param incarnation its incarnation; null if that is not known
     */
    public SeenVersions with(TableLocation table, Key key, @Nullable Long version, @Nullable Incarnation incarnation) {
        Map<SeenItem, Seen> changed =
                changed(new SeenItem(table, key), version == null ? null : new Seen(version, incarnation));
        List<Item> others = table.equals(listed) && version == null
                ? items.stream().filter(item -> !item.key().equals(key)).toList()
                : items;
        return new SeenVersions(changed, listed, others, token);
    }

    private Map<SeenItem, Seen> changed(SeenItem item, @Nullable Seen seen) {
        // Most exchanges see one item: they need no hash table.
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

    /** These versions with the items of a batchGet or list, in place of those of the one before. */
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

    /** These versions with the token that a list returned. */
    public SeenVersions with(String nextToken, ListQueryKey list) {
        return new SeenVersions(single, listed, items, new ReturnedToken(nextToken, list));
    }

    /** Makes these the versions of an exchange. */
    public void keep(Exchange exchange) {
        exchange.setProperty(PROPERTY, this);
    }
}
