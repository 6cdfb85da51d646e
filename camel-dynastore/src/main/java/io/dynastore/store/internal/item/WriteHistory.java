/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store.internal.item;

import io.dynastore.store.Incarnation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * The marks that writes leave in an item, and what can be told from them.
 *
 * <p>Every write puts its own id and the version that it produced into slot 0 and moves what was there one slot on, in the
 * same update. {@link #SLOTS} marks are kept. Beside them stands the name of the item's incarnation: the id of the first write with a
 * mark, put there by that write and by no other. It stays until the item is deleted. One more id is that of the write
 * that was the last to put a new item in the place of an expired one, if any: version and incarnation go on then.
 *
 * <p>What an item tells of a write whose earlier requests may have been applied:
 *
 * <ol>
 *   <li>An item holds my id: my write was applied, and the version in that slot is the one that it produced. It stays there
 *       when programs write that don't know the marks, since these keep attributes they don't know; that is why the version
 *       belongs to the mark.
 *   <li>An item doesn't hold my id, and the last slot is empty: fewer writes with marks than slots happened since the item was
 *       created, so that mine can't have been pushed out. It was not applied in this incarnation of the item.
 *   <li>The last slot holds a version that is not behind the one that my write would have produced: mine, being newer, would
 *       still be there. It was not applied in this incarnation.
 *   <li>The last slot holds a later version, or the version that mine would have produced is not known: mine may have been
 *       pushed out. Nothing can be told from the slots.
 *   <li>The item's incarnation has my name: I have created the item, or named what another program had created, at whatever version it
 *       is by now. It has another name, and nothing was replaced in it: I have not created it.
 * </ol>
 *
 * <p>A version is expected of the item that it was seen of, and so in the incarnation that the item was in, where that is known. That
 * incarnation is a part of the condition: no request of the write, be it repeated or late, is applied in another one. And then:
 *
 * <ol start="6">
 *   <li>The item is in the incarnation that was expected: it is the same item still. What 2 and 3 say of this incarnation they say for good,
 *       and a delete was not applied, since it would have ended the incarnation.
 *   <li>The item is in another incarnation for certain, if it is behind the version that was seen, because versions only rise within one
 *       incarnation; if it is at that version and has another name, because a write that gives a name raises the version; or if
 *       it has another name, and the slots still show that the write of that name produced version 1 and so created it.
 *   <li>In another incarnation, the one that was expected has ended, and whether my write was applied before that can't be told. For an
 *       update that is unknown. A delete is done in the sense in which it is done if it finds nothing: what it was to delete
 *       is gone, and like there, it may have been somebody else who was first.
 *   <li>Neither 6 nor 7 holds if only other programs have written the item, which name no incarnations, and its version has risen since; or
 *       if nothing is known but a version. Then 2 and 3 are all there is for an update, and nothing for a delete.
 * </ol>
 *
 * <p>Not covered: where the incarnation is not known or has no name, an item that was deleted and created again between two attempts of
 * one write, and then reached the version in question once more. A create that arrives once more when its item has been deleted:
 * it begins a incarnation of the same name, which shows only as long as it is behind. And programs that put whole items, marks and name
 * removed.
 */
public final class WriteHistory {

    static final int SLOTS = 3;

    private static final int ID_BYTES = 8;

    private static final AttributeValue EMPTY = AttributeValue.fromB(SdkBytes.fromByteArray(new byte[] {0}));

    private static final List<String> ID_NAMES = names("_dsw");
    private static final List<String> VERSION_NAMES = names("_dsv");

    /** Moves every mark one slot on; for behind a SET and a comma. */
    static final String SHIFT = IntStream.range(1, SLOTS)
            .mapToObj(slot -> "#w%1$d = if_not_exists(#w%2$d, :noMark), #v%1$d = if_not_exists(#v%2$d, :zero)"
                    .formatted(slot, slot - 1))
            .collect(Collectors.joining(", "));

    /** Sets slot 0 for a write whose version is known before, or counted by the service. */
    static final String KNOWN = "#w0 = :mark, #v0 = :version";

    static final String COUNTED = "#w0 = :mark, #v0 = if_not_exists(#version, :zero) + :one";

    /** What keeps a write that no version protects from being applied twice. */
    static final String NOT_APPLIED =
            IntStream.range(0, SLOTS).mapToObj("NOT #w%d = :mark"::formatted).collect(Collectors.joining(" AND "));

    private static final String CREATOR_NAME = "_dsc";
    private static final String REPLACER_NAME = "_dsr";

    /** Names the item's incarnation after this write, if that is the first one. */
    static final String NAME_LIFE = "#creator = if_not_exists(#creator, :mark)";

    private WriteHistory() {}

    /** A new id. Eight bytes are enough: an id has to differ only from the few that one item holds at one time. */
    public static SdkBytes id(RandomGenerator random) {
        byte[] id = new byte[ID_BYTES];
        random.nextBytes(id);
        // The id is never the empty mark.
        id[0] |= 1;
        return SdkBytes.fromByteArrayUnsafe(id);
    }

    /** The names in {@link #SHIFT}, {@link #KNOWN} and {@link #COUNTED}. */
    public static void names(Map<String, String> names) {
        for (int slot = 0; slot < SLOTS; slot++) {
            names.put("#v" + slot, VERSION_NAMES.get(slot));
        }
        idNames(names);
    }

    /** The names in {@link #NOT_APPLIED}. */
    static void idNames(Map<String, String> names) {
        for (int slot = 0; slot < SLOTS; slot++) {
            names.put("#w" + slot, ID_NAMES.get(slot));
        }
    }

    /** The values in {@link #SHIFT} and slot 0, but for the versions. */
    static void values(SdkBytes id, Map<String, AttributeValue> values) {
        values.put(":mark", AttributeValue.fromB(id));
        values.put(":noMark", EMPTY);
    }

    /** The name in {@link #NAME_LIFE}. */
    public static void creatorName(Map<String, String> names) {
        names.put(Expressions.CREATOR, CREATOR_NAME);
    }

    /** The id of the first write with a mark in this incarnation of the item; null if there was none. */
    static @Nullable SdkBytes creator(Map<String, AttributeValue> item) {
        return id(item, CREATOR_NAME);
    }

    /** The id of the write that was the last to put this item in the place of an expired one; null if none did. */
    public static @Nullable SdkBytes replacer(Map<String, AttributeValue> item) {
        return id(item, REPLACER_NAME);
    }

    /** Adds the marks of an item that is created. */
    static void first(SdkBytes id, long version, Map<String, AttributeValue> item) {
        AttributeValue mark = AttributeValue.fromB(id);
        item.put(ID_NAMES.get(0), mark);
        item.put(VERSION_NAMES.get(0), AttributeValue.fromN(Long.toString(version)));
        item.put(CREATOR_NAME, mark);
    }

    /**
     * Adds the marks of an item that takes the place of an expired one. Those of the old one move on as with an update, since its writes
     * may still be looking for theirs; its incarnation goes on, as its version does.
     */
    static void replacing(
            Map<String, AttributeValue> expired, SdkBytes id, long version, Map<String, AttributeValue> marks) {
        first(id, version, marks);
        marks.put(REPLACER_NAME, AttributeValue.fromB(id));
        AttributeValue creator = expired.get(CREATOR_NAME);
        if (creator != null) {
            marks.put(CREATOR_NAME, creator);
        }
        for (int slot = 1; slot < SLOTS; slot++) {
            AttributeValue oldId = expired.get(ID_NAMES.get(slot - 1));
            AttributeValue oldVersion = expired.get(VERSION_NAMES.get(slot - 1));
            if (oldId != null && oldVersion != null) {
                marks.put(ID_NAMES.get(slot), oldId);
                marks.put(VERSION_NAMES.get(slot), oldVersion);
            }
        }
    }

    /** The version that the write of this id produced, if the item holds its mark. */
    public static OptionalLong version(Map<String, AttributeValue> item, SdkBytes id) {
        return IntStream.range(0, SLOTS)
                .filter(slot -> id.equals(id(item, ID_NAMES.get(slot))))
                .mapToLong(slot -> version(item, slot))
                .findFirst();
    }

    /**
     * Whether the item is still in this incarnation, which therefore has to have a name, and was seen at this version.
     *
     * @param incarnation null if it is not known
     */
    public static boolean sameIncarnation(StoredItem item, @Nullable Incarnation incarnation, @Nullable Long version) {
        return incarnation != null
                && incarnation.name() != null
                && incarnation.equals(item.incarnation())
                && (version == null || item.version() >= version);
    }

    /**
     * Whether the item is certainly in another incarnation than this one, which was seen at this version.
     *
     * @param incarnation null if it is not known
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
     * Whether the write that gave the item's incarnation its name is known to have created the item, or to have found it without a
     * version.
     */
    private static boolean createdByItsFirst(StoredItem item) {
        SdkBytes first = creator(item.attributes());
        return first != null && version(item.attributes(), first).orElse(0) == 1;
    }

    /**
     * Whether an item that does not hold a write's mark proves that the write was not applied.
     *
     * @param incarnation the incarnation that the write expected; null if that is not known
     * @param produced the version that it would have produced; null if that is not known
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
     * Whether a mark that the item does not hold may have been pushed out.
     *
     * @param produced the version that its write would have produced; null if that is not known
     */
    private static boolean mayHavePushedOut(Map<String, AttributeValue> item, @Nullable Long produced) {
        SdkBytes last = id(item, ID_NAMES.get(SLOTS - 1));
        boolean full = last != null && !EMPTY.b().equals(last);
        return full && (produced == null || version(item, SLOTS - 1) > produced);
    }

    private static @Nullable SdkBytes id(Map<String, AttributeValue> item, String name) {
        AttributeValue id = item.get(name);
        return id == null ? null : id.b();
    }

    private static long version(Map<String, AttributeValue> item, int slot) {
        AttributeValue version = item.get(VERSION_NAMES.get(slot));
        return version == null || version.n() == null ? 0 : StoredItem.truncated(version.n());
    }

    private static List<String> names(String prefix) {
        List<String> names = new ArrayList<>();
        for (int slot = 0; slot < SLOTS; slot++) {
            names.add(prefix + slot);
        }
        return List.copyOf(names);
    }
}
