/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store.internal.item;

import io.dynastore.store.InvalidInputException;
import java.util.Collection;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * A lower bound of an item's size as DynamoDB counts it: what is above the limit here is so there too, and need not be
 * sent. The service's own count decides the rest.
 *
 * <p>Counting rules: Amazon DynamoDB Developer Guide, "DynamoDB item sizes and formats". Numbers are counted as half a
 * byte a digit, without the byte of overhead that the guide calls approximate.
 */
public final class ItemSize {

    static final int LARGEST = 400 * 1024;

    private static final long UNCERTAIN = 2L * LARGEST;

    /** What a document takes for itself and for each member, by the guide, and more. */
    private static final int ROOM = 4;

    private ItemSize() {}

    public static void check(Map<String, AttributeValue> item) {
        long size = of(item);
        if (size > LARGEST) {
            throw new InvalidInputException("The item has at least " + size + " bytes, DynamoDB takes " + LARGEST
                    + ": store the payload elsewhere (S3, say) and a reference here, or split it.");
        }
    }

    public static long of(Map<String, AttributeValue> members) {
        long size = 0;
        for (Map.Entry<String, AttributeValue> member : members.entrySet()) {
            size += utf8(member.getKey()) + of(member.getValue());
        }
        return size;
    }

    /** An upper bound that takes no look at what a text consists of. */
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
