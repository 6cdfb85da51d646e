/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store.operation;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
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
 * same update. {@link #SLOTS} marks are kept.
 *
 * <ol>
 *   <li>An item holds my id: my write was applied, and the version in that slot is the one that it produced. It stays there
 *       when programs write that don't know the marks, since these keep attributes they don't know; that is why the version
 *       belongs to the mark.
 *   <li>An item doesn't hold my id, and the last slot is empty: fewer writes with marks than slots happened since the item was
 *       created, so that mine can't have been pushed out. It was not applied in this life of the item.
 *   <li>The last slot holds a version that is not behind the one that my write would have produced: mine, being newer, would
 *       still be there. It was not applied.
 *   <li>The last slot holds a later version, or the version that mine would have produced is not known: mine may have been
 *       pushed out. Nothing can be told.
 *   <li>Beside the slots stands the id of the write that created the item where there was none. It tells a create whether it was
 *       the one, however long ago. An item that took the place of an expired one has none, and the slots have to tell.
 * </ol>
 *
 * <p>Not covered: an item that was deleted and created again between two attempts of one write, and then reached the version in
 * question once more. A version identifies an item within one life.
 */
final class WriteMarks {

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

    /** Names the creator, for a write that may be the one. */
    static final String CREATOR = "#creator = if_not_exists(#creator, :mark)";

    private WriteMarks() {}

    /** A new id. Eight bytes are enough: an id has to differ only from the few that one item holds at one time. */
    static SdkBytes id(RandomGenerator random) {
        byte[] id = new byte[ID_BYTES];
        random.nextBytes(id);
        // The id is never the empty mark.
        id[0] |= 1;
        return SdkBytes.fromByteArray(id);
    }

    /** The names in {@link #SHIFT}, {@link #KNOWN} and {@link #COUNTED}. */
    static void names(Map<String, String> names) {
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

    /** The name in {@link #CREATOR}. */
    static void creatorName(Map<String, String> names) {
        names.put("#creator", CREATOR_NAME);
    }

    /** The id of the write that created the item; null if that left none. */
    static @Nullable SdkBytes creator(Map<String, AttributeValue> item) {
        AttributeValue creator = item.get(CREATOR_NAME);
        return creator == null ? null : creator.b();
    }

    /** The marks of an item that is created. */
    static Map<String, AttributeValue> first(SdkBytes id, long version) {
        Map<String, AttributeValue> mark = new HashMap<>();
        mark.put(ID_NAMES.get(0), AttributeValue.fromB(id));
        mark.put(VERSION_NAMES.get(0), AttributeValue.fromN(Long.toString(version)));
        mark.put(CREATOR_NAME, AttributeValue.fromB(id));
        return mark;
    }

    /**
     * The marks of an item that takes the place of an expired one. Those of the old one move on as with an update, since its writes
     * may still be looking for theirs; and it names no creator, since whoever created the old one may, too.
     */
    static Map<String, AttributeValue> replacing(Map<String, AttributeValue> expired, SdkBytes id, long version) {
        Map<String, AttributeValue> marks = first(id, version);
        marks.remove(CREATOR_NAME);
        for (int slot = 1; slot < SLOTS; slot++) {
            AttributeValue oldId = expired.get(ID_NAMES.get(slot - 1));
            AttributeValue oldVersion = expired.get(VERSION_NAMES.get(slot - 1));
            if (oldId != null && oldVersion != null) {
                marks.put(ID_NAMES.get(slot), oldId);
                marks.put(VERSION_NAMES.get(slot), oldVersion);
            }
        }
        return marks;
    }

    /** The version that the write of this id produced, if the item holds its mark. */
    static OptionalLong version(Map<String, AttributeValue> item, SdkBytes id) {
        return IntStream.range(0, SLOTS)
                .filter(slot -> id.equals(id(item, slot)))
                .mapToLong(slot -> version(item, slot))
                .findFirst();
    }

    /**
     * Whether a mark that the item does not hold may have been pushed out.
     *
     * @param produced the version that its write would have produced; null if that is not known
     */
    static boolean mayHavePushedOut(Map<String, AttributeValue> item, @Nullable Long produced) {
        SdkBytes last = id(item, SLOTS - 1);
        boolean full = last != null && !EMPTY.b().equals(last);
        return full && (produced == null || version(item, SLOTS - 1) > produced);
    }

    private static @Nullable SdkBytes id(Map<String, AttributeValue> item, int slot) {
        AttributeValue id = item.get(ID_NAMES.get(slot));
        return id == null ? null : id.b();
    }

    private static long version(Map<String, AttributeValue> item, int slot) {
        AttributeValue version = item.get(VERSION_NAMES.get(slot));
        return version == null || version.n() == null ? 0 : new BigDecimal(version.n()).longValue();
    }

    private static List<String> names(String prefix) {
        List<String> names = new ArrayList<>();
        for (int slot = 0; slot < SLOTS; slot++) {
            names.add(prefix + slot);
        }
        return List.copyOf(names);
    }
}
