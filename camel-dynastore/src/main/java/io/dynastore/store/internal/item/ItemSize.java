/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store.internal.item;

import io.dynastore.store.InvalidInputException;
import io.dynastore.store.QueueAttributes;
import java.util.Collection;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * A lower bound, in bytes, of an item's size as DynamoDB counts it. An item above the limit here exceeds it in the
 * service too, and need not be sent. For all others, the service's own count decides.
 *
 * <p>Counting rules: Amazon DynamoDB Developer Guide, "DynamoDB item sizes and formats". A number counts half a byte
 * for each digit, without the byte of overhead that the guide calls approximate.
 */
public final class ItemSize {

    static final int LARGEST = 400 * 1024;

    private static final long UNCERTAIN = 2L * LARGEST;

    /** Bytes: more than the guide's overhead of a document or of one member. */
    private static final int ROOM = 4;

    private ItemSize() {}

    /**
     * Checks the lower bound against the limit of 400 KB.
     *
     * @throws InvalidInputException if the item is certainly too large
     */
    public static void check(Map<String, AttributeValue> item) {
        long size = of(item);
        if (size > LARGEST) {
            throw new InvalidInputException("The item has at least " + size + " bytes, DynamoDB takes " + LARGEST
                    + ": store the payload elsewhere (S3, say) and a reference here, or split it.");
        }
    }

    /**
     * Checks that a claim can be added to an item.
     *
     * @throws InvalidInputException if the item may be too large for it
     */
    static void checkClaim(Map<String, AttributeValue> item) {
        long size = of(item) + overhead(item.values());
        if (size > LARGEST - QueueAttributes.LARGEST_CLAIM) {
            throw new InvalidInputException(
                    "The item has up to " + size + " bytes, and a claim of a work queue adds up to "
                            + QueueAttributes.LARGEST_CLAIM + ". DynamoDB takes " + LARGEST
                            + ": store the payload elsewhere (S3, say) and a reference here, or split it.");
        }
    }

    /** What the guide calls approximate: a byte for each number and for each member of a list or map. */
    private static long overhead(Collection<AttributeValue> values) {
        long size = 0;
        for (AttributeValue value : values) {
            size += 2;
            size += switch (value.type()) {
                case M -> overhead(value.m().values());
                case L -> overhead(value.l());
                case NS -> 2L * value.ns().size();
                default -> 0;
            };
        }
        return size;
    }

    /** The lower bound of an item or a map. */
    public static long of(Map<String, AttributeValue> members) {
        long size = 0;
        for (Map.Entry<String, AttributeValue> member : members.entrySet()) {
            size += utf8(member.getKey()) + of(member.getValue());
        }
        return size;
    }

    /** An upper bound that does not look at the characters of a text. */
    static long atMost(AttributeValue value) {
        return switch (value.type()) {
            case S -> atMost(value.s());
            case N -> value.n().length();
            case B -> value.b().asByteArrayUnsafe().length;
            case BOOL, NUL -> 1;
            case SS, NS, BS, UNKNOWN_TO_SDK_VERSION -> UNCERTAIN;
            case M -> {
                long size = ROOM;
                for (Map.Entry<String, AttributeValue> member : value.m().entrySet()) {
                    size += ROOM + atMost(member.getKey()) + atMost(member.getValue());
                }
                yield size;
            }
            case L -> {
                long size = ROOM;
                for (AttributeValue member : value.l()) {
                    size += ROOM + atMost(member);
                }
                yield size;
            }
        };
    }

    static long atMost(String text) {
        return 3L * text.length();
    }

    private static long of(AttributeValue value) {
        return switch (value.type()) {
            case S -> utf8(value.s());
            case N -> digits(value.n()) / 2;
            case B -> value.b().asByteArrayUnsafe().length;
            case BOOL, NUL -> 1;
            case SS -> value.ss().stream().mapToLong(ItemSize::utf8).sum();
            case NS -> value.ns().stream().mapToLong(n -> digits(n) / 2).sum();
            case BS ->
                value.bs().stream().mapToLong(b -> b.asByteArrayUnsafe().length).sum();
            case M -> 3 + of(value.m());
            case L -> 3 + of(value.l());
            case UNKNOWN_TO_SDK_VERSION -> 0;
        };
    }

    private static long of(Collection<AttributeValue> members) {
        return members.stream().mapToLong(ItemSize::of).sum();
    }

    /** Significant digits: leading and trailing zeros cost nothing. */
    private static long digits(String number) {
        return number.chars().filter(c -> c >= '1' && c <= '9').count();
    }

    private static long utf8(String text) {
        long size = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            size += c < 0x80 ? 1 : c < 0x800 || Character.isSurrogate(c) ? 2 : 3;
        }
        return size;
    }
}
