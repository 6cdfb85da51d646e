/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store.codec;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeFeature;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.dynastore.store.DynaStoreException;
import io.dynastore.store.InvalidInputException;
import io.dynastore.store.Item;
import io.dynastore.store.PayloadFormat;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
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
        this.encoder = new ValueEncoder(safe(mapper));
        this.jsonIn = mapper.readerFor(JsonNode.class)
                .with(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                .with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .with(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY);
        this.jsonOut = mapper.writer().with(StreamWriteFeature.WRITE_BIGDECIMAL_AS_PLAIN);
        this.typed = type == null ? null : mapper.readerFor(type);
        this.type = type;
    }

    /**
     * Checks that a mapper lets no stored data choose classes.
     *
     * @return the same mapper
     * @throws InvalidInputException if it uses default typing
     */
    public static ObjectMapper safe(ObjectMapper mapper) {
        if (mapper.getDeserializationConfig().getDefaultTyper(null) != null
                || mapper.getSerializationConfig().getDefaultTyper(null) != null) {
            throw new InvalidInputException(
                    "The ObjectMapper has default typing: anyone with write access to the table could choose the"
                            + " classes to load. Use one without, or annotate the classes that need a type.");
        }
        return mapper;
    }

    /**
     * A new mapper with the default settings: dates as ISO-8601 text, with the offset and zone that they have;
     * Optionals as their values; unknown properties ignored.
     */
    public static ObjectMapper defaultMapper() {
        return JsonMapper.builder()
                .addModule(new JavaTimeModule().disable(JavaTimeFeature.NORMALIZE_DESERIALIZED_ZONE_ID))
                .addModule(OptionalModule.create())
                .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
                .enable(SerializationFeature.WRITE_DATES_WITH_ZONE_ID)
                .disable(DeserializationFeature.ADJUST_DATES_TO_CONTEXT_TIME_ZONE)
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
            case JSON -> encoder.encode(isText(value) ? parse(Objects.requireNonNull(value)) : value);
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

    /**
     * The payload of a stored text: what {@link #decode} makes of an attribute of the type S.
     *
     * @throws DynaStoreException if the text doesn't fit the format or the class
     */
    public @Nullable Object decodeText(String stored, PayloadFormat format) {
        boolean asItIs = format == PayloadFormat.TEXT || (format == PayloadFormat.AUTO && typed == null);
        return asItIs ? stored : decode(AttributeValue.fromS(stored), format);
    }

    /** The Java value of a stored extra field; null for NULL. */
    public @Nullable Object decodeField(AttributeValue stored) {
        return ValueDecoder.decode(stored);
    }

    /**
     * Items as a JSON array in UTF-8. Each is an object with the members of an {@link Item}.
     *
     * @param items their payloads are JSON text, as in the format JSON
     * @throws DynaStoreException if a field can't be written
     */
    public byte[] array(List<Item> items) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator json = jsonOut.createGenerator(bytes)) {
            json.writeStartArray();
            for (Item item : items) {
                json.writeStartObject();
                json.writeFieldName("key");
                jsonOut.writeValue(json, item.key());
                json.writeFieldName("payload");
                json.writeRawValue(String.valueOf(item.payload()));
                json.writeNumberField("version", item.version());
                json.writeStringField(
                        "expires",
                        item.expires() == null ? null : item.expires().toString());
                json.writeFieldName("fields");
                jsonOut.writeValue(json, item.fields());
                json.writeEndObject();
            }
            json.writeEndArray();
        } catch (IOException e) {
            throw new DynaStoreException("The items can't be written as JSON: " + JacksonErrors.place(e) + ".");
        }
        return bytes.toByteArray();
    }

    /**
     * Parses a JSON document that is not itself a payload.
     *
     * @param value text or bytes
     * @return the document; null if the value is neither
     * @throws InvalidInputException if it is empty or not well-formed
     */
    public @Nullable JsonNode document(@Nullable Object value) {
        return isText(value) ? parse(Objects.requireNonNull(value)) : null;
    }

    /** Whether it holds text that a format may parse: characters, or bytes. */
    private static boolean isText(@Nullable Object value) {
        return value instanceof CharSequence
                || value instanceof char[]
                || value instanceof byte[]
                || value instanceof ByteBuffer
                || value instanceof SdkBytes;
    }

    private JsonNode parse(Object value) {
        Object plain = SingleValues.plain(value);
        try {
            JsonNode node =
                    plain instanceof byte[] bytes ? jsonIn.readTree(bytes) : jsonIn.readTree(String.valueOf(plain));
            if (node.isMissingNode()) {
                throw new InvalidInputException(
                        "The body is empty, not JSON: send at least null, or use another payload format.");
            }
            return node;
        } catch (IOException e) {
            throw new InvalidInputException("The body is not well-formed JSON: " + JacksonErrors.place(e) + ".");
        }
    }

    private String json(AttributeValue stored) {
        try {
            return jsonOut.writeValueAsString(ValueDecoder.json(stored));
        } catch (JsonProcessingException e) {
            throw new DynaStoreException(
                    "The stored payload can't be written as JSON: " + JacksonErrors.place(e) + ".");
        }
    }

    private Object typed(ObjectReader reader, JsonNode node) {
        try {
            return reader.readValue(node);
        } catch (IOException e) {
            throw new DynaStoreException("The stored payload can't be read as " + (type == null ? "" : type.getName())
                    + ": " + JacksonErrors.place(e)
                    + ". Correct the class (it needs a constructor without parameters or with @JsonCreator, or be a"
                    + " record),"
                    + " or read the item without payloadType.");
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
}
