/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.queue;

import io.dynastore.lease.ClockReading;
import java.util.HexFormat;
import java.util.Map;
import java.util.random.RandomGenerator;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;

/**
 * One attempt to claim an item. All requests that the SDK sends for it are equal to the byte.
 *
 * @param read the item as it was read
 * @param id the fresh id of the claim
 * @param built when the request was built
 * @param request the request
 */
record ClaimAttempt(ClaimRequests requests, QueueItem read, String id, ClockReading built, UpdateItemRequest request) {

    /** An attempt that is built now. */
    static ClaimAttempt of(ClaimRequests requests, QueueItem read, ClockReading now, RandomGenerator random) {
        String id = id(requests.settings(), random);
        return new ClaimAttempt(requests, read, id, now, requests.claim(read, id, now));
    }

    /** A fresh id. The name of the member is for readers. */
    static String id(ClaimSettings settings, RandomGenerator random) {
        return settings.member() + "/" + HexFormat.of().toHexDigits(random.nextLong());
    }

    /** The claim if this attempt was applied. */
    Claim claim(Map<String, AttributeValue> attributes) {
        ClaimSettings settings = requests.settings();
        return new Claim(
                id,
                read.schema(),
                attributes,
                ClaimRules.term(built, settings.ttl()),
                ClaimRules.until(built, settings.ttl()));
    }
}
