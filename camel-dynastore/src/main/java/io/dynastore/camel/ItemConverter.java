/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dynastore.store.Item;
import io.dynastore.store.codec.PayloadCodec;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.math.BigDecimal;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.camel.Converter;
import org.apache.camel.Exchange;
import org.apache.camel.support.CamelContextHelper;
import org.apache.camel.support.ExchangeHelper;
import org.jspecify.annotations.NullUnmarked;

/**
 * Converts an item to the type that a route uses, for example after list and split: it converts the item's payload.
 *
 * <p>Errors never quote the payload. If a payload can't be converted, Camel reports that there is no converter.
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
            return new String(bytes, charset(exchange));
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
        return text == null ? null : text.getBytes(charset(exchange));
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
        String name = exchange == null ? null : ExchangeHelper.getCharsetName(exchange, false);
        return name == null ? StandardCharsets.UTF_8 : Charset.forName(name);
    }

    /** The mapper that an endpoint uses if its option objectMapper is not set. */
    private static ObjectMapper mapper(Exchange exchange) {
        ObjectMapper registered = exchange == null
                ? null
                : CamelContextHelper.findSingleByType(exchange.getContext(), ObjectMapper.class);
        return registered == null ? DEFAULT : registered;
    }
}
