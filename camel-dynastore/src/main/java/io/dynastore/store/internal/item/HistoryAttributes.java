/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store.internal.item;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * The attributes in which an item keeps its write history, and the expressions that maintain them.
 *
 * <pre>
 * attribute     type   meaning
 * _dsw0, _dsv0  B, N   entry 0: write id of the latest write (8 random bytes), and the version that it produced
 * _dsw1, _dsv1  B, N   entry 1: those of the write before it; an empty entry is missing, or one zero byte and 0
 * _dsw2, _dsv2  B, N   entry 2: those of the write before that
 * _dsc          B      name of the incarnation: the id of its first write that had one, until the item is deleted
 * _dsr          B      id of the write that last replaced an expired item under this key; missing if none did
 * </pre>
 *
 * <p>Other programs neither write these attributes nor remove them, unless they put whole items.
 */
public final class HistoryAttributes {

    /** How many writes an item remembers. */
    static final int ENTRIES = 3;

    private static final AttributeValue EMPTY = AttributeValue.fromB(SdkBytes.fromByteArray(new byte[] {0}));

    private static final List<String> WRITE_IDS = names("_dsw");
    private static final List<String> VERSIONS = names("_dsv");
    /** The attribute with the name of the incarnation. */
    public static final String CREATOR = "_dsc";

    private static final String REPLACER = "_dsr";
    private static final String PREFIX = "_ds";
    private static final Set<String> ALL = Stream.of(WRITE_IDS, VERSIONS, List.of(CREATOR, REPLACER))
            .flatMap(List::stream)
            .collect(Collectors.toUnmodifiableSet());

    /** Shifts each entry by one; follows a SET and a comma. */
    static final String SHIFT = IntStream.range(1, ENTRIES)
            .mapToObj(entry -> "#w%1$d=if_not_exists(#w%2$d,:noMark),#v%1$d=if_not_exists(#v%2$d,:zero)"
                    .formatted(entry, entry - 1))
            .collect(Collectors.joining(","));

    /** Sets entry 0 for a write that knows the version it produces. */
    static final String RECORD_KNOWN_VERSION = "#w0=:mark,#v0=:version";

    /** Sets entry 0 for a write whose version the service counts. */
    static final String RECORD_COUNTED_VERSION = "#w0=:mark,#v0=if_not_exists(#version,:zero)+:one";

    /** Keeps a write without an expected version from being applied twice. */
    static final String NOT_APPLIED =
            IntStream.range(0, ENTRIES).mapToObj("NOT #w%d=:mark"::formatted).collect(Collectors.joining(" AND "));

    static final String BOUND = ":bound";

    /** No write after the one of version {@link #BOUND} has pushed out an entry. */
    static final String NOT_PUSHED_OUT =
            "(attribute_not_exists(#v%1$d) OR #v%1$d <= ".formatted(ENTRIES - 1) + BOUND + ")";

    /** Names the item's incarnation after this write, if it has no name yet. */
    static final String NAME_INCARNATION = "#creator=if_not_exists(#creator,:mark)";

    private HistoryAttributes() {}

    /** Whether an attribute is one of these. */
    public static boolean contain(String name) {
        return name.startsWith(PREFIX) && ALL.contains(name);
    }

    /** Adds the names in {@link #SHIFT} and in the expressions that set entry 0. */
    public static void names(Map<String, String> names) {
        for (int entry = 0; entry < ENTRIES; entry++) {
            names.put("#v" + entry, VERSIONS.get(entry));
        }
        for (int entry = 0; entry < ENTRIES; entry++) {
            names.put("#w" + entry, WRITE_IDS.get(entry));
        }
    }

    /** Adds the name in {@link #NAME_INCARNATION}. */
    public static void creatorName(Map<String, String> names) {
        names.put(Expressions.CREATOR, CREATOR);
    }

    /** Adds the values in {@link #SHIFT} and of entry 0, except for the versions. */
    static void values(SdkBytes writeId, Map<String, AttributeValue> values) {
        values.put(":mark", AttributeValue.fromB(writeId));
        values.put(":noMark", EMPTY);
    }

    /** Adds the history of an item that is created. */
    static void begin(SdkBytes writeId, long version, Map<String, AttributeValue> item) {
        AttributeValue id = AttributeValue.fromB(writeId);
        item.put(WRITE_IDS.get(0), id);
        item.put(VERSIONS.get(0), AttributeValue.fromN(Long.toString(version)));
        item.put(CREATOR, id);
    }

    /**
     * Adds the history of an item that takes the place of an expired one. The old entries shift as in an update, since
     * their writes may still look for them. The incarnation continues, as the version does.
     */
    static void carryOver(
            Map<String, AttributeValue> expired, SdkBytes writeId, long version, Map<String, AttributeValue> item) {
        begin(writeId, version, item);
        item.put(REPLACER, AttributeValue.fromB(writeId));
        AttributeValue creator = expired.get(CREATOR);
        if (creator != null) {
            item.put(CREATOR, creator);
        }
        for (int entry = 1; entry < ENTRIES; entry++) {
            AttributeValue oldId = expired.get(WRITE_IDS.get(entry - 1));
            AttributeValue oldVersion = expired.get(VERSIONS.get(entry - 1));
            if (oldId != null && oldVersion != null) {
                item.put(WRITE_IDS.get(entry), oldId);
                item.put(VERSIONS.get(entry), oldVersion);
            }
        }
    }

    /** The id of the incarnation's first write that had one; null if there was none. */
    static @Nullable SdkBytes creator(Map<String, AttributeValue> item) {
        return bytes(item, CREATOR);
    }

    /** The id of the write that last put this item in the place of an expired one; null if none did. */
    static @Nullable SdkBytes replacer(Map<String, AttributeValue> item) {
        return bytes(item, REPLACER);
    }

    /** The write id of an entry; null if it is empty. */
    static @Nullable SdkBytes writeId(Map<String, AttributeValue> item, int entry) {
        SdkBytes id = bytes(item, WRITE_IDS.get(entry));
        return EMPTY.b().equals(id) ? null : id;
    }

    /** The version that the write of an entry produced; 0 if the entry is empty. */
    static long version(Map<String, AttributeValue> item, int entry) {
        AttributeValue version = item.get(VERSIONS.get(entry));
        return version == null || version.n() == null ? 0 : StoredItem.truncated(version.n());
    }

    private static @Nullable SdkBytes bytes(Map<String, AttributeValue> item, String name) {
        AttributeValue value = item.get(name);
        return value == null ? null : value.b();
    }

    private static List<String> names(String prefix) {
        return IntStream.range(0, ENTRIES).mapToObj(entry -> prefix + entry).toList();
    }
}
