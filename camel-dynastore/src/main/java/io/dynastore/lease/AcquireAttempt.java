/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.lease;

import io.dynastore.store.Key;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * One attempt to take a lock, and what it holds if it succeeds.
 *
 * @param key the lock
 * @param keyAttributes the same, encoded
 * @param request what was asked for
 * @param owner who asks
 * @param data what to store; null leaves what is there
 * @param holder names this attempt among all others
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

    /** The same with an id of its own. The id has to be unique among all machines, so that no seed may decide on it. */
    AcquireAttempt afresh(ClockReading now) {
        return new AcquireAttempt(
                key, keyAttributes, request, owner, data, UUID.randomUUID().toString(), now);
    }

    /** The same for another lock. */
    AcquireAttempt of(Key otherKey, Map<String, AttributeValue> otherAttributes) {
        return new AcquireAttempt(otherKey, otherAttributes, request, owner, data, holder, built);
    }

    /** The end of the lease that it asks for, in milliseconds since 1970. */
    long until() {
        return LeaseRules.until(built.wall(), request.ttl());
    }

    LeaseTerm term() {
        return new LeaseTerm(built.nanos(), request.ttl());
    }
}
