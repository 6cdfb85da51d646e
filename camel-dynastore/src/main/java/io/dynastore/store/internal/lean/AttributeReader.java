/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store.internal.lean;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * Reads attribute values and other parts of responses.
 *
 * <p>It accepts only what DynamoDB writes. Anything else is an error, so that the SDK decides what it means.
 *
 * <p>Decision 25 in docs/decisions has the reasons.
 */
final class AttributeReader {

    /** DynamoDB allows 32 levels. */
    private static final int MOST_LEVELS = 100;

    private static final AttributeValue TRUE = AttributeValue.fromBool(true);
    private static final AttributeValue FALSE = AttributeValue.fromBool(false);

    private AttributeReader() {}

    /** One part of a response. */
    @FunctionalInterface
    interface Part<T> {
        T read(JsonCursor json) throws IOException;
    }

    static Map<String, AttributeValue> item(JsonCursor json) throws IOException {
        return item(json, 0);
    }

    private static Map<String, AttributeValue> item(JsonCursor json, int level) throws IOException {
        return map(json, value -> value(value, level + 1));
    }

    private static AttributeValue value(JsonCursor json, int level) throws IOException {
        if (level > MOST_LEVELS) {
            throw new IOException("too many levels");
        }
        json.expect('{');
        AttributeValue value = value(json, json.name(), level);
        json.expect('}');
        return value;
    }

    static AttributeValue value(JsonCursor json, String type, int level) throws IOException {
        return switch (type) {
            case "S" -> AttributeValue.fromS(json.text());
            case "N" -> AttributeValue.fromN(json.text());
            case "B" -> AttributeValue.fromB(bytes(json.text()));
            case "M" -> AttributeValue.fromM(item(json, level));
            case "L" -> AttributeValue.fromL(list(json, element -> value(element, level + 1)));
            case "SS" -> AttributeValue.fromSs(list(json, JsonCursor::text));
            case "NS" -> AttributeValue.fromNs(list(json, JsonCursor::text));
            case "BS" -> AttributeValue.fromBs(list(json, element -> bytes(element.text())));
            case "BOOL" -> json.flag() ? TRUE : FALSE;
            case "NULL" -> AttributeValue.fromNul(json.flag());
            default -> throw new IOException("an attribute value of no known type");
        };
    }

    static <T> List<T> list(JsonCursor json, Part<T> element) throws IOException {
        List<T> list = new ArrayList<>();
        json.array(() -> list.add(element.read(json)));
        return list;
    }

    static <T> Map<String, T> map(JsonCursor json, Part<T> value) throws IOException {
        Map<String, T> map = new LinkedHashMap<>();
        json.object(name -> {
            if (map.put(name, value.read(json)) != null) {
                throw new IOException("a name that occurs twice");
            }
        });
        return map;
    }

    static SdkBytes bytes(String text) throws IOException {
        try {
            return SdkBytes.fromByteArrayUnsafe(Base64.getDecoder().decode(text));
        } catch (IllegalArgumentException e) {
            throw new IOException(e);
        }
    }
}
