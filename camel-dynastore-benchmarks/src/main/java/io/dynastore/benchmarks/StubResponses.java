/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.benchmarks;

import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;

/**
 * The responses of DynamoDB to the requests of the benchmarks, as JSON that is made once.
 *
 * <p>The table's name determines the attributes of its items. Items of {@link #WITH_WRITE_IDS} have the write ids that
 * the component stores, so that it pays for them. Items of {@link #PLAIN} have none.
 */
final class StubResponses {

    static final String WITH_WRITE_IDS = "write-ids";
    static final String PLAIN = "plain";
    static final int PAGE = 100;

    /** A one and eight zeros: added to a number, it pads the number to eight digits. */
    private static final int KEY_BASE = 100_000_000;

    /** The payload of an item: 1,000 characters. */
    static final String PAYLOAD = "A ticket that somebody has opened, with a text of its own. "
            .repeat(20)
            .substring(0, 1000);

    private static final String WRITE_IDS = ",\"_dsw0\":{\"B\":\"AQIDBAUGBwg=\"},\"_dsv0\":{\"N\":\"7\"}"
            + ",\"_dsw1\":{\"B\":\"AwIDBAUGBwg=\"},\"_dsv1\":{\"N\":\"6\"}"
            + ",\"_dsw2\":{\"B\":\"BQIDBAUGBwg=\"},\"_dsv2\":{\"N\":\"5\"},\"_dsc\":{\"B\":\"BwIDBAUGBwg=\"}";

    private static final String CAPACITY = "\"ConsumedCapacity\":{\"CapacityUnits\":1.0,\"TableName\":\"tickets\"}";

    private StubResponses() {}

    static byte[] written(boolean capacity) {
        return bytes(capacity ? "{" + CAPACITY + "}" : "{}");
    }

    /** For camel-aws2-ddb, which describes the table when its endpoint starts. */
    static byte[] table() {
        return bytes("{\"Table\":{\"TableName\":\"tickets\",\"TableStatus\":\"ACTIVE\"}}");
    }

    static byte[] item(boolean withWriteIds, boolean capacity) {
        return bytes("{\"Item\":" + item(withWriteIds, 7) + (capacity ? "," + CAPACITY : "") + "}");
    }

    /**
     * A page of items.
     *
     * @param first the number of the first item
     * @param more whether there is another page after this one
     */
    static byte[] page(boolean withWriteIds, boolean capacity, int first, boolean more) {
        StringBuilder page = new StringBuilder("{\"Count\":100,\"ScannedCount\":100,\"Items\":[");
        for (int i = 0; i < PAGE; i++) {
            page.append(i == 0 ? "" : ",").append(item(withWriteIds, first + i));
        }
        page.append(']');
        if (more) {
            page.append(",\"LastEvaluatedKey\":{").append(key(first + PAGE - 1)).append('}');
        }
        return bytes(page.append(capacity ? "," + CAPACITY : "").append('}').toString());
    }

    /** The value of the header x-amz-crc32, which each response of the service has. */
    static String checksum(byte[] body) {
        CRC32 checksum = new CRC32();
        checksum.update(body);
        return Long.toString(checksum.getValue());
    }

    static String sortKey(int number) {
        // String.format does the same, but takes longer than the component does for a request.
        return Integer.toString(KEY_BASE + number).substring(1);
    }

    private static String item(boolean withWriteIds, int number) {
        return "{" + key(number) + ",\"version\":{\"N\":\"7\"},\"payload\":{\"S\":\"" + PAYLOAD + "\"}"
                + (withWriteIds ? WRITE_IDS : "") + "}";
    }

    private static String key(int number) {
        return "\"id\":{\"S\":\"customer\"},\"name\":{\"S\":\"" + sortKey(number) + "\"}";
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
