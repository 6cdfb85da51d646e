/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.state;

import io.dynastore.store.InvalidInputException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.apache.camel.spi.Metadata;
import org.apache.camel.spi.RecoverableAggregationRepository;
import org.jspecify.annotations.Nullable;

/** The settings of recovery: how completed groups are delivered again that nobody has confirmed. */
public abstract class DynaStoreRecoverableRepository extends DynaStoreRepository
        implements RecoverableAggregationRepository {

    @Metadata(description = "Whether completed groups are kept until they are processed", defaultValue = "true")
    private boolean useRecovery = true;

    @Metadata(
            description = "How often to look for completed groups that nobody works on, in milliseconds",
            defaultValue = "5000")
    private long recoveryInterval = 5_000;

    @Metadata(
            description = "How often a completed group is delivered again, over all nodes, before it goes to the dead"
                    + " letter endpoint. Without limit by default; it needs deadLetterUri")
    private int maximumRedeliveries;

    @Metadata(description = "The endpoint for groups whose redeliveries are used up")
    private @Nullable String deadLetterUri;

    @Metadata(
            description = "The length of the lease of a completed group, which is renewed while its exchange runs: if a"
                    + " node crashes, its completed groups are recovered after this time, in milliseconds or with a"
                    + " unit",
            defaultValue = "1m",
            javaType = "java.time.Duration")
    private Duration inFlightTtl = Duration.ofMinutes(1);

    @Metadata(
            description = "The largest difference between the clocks of nodes to allow for",
            defaultValue = "2s",
            javaType = "java.time.Duration",
            label = "advanced")
    private Duration clockSkew = Duration.ofSeconds(2);

    DynaStoreRecoverableRepository() {}

    @Override
    public boolean isUseRecovery() {
        return useRecovery;
    }

    /** Whether completed groups are kept until they are processed. Default: true. */
    @Override
    public void setUseRecovery(boolean useRecovery) {
        this.useRecovery = useRecovery;
    }

    @Override
    public long getRecoveryInterval() {
        return recoveryInterval;
    }

    /** How often to look for completed groups that nobody works on, in milliseconds. Default: 5000. */
    @Override
    public void setRecoveryInterval(long interval) {
        this.recoveryInterval = interval;
    }

    /**
     * How often to look for completed groups that nobody works on.
     *
     * @deprecated Camel has {@link #setRecoveryInterval(long)} in its place
     */
    @Deprecated(since = "0.1.0")
    @Override
    public void setRecoveryInterval(long interval, TimeUnit timeUnit) {
        this.recoveryInterval = timeUnit.toMillis(interval);
    }

    @Override
    public int getMaximumRedeliveries() {
        return maximumRedeliveries;
    }

    /** How often a completed group is delivered again, over all nodes. Default: 0, which is without limit. */
    @Override
    public void setMaximumRedeliveries(int maximumRedeliveries) {
        this.maximumRedeliveries = maximumRedeliveries;
    }

    @Override
    public @Nullable String getDeadLetterUri() {
        return deadLetterUri;
    }

    /** The endpoint for groups whose redeliveries are used up. */
    @Override
    public void setDeadLetterUri(@Nullable String deadLetterUri) {
        this.deadLetterUri = deadLetterUri;
    }

    public Duration getInFlightTtl() {
        return inFlightTtl;
    }

    /** The length of the lease of a completed group: if its node crashes, it is recovered after it. Default: 1 min. */
    public void setInFlightTtl(Duration inFlightTtl) {
        this.inFlightTtl = inFlightTtl;
    }

    public Duration getClockSkew() {
        return clockSkew;
    }

    /** The largest difference between the clocks of nodes to allow for. Default: 2 seconds. */
    public void setClockSkew(Duration clockSkew) {
        this.clockSkew = clockSkew;
    }

    /**
     * Checks these settings.
     *
     * @throws InvalidInputException if they contradict each other
     */
    void checkRecovery() {
        if (inFlightTtl.toMillis() < 1 || clockSkew.isNegative()) {
            throw new InvalidInputException("inFlightTtl must be positive, and clockSkew not negative: they are "
                    + inFlightTtl + " and " + clockSkew + ".");
        }
        if (recoveryInterval < 1) {
            throw new InvalidInputException("recoveryInterval must be positive, not " + recoveryInterval + ".");
        }
        if (maximumRedeliveries < 0 || (maximumRedeliveries > 0) != (deadLetterUri != null)) {
            throw new InvalidInputException("maximumRedeliveries and deadLetterUri go together: set both, with a"
                    + " positive number, or none. The number is " + maximumRedeliveries + ".");
        }
    }
}
