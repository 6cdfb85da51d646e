/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dynastore.camel.internal.message.CharacterSets;
import io.dynastore.store.DynaStoreException;
import io.dynastore.store.Item;
import io.dynastore.store.codec.PayloadCodec;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.apache.camel.Converter;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.support.CamelContextHelper;
import org.jspecify.annotations.NullUnmarked;

/**
 * Converts an item to the type that a route uses, for example after list and split: it converts the item's payload.
 *
 * <p>Errors never quote the payload. If a payload can't be converted, Camel reports that there is no converter. No
 * character is lost: text that the exchange's character set can't hold, and bytes that are no text in it, are errors.
 * Results may be null, without an annotation: the loader that is generated from these methods does not compile with
 * annotated types. Thread safe.
 */
@Converter(generateBulkLoader = true)
@NullUnmarked
public final class ItemConverter {

    private static final ObjectMapper DEFAULT = PayloadCodec.defaultMapper();

    private ItemConverter() {}

    /**
     * The payload as text. Bytes are decoded in the exchange's character set, or in UTF-8 if it has none. Maps, Lists
     * and beans become JSON. Returns null if the payload is null, or can't be written as JSON.
     */
    @Converter(allowNull = true)
    public static String toString(Item item, Exchange exchange) {
        Object payload = item.payload();
        if (payload == null || payload instanceof String) {
            return (String) payload;
        }
        if (payload instanceof byte[] bytes) {
            return decoded(item, bytes, charset(exchange));
        }
        return payload instanceof BigDecimal number ? number.toPlainString() : json(payload, exchange);
    }

    /** The payload as bytes: the stored bytes, or the bytes of its text. Returns null if its text is null. */
    @Converter(allowNull = true)
    public static byte[] toBytes(Item item, Exchange exchange) {
        if (item.payload() instanceof byte[] bytes) {
            return bytes;
        }
        String text = toString(item, exchange);
        return text == null ? null : encoded(item, text, charset(exchange));
    }

    private static String decoded(Item item, byte[] bytes, Charset charset) {
        try {
            return charset.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        } catch (CharacterCodingException e) {
            throw noText(item, charset);
        }
    }

    private static byte[] encoded(Item item, String text, Charset charset) {
        try {
            ByteBuffer encoded = charset.newEncoder().encode(CharBuffer.wrap(text));
            byte[] bytes = new byte[encoded.remaining()];
            encoded.get(bytes);
            return bytes;
        } catch (CharacterCodingException e) {
            throw noText(item, charset);
        }
    }

    private static DynaStoreException noText(Item item, Charset charset) {
        return new DynaStoreException("Key " + item.key() + ": the payload is not text in " + charset.name()
                + ", and characters would be lost. Declare another character set by " + Exchange.CHARSET_NAME
                + ", or none: then it is UTF-8.");
    }

    /** The payload's bytes as a stream. Returns null if its text is null. */
    @Converter(allowNull = true)
    public static InputStream toInputStream(Item item, Exchange exchange) {
        byte[] bytes = toBytes(item, exchange);
        return bytes == null ? null : new ByteArrayInputStream(bytes);
    }

    /**
     * The payload as a Map: a Map as it is, a bean's properties, or the members of a JSON object in text or bytes.
     * Returns null, which Camel reports as no conversion, if the payload is null or anything else.
     */
    @Converter
    public static Map<?, ?> toMap(Item item, Exchange exchange) {
        Object payload = item.payload();
        if (payload == null || payload instanceof Map) {
            return (Map<?, ?>) payload;
        }
        try {
            return payload instanceof String || payload instanceof byte[]
                    ? mapper(exchange).readValue(toString(item, exchange), new JsonObject())
                    : mapper(exchange).convertValue(payload, new JsonObject());
        } catch (JsonProcessingException | IllegalArgumentException e) {
            return null;
        }
    }

    private static final class JsonObject extends TypeReference<LinkedHashMap<String, Object>> {}

    private static String json(Object payload, Exchange exchange) {
        try {
            return mapper(exchange)
                    .writer()
                    .with(StreamWriteFeature.WRITE_BIGDECIMAL_AS_PLAIN)
                    .writeValueAsString(payload);
        } catch (JsonProcessingException e) {
            return null;
        }
    }

    private static Charset charset(Exchange exchange) {
        Charset declared = exchange == null ? null : CharacterSets.ofExchange(exchange);
        return declared == null ? StandardCharsets.UTF_8 : declared;
    }

    /**
     * The mapper that the context's endpoints on this component name by their option objectMapper, if it is one; else
     * the only one in the registry.
     *
     * @throws io.dynastore.store.InvalidInputException if it has default typing, as when an endpoint has such a one
     */
    private static ObjectMapper mapper(Exchange exchange) {
        if (exchange == null) {
            return DEFAULT;
        }
        Set<ObjectMapper> named = Collections.newSetFromMap(new IdentityHashMap<>());
        for (Endpoint endpoint : exchange.getContext().getEndpoints()) {
            if (endpoint instanceof DynaStoreEndpoint ours
                    && ours.getConfiguration().getObjectMapper() != null) {
                named.add(ours.getConfiguration().getObjectMapper());
            }
        }
        ObjectMapper used = named.size() == 1
                ? named.iterator().next()
                : CamelContextHelper.findSingleByType(exchange.getContext(), ObjectMapper.class);
        return used == null ? DEFAULT : PayloadCodec.safe(used);
    }
}
