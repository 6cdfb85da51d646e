/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store.internal.lean;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * Reads attribute values and other parts of responses. Each method begins at the first token of what it reads and
 * ends at its last one.
 *
 * <p>It accepts only what DynamoDB writes. Anything else is an error, so that the SDK decides what it means.
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
        T read(JsonParser json) throws IOException;
    }

    static Map<String, AttributeValue> item(JsonParser json) throws IOException {
        return item(json, 0);
    }

    private static Map<String, AttributeValue> item(JsonParser json, int level) throws IOException {
        expect(json, JsonToken.START_OBJECT);
        Map<String, AttributeValue> item = new LinkedHashMap<>();
        for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
            json.nextToken();
            put(item, name, value(json, level + 1));
        }
        expect(json, JsonToken.END_OBJECT);
        return item;
    }

    private static AttributeValue value(JsonParser json, int level) throws IOException {
        if (level > MOST_LEVELS) {
            throw new IOException("too many levels");
        }
        expect(json, JsonToken.START_OBJECT);
        String type = json.nextFieldName();
        if (type == null) {
            throw new IOException("an attribute value without a type");
        }
        json.nextToken();
        AttributeValue value = value(json, type, level);
        json.nextToken();
        expect(json, JsonToken.END_OBJECT);
        return value;
    }

    static AttributeValue value(JsonParser json, String type, int level) throws IOException {
        return switch (type) {
            case "S" -> AttributeValue.fromS(text(json));
            case "N" -> AttributeValue.fromN(text(json));
            case "B" -> AttributeValue.fromB(bytes(json));
            case "M" -> AttributeValue.fromM(item(json, level));
            case "L" -> AttributeValue.fromL(list(json, element -> value(element, level + 1)));
            case "SS" -> AttributeValue.fromSs(list(json, AttributeReader::text));
            case "NS" -> AttributeValue.fromNs(list(json, AttributeReader::text));
            case "BS" -> AttributeValue.fromBs(list(json, AttributeReader::bytes));
            case "BOOL" -> flag(json) ? TRUE : FALSE;
            case "NULL" -> AttributeValue.fromNul(flag(json));
            default -> throw new IOException("an attribute value of no known type");
        };
    }

    static <T> List<T> list(JsonParser json, Part<T> element) throws IOException {
        expect(json, JsonToken.START_ARRAY);
        List<T> list = new ArrayList<>();
        for (JsonToken token = json.nextToken(); token != JsonToken.END_ARRAY; token = json.nextToken()) {
            list.add(element.read(json));
        }
        return list;
    }

    static <T> Map<String, T> map(JsonParser json, Part<T> value) throws IOException {
        expect(json, JsonToken.START_OBJECT);
        Map<String, T> map = new LinkedHashMap<>();
        for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
            json.nextToken();
            put(map, name, value.read(json));
        }
        expect(json, JsonToken.END_OBJECT);
        return map;
    }

    private static <T> void put(Map<String, T> map, String name, T value) throws IOException {
        if (map.put(name, value) != null) {
            throw new IOException("a name that occurs twice");
        }
        checkName(name);
    }

    /** Fails unless the name is text. */
    static void checkName(String name) throws IOException {
        if (hasHalfCharacter(name)) {
            throw new IOException("a name that is no text");
        }
    }

    /** Whether there is a surrogate without the other one. Versions of Jackson differ in whether a name may have it. */
    private static boolean hasHalfCharacter(String name) {
        for (int i = 0; i < name.length(); i++) {
            char unit = name.charAt(i);
            if (Character.isHighSurrogate(unit)
                    && i + 1 < name.length()
                    && Character.isLowSurrogate(name.charAt(i + 1))) {
                i++;
            } else if (Character.isSurrogate(unit)) {
                return true;
            }
        }
        return false;
    }

    static String text(JsonParser json) throws IOException {
        expect(json, JsonToken.VALUE_STRING);
        return json.getText();
    }

    static SdkBytes bytes(JsonParser json) throws IOException {
        try {
            return SdkBytes.fromByteArrayUnsafe(Base64.getDecoder().decode(text(json)));
        } catch (IllegalArgumentException e) {
            throw new IOException(e);
        }
    }

    private static boolean flag(JsonParser json) throws IOException {
        JsonToken token = json.currentToken();
        if (token == null || !token.isBoolean()) {
            throw new IOException("no boolean");
        }
        return token == JsonToken.VALUE_TRUE;
    }

    static int count(JsonParser json) throws IOException {
        expect(json, JsonToken.VALUE_NUMBER_INT);
        return json.getIntValue();
    }

    static double number(JsonParser json) throws IOException {
        JsonToken token = json.currentToken();
        if (token != JsonToken.VALUE_NUMBER_INT && token != JsonToken.VALUE_NUMBER_FLOAT) {
            throw new IOException("no number");
        }
        return json.getDoubleValue();
    }

    static void expect(JsonParser json, JsonToken token) throws IOException {
        if (json.currentToken() != token) {
            throw new IOException("not what DynamoDB writes");
        }
    }
}
