/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore;

import com.fasterxml.jackson.databind.JsonNode;
import io.dynastore.testkit.RecordedRequest;
import java.util.List;

/** What was sent and received for one operation, in bytes and capacity units; the table's name is not counted. */
record WireCost(int requests, long sent, long received, double capacity) {

    static WireCost of(List<RecordedRequest> all, String table) {
        return new WireCost(
                all.size(),
                all.stream()
                        .mapToLong(each -> each.requestBytes() - named(each.request(), table))
                        .sum(),
                all.stream()
                        .mapToLong(each -> each.responseBytes() - named(each.response(), table))
                        .sum(),
                all.stream()
                        .mapToDouble(
                                each -> each.response().path("ConsumedCapacity").findValues("CapacityUnits").stream()
                                        .mapToDouble(JsonNode::asDouble)
                                        .sum())
                        .sum());
    }

    private static long named(JsonNode json, String table) {
        return json.toString().contains(table) ? table.length() : 0;
    }
}
