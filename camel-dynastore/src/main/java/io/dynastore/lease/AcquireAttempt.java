/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.lease;

import io.dynastore.store.Key;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * One attempt to take a lock. If it succeeds, it describes the lease.
 *
 * @param key the lock
 * @param keyAttributes the encoded key
 * @param request the request of the caller
 * @param owner the owner that the lock gets
 * @param data the encoded data to store; null leaves the data that the lock has
 * @param holder the id of this attempt, unique among all
 * @param built when the request was built
 */
record AcquireAttempt(
        Key key,
        Map<String, AttributeValue> keyAttributes,
        LockRequest request,
        String owner,
        @Nullable AttributeValue data,
        String holder,
        ClockReading built) {

    /** The same with a fresh id. It has to be unique on all machines, so it does not come from a seed. */
    AcquireAttempt afresh(ClockReading now) {
        return new AcquireAttempt(
                key, keyAttributes, request, owner, data, UUID.randomUUID().toString(), now);
    }

    /** The same for another lock. */
    AcquireAttempt of(Key otherKey, Map<String, AttributeValue> otherAttributes) {
        return new AcquireAttempt(otherKey, otherAttributes, request, owner, data, holder, built);
    }

    /** The end of the lease that this attempt asks for, in milliseconds since 1970. */
    long until() {
        return LeaseRules.until(built.wall(), request.ttl());
    }

    LeaseTerm term() {
        return new LeaseTerm(built.nanos(), request.ttl());
    }
}
