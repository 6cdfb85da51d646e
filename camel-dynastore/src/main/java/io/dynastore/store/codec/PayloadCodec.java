/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store.codec;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.exc.PropertyBindingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.dynastore.store.DynaStoreException;
import io.dynastore.store.InvalidInputException;
import io.dynastore.store.PayloadFormat;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * Converts payloads between Java and DynamoDB, by {@link PayloadFormat} and, if one is set, the class of the payload.
 *
 * <p>Thread safe. No error message contains any part of a payload.
 */
public final class PayloadCodec {

    private final ValueEncoder encoder;
    private final ObjectReader jsonIn;
    private final ObjectWriter jsonOut;
    private final @Nullable ObjectReader typed;
    private final @Nullable Class<?> type;

    /**
     * A codec with an ObjectMapper.
     *
     * @param mapper reads and writes JSON and beans; must not be reconfigured afterwards
     * @param type the class of payloads that are read in the AUTO format; null: the types of
     *     {@link PayloadFormat#AUTO}
     * @throws InvalidInputException if the mapper uses default typing, since stored data could then name classes to
     *     load
     */
    public PayloadCodec(ObjectMapper mapper, @Nullable Class<?> type) {
        if (mapper.getDeserializationConfig().getDefaultTyper(null) != null
                || mapper.getSerializationConfig().getDefaultTyper(null) != null) {
            throw new InvalidInputException(
                    "The ObjectMapper has default typing: anyone with write access to the table could choose the"
                            + " classes to load. Use one without, or annotate the classes that need a type.");
        }
        this.encoder = new ValueEncoder(mapper);
        this.jsonIn = mapper.readerFor(JsonNode.class)
                .with(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                .with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .with(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY);
        this.jsonOut = mapper.writer().with(StreamWriteFeature.WRITE_BIGDECIMAL_AS_PLAIN);
        this.typed = type == null ? null : mapper.readerFor(type);
        this.type = type;
    }

    /** A new mapper with the default settings: dates as ISO-8601 text, unknown properties ignored. */
    public static ObjectMapper defaultMapper() {
        return JsonMapper.builder()
                .addModule(new JavaTimeModule())
                .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
                .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .build();
    }

    /**
     * The attribute value of a payload.
     *
     * @param value null is stored as NULL
     * @throws InvalidInputException if the value doesn't fit the format, or DynamoDB can't hold it
     */
    public AttributeValue encode(@Nullable Object value, PayloadFormat format) {
        return switch (format) {
            case AUTO -> encoder.encode(value);
            case JSON ->
                value instanceof String || value instanceof byte[]
                        ? encoder.encode(parse(value))
                        : encoder.encode(value);
            case TEXT -> value instanceof String || value == null ? encoder.encode(value) : refuse(value, "text");
            case BINARY -> value instanceof byte[] || value == null ? encoder.encode(value) : refuse(value, "bytes");
        };
    }

    /**
     * The attribute value of an extra field.
     *
     * @throws InvalidInputException if DynamoDB can't hold the value
     */
    public AttributeValue encodeField(@Nullable Object value) {
        return encoder.encode(value);
    }

    /**
     * The payload of a stored attribute.
     *
     * @param stored null if the item has no payload
     * @return null for NULL or no payload; in the JSON format, the text "null"
     * @throws DynaStoreException if the stored value doesn't fit the format or the class
     */
    public @Nullable Object decode(@Nullable AttributeValue stored, PayloadFormat format) {
        if (stored == null || Boolean.TRUE.equals(stored.nul())) {
            return format == PayloadFormat.JSON ? "null" : null;
        }
        return switch (format) {
            case AUTO -> typed == null ? ValueDecoder.decode(stored) : typed(typed, ValueDecoder.json(stored));
            case JSON -> json(stored);
            case TEXT -> text(stored);
            case BINARY -> bytes(stored);
        };
    }

    /** The Java value of a stored extra field; null for NULL. */
    public @Nullable Object decodeField(AttributeValue stored) {
        return ValueDecoder.decode(stored);
    }

    /**
     * Parses a JSON document that is not itself a payload.
     *
     * @param value a String, or a byte[]
     * @throws InvalidInputException if it is empty or not well-formed
     */
    public JsonNode document(Object value) {
        return parse(value);
    }

    private JsonNode parse(Object value) {
        try {
            JsonNode node = value instanceof String text ? jsonIn.readTree(text) : jsonIn.readTree((byte[]) value);
            if (node.isMissingNode()) {
                throw new InvalidInputException(
                        "The body is empty, not JSON: send at least null, or use another payload format.");
            }
            return node;
        } catch (IOException e) {
            throw new InvalidInputException("The body is not well-formed JSON: " + place(e) + ".");
        }
    }

    private String json(AttributeValue stored) {
        try {
            return jsonOut.writeValueAsString(ValueDecoder.json(stored));
        } catch (JsonProcessingException e) {
            throw new DynaStoreException("The stored payload can't be written as JSON: " + place(e) + ".");
        }
    }

    private Object typed(ObjectReader reader, JsonNode node) {
        try {
            return reader.readValue(node);
        } catch (IOException e) {
            throw new DynaStoreException("The stored payload can't be read as " + (type == null ? "" : type.getName())
                    + ": " + place(e) + ". Correct the class, or read the item without payloadType.");
        }
    }

    private String text(AttributeValue stored) {
        return switch (stored.type()) {
            case S -> stored.s();
            case N -> stored.n();
            case BOOL -> stored.bool().toString();
            case B -> utf8(stored.b());
            default -> json(stored);
        };
    }

    private static String utf8(SdkBytes bytes) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes.asByteArray()))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new DynaStoreException(
                    "The stored payload is binary and not text in UTF-8: read it with payload format binary.");
        }
    }

    private byte[] bytes(AttributeValue stored) {
        return stored.b() != null ? stored.b().asByteArray() : text(stored).getBytes(StandardCharsets.UTF_8);
    }

    private static AttributeValue refuse(Object value, String wanted) {
        throw new InvalidInputException("The body is a " + value.getClass().getName() + " and not " + wanted
                + ": convert it, or use another payload format.");
    }

    /** How and where Jackson failed, without any data, which Jackson's own messages quote. */
    static String place(Throwable error) {
        Throwable cause =
                error instanceof IllegalArgumentException && error.getCause() != null ? error.getCause() : error;
        StringBuilder place = new StringBuilder(cause.getClass().getSimpleName());
        if (cause instanceof JsonMappingException mapping && !mapping.getPath().isEmpty()) {
            JsonMappingException.Reference last =
                    mapping.getPath().get(mapping.getPath().size() - 1);
            // A map's key is data, and so is a property that the bean doesn't have. A property of the bean is not.
            boolean data = last.getFrom() instanceof Map || cause instanceof PropertyBindingException;
            place.append(data ? "" : " at " + last.getDescription());
        } else if (cause instanceof JsonProcessingException parsing && parsing.getLocation() != null) {
            JsonLocation location = parsing.getLocation();
            place.append(" at line ")
                    .append(location.getLineNr())
                    .append(", column ")
                    .append(location.getColumnNr());
        }
        return place.toString();
    }
}
