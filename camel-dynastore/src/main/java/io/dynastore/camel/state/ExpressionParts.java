/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.state;

import java.util.HashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Names and values of the expressions of writes. Pure. */
final class ExpressionParts {

    private static final Pattern NAME = Pattern.compile("#\\w+");

    private ExpressionParts() {}

    /**
     * The names that some expressions use, since the service rejects any other.
     *
     * @param attribute the attribute that a name such as {@code #owner} stands for
     */
    static Map<String, String> names(String expressions, UnaryOperator<String> attribute) {
        Map<String, String> names = new HashMap<>();
        Matcher used = NAME.matcher(expressions);
        while (used.find()) {
            names.put(used.group(), attribute.apply(used.group()));
        }
        return names;
    }

    /** A new map with the value {@code :me}, to which others may be added. */
    static Map<String, AttributeValue> me(String id) {
        Map<String, AttributeValue> values = new HashMap<>();
        values.put(":me", AttributeValue.fromS(id));
        return values;
    }

    static AttributeValue number(long value) {
        return AttributeValue.fromN(Long.toString(value));
    }
}
