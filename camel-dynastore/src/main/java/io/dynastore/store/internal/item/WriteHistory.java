/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store.internal.item;

import io.dynastore.store.Incarnation;
import java.util.Map;
import java.util.OptionalLong;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * The write ids that an item remembers, and what they prove about a write. The attributes are those of
 * {@link HistoryAttributes}.
 *
 * <p>Each write stores its id and the version that it produced as entry 0, and shifts the older entries by one, in
 * the same request. {@link HistoryAttributes#ENTRIES} entries are kept. The item also stores the name of its
 * incarnation: the id of the first write that had one. That write sets the name, and no other does; it stays until
 * the item is deleted. One more id is that of the write that last put a new item in the place of an expired one, if
 * any did. Version and incarnation continue in that case.
 *
 * <p>A request whose response was lost may have been applied, and the SDK sends it again. What an item proves about a
 * write, here "mine", that may have been applied by an earlier request:
 *
 * <ol>
 *   <li>The item holds my id: my write was applied, and the version of that entry is the one that it produced.
 *       Programs that don't know write ids keep attributes that they don't know, so the entry survives their writes.
 *       That is why the version belongs to the entry.
 *   <li>The item does not hold my id, and the last entry is empty: since the item was created, fewer writes had an id
 *       than there are entries, so mine can't have been pushed out. It was not applied in this incarnation of the
 *       item.
 *   <li>The last entry has no higher version than the one that my write would have produced: mine, being newer, would
 *       still be there. It was not applied in this incarnation.
 *   <li>The last entry has a higher version, or the version that mine would have produced is not known: mine may have
 *       been pushed out. The entries prove nothing.
 *   <li>The item's incarnation has my name: I created the item, or named an item of another program, whatever its
 *       version is by now. It has another name, and no expired item was replaced in it: I did not create it.
 * </ol>
 *
 * <p>An expected version belongs to the item that it was read from, and to that item's incarnation, if it is known.
 * The condition then names the incarnation: no request of the write, repeated or late, is applied in another one. It
 * follows:
 *
 * <ol start="6">
 *   <li>The item is in the expected incarnation: it is the same item still. What 2 and 3 prove for this incarnation
 *       is then final. A delete was not applied, since it would have ended the incarnation.
 *   <li>The item is certainly in another incarnation if its version is lower than the one that was seen, because
 *       versions only rise within one incarnation; if it is at that version and has another name, because the write
 *       that gives a name raises the version; or if it has another name, and the entries still show that the write of
 *       that name produced version 1 and so created it.
 *   <li>In another incarnation, the expected one has ended, and nothing shows whether my write was applied before
 *       that. The outcome of an update is unknown. A delete is done in the sense in which it is done if it finds
 *       nothing: the item that it was to delete is gone, and as in that case, another client may have deleted it.
 *   <li>Neither 6 nor 7 holds if only programs that name no incarnations have written the item, and its version has
 *       risen since; or if nothing but a version is known. Then 2 and 3 are all there is for an update, and nothing
 *       for a delete.
 * </ol>
 *
 * <p>Not covered:
 *
 * <ul>
 *   <li>The incarnation is unknown or has no name. Between two attempts of one write, the item was deleted and created
 *       again, and reached the version in question once more.
 *   <li>A request of a create arrives again after the item was deleted. It begins an incarnation of the same name,
 *       which shows only as long as its version is lower.
 *   <li>Another program puts a whole item, and so removes write ids and name.
 * </ul>
 *
 * <p>Decision 9 in docs/decisions has the reasons.
 */
public final class WriteHistory {

    private static final int ID_BYTES = 8;

    private WriteHistory() {}

    /** A new write id. Eight bytes are enough: it must differ only from the few that one item holds at a time. */
    public static SdkBytes id(RandomGenerator random) {
        byte[] id = new byte[ID_BYTES];
        random.nextBytes(id);
        // No id consists of zeros, as an empty entry does.
        id[0] |= 1;
        return SdkBytes.fromByteArrayUnsafe(id);
    }

    /** The version that the write of this id produced; empty if the item does not hold the id. */
    public static OptionalLong version(Map<String, AttributeValue> item, SdkBytes writeId) {
        return IntStream.range(0, HistoryAttributes.ENTRIES)
                .filter(entry -> writeId.equals(HistoryAttributes.writeId(item, entry)))
                .mapToLong(entry -> HistoryAttributes.version(item, entry))
                .findFirst();
    }

    /** The id of the write that last put this item in the place of an expired one; null if none did. */
    public static @Nullable SdkBytes replacer(Map<String, AttributeValue> item) {
        return HistoryAttributes.replacer(item);
    }

    /**
     * Whether the item is certainly in this incarnation still (6).
     *
     * @param incarnation the one that was seen; null if it is not known. One without a name is never certain
     * @param version the version that was seen; null if it is not known
     */
    public static boolean sameIncarnation(StoredItem item, @Nullable Incarnation incarnation, @Nullable Long version) {
        return incarnation != null
                && incarnation.name() != null
                && incarnation.equals(item.incarnation())
                && (version == null || item.version() >= version);
    }

    /**
     * Whether the item is certainly in another incarnation than this one (7).
     *
     * @param incarnation the one that was seen; null if it is not known
     * @param version the version that was seen
     */
    static boolean anotherIncarnation(StoredItem item, @Nullable Incarnation incarnation, long version) {
        if (incarnation == null) {
            return false;
        }
        boolean renamed = !incarnation.equals(item.incarnation());
        boolean later = version > 0 && createdByItsFirst(item);
        return item.version() < version || (renamed && (item.version() == version || later));
    }

    /**
     * Whether the write that named the incarnation is known to have created the item, or found it without a version.
     */
    private static boolean createdByItsFirst(StoredItem item) {
        SdkBytes first = HistoryAttributes.creator(item.attributes());
        return first != null && version(item.attributes(), first).orElse(0) == 1;
    }

    /**
     * Whether an item that does not hold a write's id proves that the write was not applied (2, 3, 6, 7).
     *
     * @param incarnation the incarnation that the write expected; null if it is not known
     * @param produced the version that the write would have produced; null if it is not known
     */
    public static boolean disprove(StoredItem item, @Nullable Incarnation incarnation, @Nullable Long produced) {
        boolean meant;
        if (incarnation != null && incarnation.name() != null) {
            meant = sameIncarnation(item, incarnation, produced == null ? null : (Long) (produced - 1));
        } else {
            meant = produced == null
                    || (item.version() >= produced - 1 && !anotherIncarnation(item, incarnation, produced - 1));
        }
        return meant && !mayHavePushedOut(item.attributes(), produced);
    }

    /**
     * Whether a write id that the item does not hold may have been pushed out (4).
     *
     * @param produced the version that the write would have produced; null if it is not known
     */
    private static boolean mayHavePushedOut(Map<String, AttributeValue> item, @Nullable Long produced) {
        int last = HistoryAttributes.ENTRIES - 1;
        boolean full = HistoryAttributes.writeId(item, last) != null;
        return full && (produced == null || HistoryAttributes.version(item, last) > produced);
    }
}
