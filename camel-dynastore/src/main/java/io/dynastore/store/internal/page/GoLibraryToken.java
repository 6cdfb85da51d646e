/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store.internal.page;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.dynastore.store.InvalidInputException;
import io.dynastore.store.InvalidTokenException;
import io.dynastore.store.Key;
import io.dynastore.store.KeyAttribute;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * A page token of the Go library dynastorev2: a JSON object of attribute names and values. Each value is a string,
 * whatever the key's type. Its partition must be the partition of the query.
 *
 * <p>Decision 4 in docs/decisions has the reasons.
 */
final class GoLibraryToken {

    private static final ObjectReader JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
            .build()
            .reader();

    private static final int LONGEST_NUMBER = 200;

    private GoLibraryToken() {}

    static Map<String, AttributeValue> read(ListQuery query, byte[] json) {
        JsonNode object = parse(query, json);
        List<AttributeValue> partition = query.partition();
        if (partition == null) {
            throw new InvalidTokenException(query.schema().table(), "is from a list of one partition");
        }
        List<KeyAttribute> expected = Stream.concat(query.partitionKeys().stream(), query.positionAttributes().stream())
                .toList();
        Map<String, AttributeValue> position = new HashMap<>();
        for (KeyAttribute attribute : expected) {
            position.put(attribute.name(), value(query, attribute, object.path(attribute.name())));
        }
        List<AttributeValue> named = query.partitionKeys().stream()
                .map(key -> position.get(key.name()))
                .toList();
        if (object.size() != expected.size() || !partition.equals(named)) {
            throw new InvalidTokenException(query.schema().table(), "is from another table, index or partition");
        }
        return position;
    }

    private static AttributeValue value(ListQuery query, KeyAttribute attribute, JsonNode text) {
        if (!text.isTextual()) {
            throw new InvalidTokenException(query.schema().table(), "is from another table or index");
        }
        try {
            return switch (attribute.type()) {
                case STRING -> encode(attribute, text.textValue());
                case NUMBER -> encode(attribute, number(text.textValue()));
                case BINARY -> throw new InvalidInputException("Tokens of dynastorev2 contain no bytes.");
            };
        } catch (InvalidInputException | NumberFormatException e) {
            throw new InvalidTokenException(query.schema().table(), "has a value that its key attribute can't have");
        }
    }

    static AttributeValue encode(KeyAttribute attribute, Object value) {
        return attribute.encode(Key.of(value).partitionKey(), KeyAttribute.LONGEST_PARTITION_KEY);
    }

    static BigDecimal number(String text) {
        if (text.length() > LONGEST_NUMBER) {
            throw new NumberFormatException();
        }
        return new BigDecimal(text);
    }

    private static JsonNode parse(ListQuery query, byte[] json) {
        try {
            return JSON.readTree(json);
        } catch (IOException e) {
            throw new InvalidTokenException(query.schema().table(), "is malformed");
        }
    }
}
