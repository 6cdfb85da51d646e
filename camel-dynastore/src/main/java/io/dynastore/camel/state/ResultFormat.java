/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.state;

import io.dynastore.camel.internal.message.BodyReader;
import io.dynastore.store.InvalidInputException;
import io.dynastore.store.PayloadFormat;
import io.dynastore.store.codec.PayloadCodec;
import io.dynastore.store.internal.item.ItemSize;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * How the results of messages are stored, and put into duplicates.
 *
 * @param headers the names of the headers that belong to a result
 */
record ResultFormat(PayloadCodec codec, PayloadFormat format, List<String> headers) {

    /**
     * The result in the message of an exchange. Its body can be read again afterwards.
     *
     * @throws InvalidInputException if it can't be stored, or not in one item
     */
    StoredResult of(Exchange exchange) {
        AttributeValue payload = codec.encode(BodyReader.value(exchange, format), format);
        Map<String, AttributeValue> stored = new HashMap<>();
        Message message = exchange.getMessage();
        for (String header : headers) {
            Object value = message.getHeader(header);
            if (value != null) {
                stored.put(header, codec.encodeField(value));
            }
        }
        ItemSize.check(Map.of("payload", payload, KeyWrites.HEADERS, AttributeValue.fromM(stored)));
        return new StoredResult(payload, stored);
    }

    /** Puts a result into the message of an exchange. Of the chosen headers, those without a value are removed. */
    void apply(StoredResult result, Exchange exchange) {
        Message message = exchange.getMessage();
        message.setBody(codec.decode(result.payload(), format));
        for (String header : headers) {
            AttributeValue value = result.headers().get(header);
            if (value == null) {
                message.removeHeader(header);
            } else {
                message.setHeader(header, codec.decodeField(value));
            }
        }
    }

    /**
     * The digest of the body of an exchange, which can be read again afterwards.
     *
     * @throws InvalidInputException if the body has no payload format, or is larger than an item
     */
    AttributeValue digest(Exchange exchange) {
        AttributeValue payload = codec.encode(BodyReader.value(exchange, format), format);
        return AttributeValue.fromB(SdkBytes.fromByteArrayUnsafe(PayloadDigest.of(payload)));
    }
}
