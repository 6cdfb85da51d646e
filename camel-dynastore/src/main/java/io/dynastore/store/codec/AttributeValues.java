/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store.codec;

import io.dynastore.store.InvalidInputException;
import io.dynastore.store.Numbers;
import io.dynastore.store.Texts;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Checks attribute values that a caller has made itself, as the service would. Stateless. */
final class AttributeValues {

    private AttributeValues() {}

    /**
     * Checks a value and its members.
     *
     * @param depth the level of the value, counted from 1
     * @return the same value
     * @throws InvalidInputException if DynamoDB would reject it; the message contains no part of it
     */
    static AttributeValue checked(AttributeValue value, int depth) {
        ValueEncoder.checkDepth(depth);
        if (types(value) != 1) {
            throw refused("has " + types(value) + " types in place of one");
        }
        switch (value.type()) {
            case S -> Texts.sound(value.s());
            case N -> number(value.n());
            case SS -> set(value.ss()).forEach(Texts::sound);
            case NS -> set(value.ns().stream().map(AttributeValues::number).toList());
            case BS -> set(value.bs());
            case NUL -> require(value.nul(), "is a NULL that is not true");
            case M -> deeper(value.m(), depth).forEach((name, member) -> member(name, member, depth));
            case L -> deeper(value.l(), depth).forEach(member -> member("", member, depth));
            case B, BOOL, UNKNOWN_TO_SDK_VERSION -> {}
        }
        return value;
    }

    /** The service counts the members of a document as a level, even if there are none. */
    private static <T> T deeper(T members, int depth) {
        ValueEncoder.checkDepth(depth + 1);
        return members;
    }

    private static long types(AttributeValue value) {
        long scalars = Stream.<@Nullable Object>of(value.s(), value.n(), value.b(), value.bool(), value.nul())
                .filter(each -> each != null)
                .count();
        return scalars
                + Stream.of(value.hasM(), value.hasL(), value.hasSs(), value.hasNs(), value.hasBs())
                        .filter(present -> present)
                        .count();
    }

    private static void member(@Nullable String name, @Nullable AttributeValue member, int depth) {
        require(name != null && member != null, "contains null");
        Texts.sound(String.valueOf(name));
        checked(Objects.requireNonNull(member), depth + 1);
    }

    private static String number(@Nullable String text) {
        Number number = text == null ? null : SingleValues.number(text);
        if (number == null) {
            throw refused("is a number whose text is none");
        }
        return Numbers.text(number);
    }

    private static <T> Collection<T> set(List<T> members) {
        require(!members.isEmpty(), "is an empty set");
        require(members.stream().allMatch(member -> member != null), "is a set that contains null");
        require(new HashSet<>(members).size() == members.size(), "is a set with a member twice");
        return members;
    }

    private static void require(boolean sound, String reason) {
        if (!sound) {
            throw refused(reason);
        }
    }

    private static InvalidInputException refused(String reason) {
        return new InvalidInputException(
                "An AttributeValue " + reason + ", which DynamoDB rejects: correct it, or give plain Java values.");
    }
}
