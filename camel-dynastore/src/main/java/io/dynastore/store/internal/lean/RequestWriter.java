/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store.internal.lean;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.SerializableString;
import com.fasterxml.jackson.core.io.SerializedString;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Collection;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.util.SdkAutoConstructList;
import software.amazon.awssdk.core.util.SdkAutoConstructMap;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * Writes requests as JSON, byte by byte as the SDK does. Thread safe.
 *
 * <p>It walks through the fields that the SDK's own marshaller reads, so that no field of a request can be forgotten.
 * Attribute values, which are most of a request, are written without that walk. It writes only types of values that it
 * knows; the SDK writes all others.
 *
 * <p>Decision 21 in docs/decisions has the reasons.
 */
final class RequestWriter {

    /** DynamoDB allows 32 levels. */
    private static final int MOST_LEVELS = 100;

    private static final JsonFactory JSON = new JsonFactory();

    private static final SerializableString S = new SerializedString("S");
    private static final SerializableString N = new SerializedString("N");
    private static final SerializableString B = new SerializedString("B");
    private static final SerializableString M = new SerializedString("M");
    private static final SerializableString L = new SerializedString("L");
    private static final SerializableString SS = new SerializedString("SS");
    private static final SerializableString NS = new SerializedString("NS");
    private static final SerializableString BS = new SerializedString("BS");
    private static final SerializableString BOOL = new SerializedString("BOOL");
    private static final SerializableString NULL = new SerializedString("NULL");

    private RequestWriter() {}

    /**
     * The body of a request.
     *
     * @param request must not have a member that the SDK would fill with a random value
     * @return null if the SDK has to write it
     */
    static @Nullable SdkBytes write(SdkPojo request) {
        Body body = new Body();
        try (JsonGenerator json = JSON.createGenerator(body)) {
            pojo(json, request, 0);
        } catch (IOException | RuntimeException | LinkageError e) {
            // The SDK says what is wrong with it, or can write it.
            return null;
        }
        return SdkBytes.fromByteArrayUnsafe(body.bytes());
    }

    /** Jackson's generator writes a body of less than 8 KB at once: then it takes exactly one array. */
    private static final class Body extends ByteArrayOutputStream {

        Body() {
            super(0);
        }

        byte[] bytes() {
            return count == buf.length ? buf : toByteArray();
        }
    }

    private static void pojo(JsonGenerator json, SdkPojo pojo, int level) throws IOException {
        json.writeStartObject();
        for (SdkField<?> field : pojo.sdkFields()) {
            Object value = field.getValueOrDefault(pojo);
            if (value != null && !isAbsent(value)) {
                json.writeFieldName(field.locationName());
                value(json, value, level);
            }
        }
        json.writeEndObject();
    }

    private static boolean isAbsent(Object value) {
        return value instanceof SdkAutoConstructMap || value instanceof SdkAutoConstructList;
    }

    private static void value(JsonGenerator json, @Nullable Object value, int level) throws IOException {
        if (level > MOST_LEVELS) {
            throw new IOException("too many levels");
        } else if (value instanceof AttributeValue attribute) {
            attribute(json, attribute, level + 1);
        } else if (value instanceof String text) {
            json.writeString(text);
        } else if (value instanceof Boolean flag) {
            json.writeBoolean(flag);
        } else if (value instanceof Integer number) {
            json.writeNumber(number);
        } else if (value instanceof SdkBytes bytes) {
            json.writeBinary(bytes.asByteArrayUnsafe());
        } else if (value instanceof Map<?, ?> map) {
            map(json, map, level + 1);
        } else if (value instanceof Collection<?> list) {
            list(json, list, level + 1);
        } else if (value instanceof SdkPojo pojo) {
            pojo(json, pojo, level + 1);
        } else {
            throw new IOException("a value that only the SDK writes");
        }
    }

    private static void map(JsonGenerator json, Map<?, ?> map, int level) throws IOException {
        json.writeStartObject();
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            json.writeFieldName((String) entry.getKey());
            value(json, entry.getValue(), level);
        }
        json.writeEndObject();
    }

    private static void list(JsonGenerator json, Collection<?> list, int level) throws IOException {
        json.writeStartArray();
        for (Object value : list) {
            value(json, value, level);
        }
        json.writeEndArray();
    }

    private static void attribute(JsonGenerator json, AttributeValue value, int level) throws IOException {
        AttributeValue.Type type = value.type();
        if (type == null) {
            throw new IOException("an attribute value with several members");
        }
        json.writeStartObject();
        switch (type) {
            case S -> member(json, S, value.s(), level);
            case N -> member(json, N, value.n(), level);
            case B -> member(json, B, value.b(), level);
            case M -> member(json, M, value.m(), level);
            case L -> member(json, L, value.l(), level);
            case SS -> member(json, SS, value.ss(), level);
            case NS -> member(json, NS, value.ns(), level);
            case BS -> member(json, BS, value.bs(), level);
            case BOOL -> member(json, BOOL, value.bool(), level);
            case NUL -> member(json, NULL, value.nul(), level);
            default -> throw new IOException("an attribute value of no known type");
        }
        json.writeEndObject();
    }

    private static void member(JsonGenerator json, SerializableString name, Object value, int level)
            throws IOException {
        json.writeFieldName(name);
        value(json, value, level);
    }
}
