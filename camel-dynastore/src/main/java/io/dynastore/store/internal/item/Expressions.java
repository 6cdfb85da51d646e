/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store.internal.item;

import java.util.Collection;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The one place where expression text is written.
 *
 * <p>{@code NOT #expires < :now} is how an item is live: a comparison with an attribute that is missing or not a number is
 * false, so that an item without expiry is live, and so is one that isn't there. Whoever needs the item to exist adds
 * {@link #EXISTS}, or expects a version, which only an existing item has.
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
    public static final String CREATOR = "#creator";

    public static final String NOW = ":now";
    static final String NEW_EXPIRES = ":expires";
    static final String NEW_PAYLOAD = ":payload";
    static final String NEW_VERSION = ":version";
    public static final String TOKEN = ":token";
    static final String EXPECTED = ":expected";
    static final String SEEN_EXPIRES = ":seenExpires";
    static final String INCARNATION = ":life";
    static final String ZERO = ":zero";
    static final String ONE = ":one";
    public static final String PARTITION = ":partition";
    public static final String PREFIX = ":prefix";
    public static final String OWN_PARTITIONS = ":own";
    public static final String FROM = ":from";
    public static final String TO = ":to";

    static final String ABSENT = "attribute_not_exists(#partitionKey)";
    static final String EXISTS = "attribute_exists(#partitionKey)";
    public static final String LIVE = "NOT #expires < :now";
    static final String AT_VERSION = "#version = :expected";
    static final String SAME_INCARNATION = "#creator = :life";
    static final String IN_UNNAMED_LIFE = "attribute_not_exists(#creator)";
    static final String WITHOUT_VERSION = "(attribute_not_exists(#version) OR #version = :zero)";
    static final String STILL_EXPIRED = "#expires = :seenExpires";

    /** Locks alone write lock items, live or expired. */
    public static final String NO_LOCK = "attribute_not_exists(#lock)";

    /** No write with a later fencing token has come before. */
    public static final String NOT_FENCED_OFF = "(attribute_not_exists(#fence) OR #fence <= :token)";

    /** A lock that is still held by the acquisition of this token. */
    public static final String HELD = "attribute_exists(#holder) AND #fence = :token";

    static final String SET_PAYLOAD = "#payload = :payload";
    static final String SET_VERSION = "#version = :version";
    static final String INCREMENT_VERSION = "#version = if_not_exists(#version, :zero) + :one";
    static final String SET_EXPIRES = "#expires = :expires";

    static final String SET_FENCE = "#fence = :token";

    public static final String IN_PARTITION = "#partitionKey = :partition";
    public static final String NOT_OWN = "NOT begins_with(#partitionKey, :own)";
    public static final String WITH_PREFIX = "begins_with(#sortKey, :prefix)";
    public static final String BETWEEN = "#sortKey BETWEEN :from AND :to";
    public static final String AT_OR_BEHIND = "#sortKey >= :from";
    public static final String AT_OR_BEFORE = "#sortKey <= :to";

    private Expressions() {}

    /**
     * A condition that always holds, and names these attributes. The service refuses a filter that names an attribute which the
     * index does not project, and so tells what would otherwise be missing from the items without a word.
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
