/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.benchmarks;

import java.nio.charset.StandardCharsets;

/**
 * What DynamoDB answers to the requests of the benchmarks, as JSON that is made once.
 *
 * <p>The table's name tells what its items look like: those of {@link #MARKED} bear the marks that the component leaves in what it
 * writes, so that it pays for them; those of {@link #PLAIN} do not.
 */
final class Answers {

    static final String MARKED = "marked";
    static final String PLAIN = "plain";
    static final int PAGE = 100;

    /** Eight digits behind the first. */
    private static final int KEY_BASE = 100_000_000;

    /** 1,000 characters, as the payload of an item. */
    static final String PAYLOAD = "A ticket that somebody has opened, with a text of its own. "
            .repeat(20)
            .substring(0, 1000);

    private static final String MARKS = ",\"_dsw0\":{\"B\":\"AQIDBAUGBwg=\"},\"_dsv0\":{\"N\":\"7\"}"
            + ",\"_dsw1\":{\"B\":\"AwIDBAUGBwg=\"},\"_dsv1\":{\"N\":\"6\"}"
            + ",\"_dsw2\":{\"B\":\"BQIDBAUGBwg=\"},\"_dsv2\":{\"N\":\"5\"},\"_dsc\":{\"B\":\"BwIDBAUGBwg=\"}";

    private static final String CAPACITY = "\"ConsumedCapacity\":{\"CapacityUnits\":1.0,\"TableName\":\"tickets\"}";

    private Answers() {}

    static byte[] written(boolean capacity) {
        return bytes(capacity ? "{" + CAPACITY + "}" : "{}");
    }

    /** For camel-aws2-ddb, which asks when its endpoint starts. */
    static byte[] table() {
        return bytes("{\"Table\":{\"TableName\":\"tickets\",\"TableStatus\":\"ACTIVE\"}}");
    }

    static byte[] item(boolean marked, boolean capacity) {
        return bytes("{\"Item\":" + item(marked, 7) + (capacity ? "," + CAPACITY : "") + "}");
    }

    /**
     * A page of items.
     *
     * @param first the number of the first item
     * @param more whether there is another page behind this one
     */
    static byte[] page(boolean marked, boolean capacity, int first, boolean more) {
        StringBuilder page = new StringBuilder("{\"Count\":100,\"ScannedCount\":100,\"Items\":[");
        for (int i = 0; i < PAGE; i++) {
            page.append(i == 0 ? "" : ",").append(item(marked, first + i));
        }
        page.append(']');
        if (more) {
            page.append(",\"LastEvaluatedKey\":{").append(key(first + PAGE - 1)).append('}');
        }
        return bytes(page.append(capacity ? "," + CAPACITY : "").append('}').toString());
    }

    static String sortKey(int number) {
        // As a format would, which takes longer than the component does for a request.
        return Integer.toString(KEY_BASE + number).substring(1);
    }

    private static String item(boolean marked, int number) {
        return "{" + key(number) + ",\"version\":{\"N\":\"7\"},\"payload\":{\"S\":\"" + PAYLOAD + "\"}"
                + (marked ? MARKS : "") + "}";
    }

    private static String key(int number) {
        return "\"id\":{\"S\":\"customer\"},\"name\":{\"S\":\"" + sortKey(number) + "\"}";
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
