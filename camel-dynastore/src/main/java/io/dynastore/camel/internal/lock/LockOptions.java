/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.lock;

import io.dynastore.camel.DynaStoreConfiguration;
import io.dynastore.camel.DynaStoreConstants;
import io.dynastore.camel.internal.message.OptionBinding;
import io.dynastore.lease.LockRequest;
import io.dynastore.lease.Takeover;
import io.dynastore.store.Key;
import java.time.Duration;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The options of a lock, from the URI and from headers. Not thread safe; created for one exchange. */
public final class LockOptions {

    /** Every option that lock takes from the URI, or from a header that overrides it. */
    public static final List<OptionBinding<LockOptions, ?>> ALL = List.of(
            row(
                    DynaStoreConstants.LOCK_TTL,
                    "lockTtl",
                    Duration.class,
                    options -> Duration.ofMillis(options.getLockTtl()),
                    (lock, ttl) -> lock.ttl = ttl),
            row(
                    DynaStoreConstants.ACQUIRE_TIMEOUT,
                    "acquireTimeout",
                    Duration.class,
                    options -> Duration.ofMillis(options.getAcquireTimeout()),
                    (lock, timeout) -> lock.acquireTimeout = timeout),
            row(
                    DynaStoreConstants.HEARTBEAT,
                    "heartbeat",
                    Boolean.class,
                    DynaStoreConfiguration::isHeartbeat,
                    (lock, heartbeat) -> lock.heartbeat = heartbeat),
            row(
                    DynaStoreConstants.UNLOCK_ON_COMPLETION,
                    "unlockOnCompletion",
                    Boolean.class,
                    DynaStoreConfiguration::isUnlockOnCompletion,
                    (lock, unlock) -> lock.unlockOnCompletion = unlock),
            row(
                    DynaStoreConstants.CLOCK_SKEW,
                    "clockSkew",
                    Duration.class,
                    options -> Duration.ofMillis(options.getClockSkew()),
                    (lock, skew) -> lock.clockSkew = skew),
            row(
                    DynaStoreConstants.TAKEOVER,
                    "takeover",
                    Takeover.class,
                    DynaStoreConfiguration::getTakeover,
                    (lock, takeover) -> lock.takeover = takeover),
            row(
                    DynaStoreConstants.LEASE_ANY,
                    "leaseAny",
                    Boolean.class,
                    DynaStoreConfiguration::isLeaseAny,
                    (lock, any) -> lock.leaseAny = any));

    private Duration ttl = Duration.ofSeconds(20);
    private Duration acquireTimeout = Duration.ZERO;
    private boolean heartbeat = true;
    private boolean unlockOnCompletion = true;
    private Duration clockSkew = Duration.ofSeconds(2);
    private Takeover takeover = Takeover.BOTH;
    private boolean leaseAny;

    boolean unlockOnCompletion() {
        return unlockOnCompletion;
    }

    boolean leaseAny() {
        return leaseAny;
    }

    /** The request for one lock, or for any lock of a partition. */
    public LockRequest request(Key key, String owner, @Nullable Object data) {
        return LockRequest.of(key)
                .owner(owner)
                .data(data)
                .ttl(ttl)
                .acquireTimeout(acquireTimeout)
                .heartbeat(heartbeat)
                .clockSkew(clockSkew)
                .takeover(takeover)
                .build();
    }

    private static <T> OptionBinding<LockOptions, T> row(
            String header,
            String option,
            Class<T> type,
            Function<DynaStoreConfiguration, @Nullable T> uri,
            BiConsumer<LockOptions, T> into) {
        return new OptionBinding<>(header, option, type, uri, into);
    }
}
