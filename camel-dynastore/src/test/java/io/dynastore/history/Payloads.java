/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.history;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** The payload of all items in these tests: a map of the id of the write that stored it and a counter. */
final class Payloads {

    static final String WRITE_ID = "writeId";
    static final String COUNT = "count";

    private Payloads() {}

    /** As a route would give it. */
    static Map<String, Object> value(String writeId, long count) {
        return Map.of(WRITE_ID, writeId, COUNT, count);
    }

    /** As the service has it. */
    static AttributeValue attribute(String writeId, long count) {
        return AttributeValue.fromM(
                Map.of(WRITE_ID, AttributeValue.fromS(writeId), COUNT, AttributeValue.fromN(Long.toString(count))));
    }

    static ItemState stored(long version, @Nullable AttributeValue payload) {
        if (payload == null || !payload.hasM()) {
            return new ItemState(version, "", 0);
        }
        AttributeValue writeId = payload.m().get(WRITE_ID);
        AttributeValue count = payload.m().get(COUNT);
        return new ItemState(
                version, writeId == null ? "" : writeId.s(), count == null ? 0 : Long.parseLong(count.n()));
    }

    static ItemState read(long version, @Nullable Object payload) {
        if (!(payload instanceof Map<?, ?> map)) {
            return new ItemState(version, "", 0);
        }
        Object count = map.get(COUNT);
        return new ItemState(
                version, String.valueOf(map.get(WRITE_ID)), count instanceof Number number ? number.longValue() : 0);
    }
}
