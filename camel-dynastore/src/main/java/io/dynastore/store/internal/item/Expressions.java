/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store.internal.item;

import java.util.Collection;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The text of expressions. That of the write history is in {@link HistoryAttributes}.
 *
 * <p>{@code NOT #expires < :now} means that an item is live. A comparison with an attribute that is missing or not a
 * number is false. So an item without expiry is live, and so is an absent one. If the item must exist, the condition
 * adds {@link #EXISTS}, or expects a version, which only an existing item has.
 *
 * <p>Decisions 2 and 3 in docs/decisions have the reasons.
 */
public final class Expressions {

    public static final String PARTITION_KEY = "#partitionKey";
    public static final String SORT_KEY = "#sortKey";
    public static final String VERSION = "#version";
    public static final String EXPIRES = "#expires";
    public static final String LOCK = "#lock";
    public static final String FENCE = "#fence";
    public static final String HOLDER = "#holder";
    public static final String PAYLOAD = "#payload";
    static final String DUE = "#due";
    public static final String CREATOR = "#creator";

    public static final String NOW = ":now";
    static final String NEW_EXPIRES = ":expires";
    static final String NEW_PAYLOAD = ":payload";
    static final String NEW_DUE = ":due";
    static final String NEW_VERSION = ":version";
    public static final String TOKEN = ":token";
    static final String EXPECTED = ":expected";
    static final String SEEN_EXPIRES = ":seenExpires";
    static final String INCARNATION = ":life";
    static final String ZERO = ":zero";
    static final String ONE = ":one";
    static final String GREATEST = ":top";
    public static final String PARTITION = ":partition";
    public static final String SORT_KEY_VALUE = ":sortKey";
    public static final String PREFIX = ":prefix";
    public static final String OWN_PARTITIONS = ":own";
    public static final String FROM = ":from";
    public static final String TO = ":to";

    static final String ABSENT = "attribute_not_exists(#partitionKey)";
    static final String EXISTS = "attribute_exists(#partitionKey)";
    public static final String LIVE = "NOT #expires < :now";
    static final String AT_VERSION = "#version = :expected";
    static final String SAME_INCARNATION = "#creator = :life";
    static final String IN_UNNAMED_INCARNATION = "attribute_not_exists(#creator)";
    static final String WITHOUT_VERSION = "(attribute_not_exists(#version) OR #version = :zero)";
    static final String STILL_EXPIRED = "#expires = :seenExpires";

    /** The item is no lock item: only locks write these, live or expired. */
    public static final String NO_LOCK = "attribute_not_exists(#lock)";

    /** No write with a higher fencing token was applied before. */
    public static final String NOT_FENCED_OFF = "(attribute_not_exists(#fence) OR #fence <= :token)";

    /** The lock is still held under this fencing token. */
    public static final String HELD = "attribute_exists(#holder) AND #fence = :token";

    static final String SET_PAYLOAD = "#payload = :payload";
    static final String SET_VERSION = "#version = :version";
    static final String INCREMENT_VERSION = "#version = if_not_exists(#version, :zero) + :one";
    /** The version has a successor, or is none: see {@link StoredItem#greatestVersion}. */
    static final String HAS_SUCCESSOR = "NOT #version>=:top";

    static final String SET_EXPIRES = "#expires = :expires";

    static final String SET_FENCE = "#fence = :token";
    static final String SET_DUE_IF_OPEN = "#due=if_not_exists(#due,:due)";

    public static final String IN_PARTITION = "#partitionKey = :partition";
    public static final String NOT_OWN = "NOT begins_with(#partitionKey, :own)";
    public static final String WITH_PREFIX = "begins_with(#sortKey, :prefix)";
    public static final String BETWEEN = "#sortKey BETWEEN :from AND :to";
    public static final String AT_OR_BEHIND = "#sortKey >= :from";
    public static final String AT_OR_BEFORE = "#sortKey <= :to";

    private Expressions() {}

    /** The condition of a later attribute of a partition key that consists of several. */
    public static String inPartition(int attribute) {
        return PARTITION_KEY + attribute + " = " + PARTITION + attribute;
    }

    /** The condition of an attribute before the one that a prefix or range is of. */
    public static String sortKeyIs(int attribute) {
        return SORT_KEY + attribute + " = " + SORT_KEY_VALUE + attribute;
    }

    /**
     * A condition that always holds and names these attributes. The service rejects a filter that names an attribute
     * which the index does not project. Without it, that attribute would silently be missing from the items.
     *
     * @return null if there are no names
     */
    public static @Nullable String projected(Collection<String> names) {
        return names.isEmpty()
                ? null
                : names.stream()
                        .map(name -> "attribute_exists(" + name + ") OR attribute_not_exists(" + name + ")")
                        .collect(Collectors.joining(" OR ", "(", ")"));
    }

    public static String and(String left, String right) {
        return left + " AND " + right;
    }
}
