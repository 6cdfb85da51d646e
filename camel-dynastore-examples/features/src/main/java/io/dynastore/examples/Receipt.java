/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.examples;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A receipt in a message body: nested maps and lists, as the JSON parser or the store creates them.
 *
 * @param content the receipt itself, not a copy
 */
record Receipt(Map<String, @Nullable Object> content) {

    private static final String POINTS = "loyalty_points";

    /** The receipt that is a message's body or an item's payload. */
    @SuppressWarnings("unchecked")
    static Receipt of(@Nullable Object body) {
        if (!(body instanceof Map<?, ?> map)) {
            throw new IllegalArgumentException("Not a receipt: " + (body == null ? "nothing" : body.getClass()));
        }
        return new Receipt((Map<String, @Nullable Object>) map);
    }

    /** Its partition key. The receipts of one store are listed together. */
    String store() {
        return (String) part("store", "name");
    }

    /**
     * Its sort key, which orders the receipts of a store by month. A customer has one receipt a month and store at
     * most.
     */
    String monthAndCustomer() {
        return String.format("%02d#%s", (Number) part("time", "month_of_year"), part("customer", "id"));
    }

    /** The amount paid. */
    BigDecimal sales() {
        BigDecimal sum = BigDecimal.ZERO;
        if (content.get("customer_transactions") instanceof List<?> lines) {
            for (Object line : lines) {
                sum = sum.add(new BigDecimal(value(line, "store_sales").toString()));
            }
        }
        return sum;
    }

    long points() {
        return content.get(POINTS) instanceof Number points ? points.longValue() : 0;
    }

    void addPoints(long points) {
        content.put(POINTS, points() + points);
    }

    private Object part(String object, String name) {
        return value(content.get(object), name);
    }

    private static Object value(@Nullable Object object, String name) {
        Object value = object instanceof Map<?, ?> map ? map.get(name) : null;
        if (value == null) {
            throw new IllegalArgumentException("A receipt without " + name);
        }
        return value;
    }
}
