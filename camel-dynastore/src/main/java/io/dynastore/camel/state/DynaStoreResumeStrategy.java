/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.state;

import io.dynastore.camel.DynaStoreConfiguration;
import io.dynastore.camel.TableConnection;
import io.dynastore.store.Expiry;
import io.dynastore.store.Failures;
import io.dynastore.store.InvalidInputException;
import java.time.Clock;
import java.time.Duration;
import java.util.UUID;
import org.apache.camel.resume.Cacheable;
import org.apache.camel.resume.Deserializable;
import org.apache.camel.resume.Offset;
import org.apache.camel.resume.OffsetKey;
import org.apache.camel.resume.Resumable;
import org.apache.camel.resume.ResumeAdapter;
import org.apache.camel.resume.ResumeStrategy;
import org.apache.camel.resume.ResumeStrategyConfiguration;
import org.apache.camel.spi.Configurer;
import org.apache.camel.spi.Metadata;
import org.apache.camel.spi.annotations.JdkService;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A resume strategy on a DynamoDB table: the positions of consumers that support Camel's resume API, for any number of
 * nodes. A consumer that starts loads all positions of the strategy, so it continues where this node or another has
 * stopped.
 *
 * <ul>
 *   <li>An offset that is an integral number never goes back: a lower one is not written, whichever node sends it.
 *   <li>An offset that is a file is an entry of a set, and has an item of its own.
 *   <li>Any other offset is written only if no other instance has written it since this one loaded it. Otherwise the
 *       write fails with a {@code VersionConflictException} until the consumer starts again.
 *   <li>An update without a callback waits for the response and throws its error. With a callback, nothing waits.
 *       The callback runs on the component's threads.
 * </ul>
 *
 * <p>Not guaranteed: that each message is processed once. A consumer that crashes before the write of its position
 * receives the message again.
 *
 * <p>Thread safe once it is started. The strategy works on after a stop, because the route that stops it need not be
 * the only one. It ends with the component. An instance keeps one adapter, so use one for each consumer.
 */
@Metadata(
        label = "bean",
        description = "Resume strategy on a DynamoDB table, for any number of nodes",
        annotations = "interfaceName=org.apache.camel.resume.ResumeStrategy")
@Configurer(metadataOnly = true)
@JdkService(DynaStoreResumeStrategyConfiguration.SERVICE)
public class DynaStoreResumeStrategy extends DynaStoreRepository implements ResumeStrategy {

    private static final Logger LOG = LoggerFactory.getLogger(DynaStoreResumeStrategy.class);

    @Metadata(
            description = "How long a position is kept after it was written, in milliseconds or with a unit; for ever"
                    + " by default",
            javaType = "java.time.Duration")
    private @Nullable Duration ttl;

    @Metadata(description = "The version attribute; that of the component by default", label = "advanced")
    private @Nullable String versionName;

    @Metadata(description = "The payload attribute; that of the component by default", label = "advanced")
    private @Nullable String payloadName;

    private final String instance = UUID.randomUUID().toString();
    private Clock clock = Clock.systemUTC();
    private ResumeStrategyConfiguration configuration = new DynaStoreResumeStrategyConfiguration();
    private volatile @Nullable ResumeAdapter adapter;
    private volatile @Nullable Running running;

    /** What is known while it is started. */
    private record Running(ResumePositions positions, TableConnection table) {}

    public DynaStoreResumeStrategy() {}

    public @Nullable Duration getTtl() {
        return ttl;
    }

    /** How long a position is kept after it was written. Default: for ever. */
    public void setTtl(@Nullable Duration ttl) {
        this.ttl = ttl;
    }

    public @Nullable String getVersionName() {
        return versionName;
    }

    /** The version attribute. Default: that of the component. */
    public void setVersionName(@Nullable String versionName) {
        this.versionName = versionName;
    }

    public @Nullable String getPayloadName() {
        return payloadName;
    }

    /** The payload attribute. Default: that of the component. */
    public void setPayloadName(@Nullable String payloadName) {
        this.payloadName = payloadName;
    }

    @Override
    public void setAdapter(ResumeAdapter adapter) {
        this.adapter = adapter;
    }

    /** The adapter of the consumer; null before its route has set it. */
    @Override
    public @Nullable ResumeAdapter getAdapter() {
        return adapter;
    }

    /** Its cache is the one that the adapter of the consumer gets. */
    @Override
    public ResumeStrategyConfiguration getResumeStrategyConfiguration() {
        return configuration;
    }

    /** Takes over the table and the name of a {@link DynaStoreResumeStrategyConfiguration}. */
    @Override
    public void setResumeStrategyConfiguration(ResumeStrategyConfiguration configuration) {
        this.configuration = configuration;
        if (configuration instanceof DynaStoreResumeStrategyConfiguration own) {
            set(own.getTableName(), this::setTableName);
            set(own.getName(), this::setName);
        }
    }

    /**
     * Reads all positions and gives them to the adapter. Costs one query for each megabyte.
     *
     * @throws InvalidInputException if there is no adapter that reads positions
     */
    @Override
    public void loadCache() throws Exception {
        if (!(adapter instanceof Deserializable reader)) {
            throw new InvalidInputException("The resume strategy " + getName() + " can't load positions: "
                    + (adapter == null
                            ? "no consumer has set its adapter. Use it in the resumable step of a route."
                            : adapter.getClass().getName() + " is not Deserializable."));
        }
        Running now = started();
        long loaded = checked(now.table(), () -> now.positions().load(reader));
        LOG.debug("Resume strategy {}: {} positions are loaded", getName(), loaded);
    }

    @Override
    public <T extends Resumable> void updateLastOffset(T offset) throws Exception {
        updateLastOffset(offset.getOffsetKey(), offset.getLastOffset());
    }

    @Override
    public <T extends Resumable> void updateLastOffset(T offset, @Nullable UpdateCallBack callBack) throws Exception {
        updateLastOffset(offset.getOffsetKey(), offset.getLastOffset(), callBack);
    }

    @Override
    public void updateLastOffset(OffsetKey<?> key, Offset<?> offset) throws Exception {
        Running now = started();
        now.positions().await(now.positions().write(key, offset));
        remember(key, offset);
    }

    @Override
    public void updateLastOffset(OffsetKey<?> key, Offset<?> offset, @Nullable UpdateCallBack callBack)
            throws Exception {
        if (callBack == null) {
            updateLastOffset(key, offset);
            return;
        }
        Running now = started();
        var unused = now.positions()
                .write(key, offset)
                .whenCompleteAsync(
                        (written, error) -> {
                            if (error == null) {
                                remember(key, offset);
                            }
                            callBack.onUpdate(error == null ? null : Failures.cause(error));
                        },
                        now.table().threads());
    }

    private void remember(OffsetKey<?> key, Offset<?> offset) {
        if (adapter instanceof Cacheable cacheable) {
            cacheable.add(key, offset);
        }
    }

    /** Sets the clock, for tests. */
    void setClock(Clock wall) {
        clock = wall;
    }

    private Running started() {
        Running now = running;
        if (now == null) {
            throw new IllegalStateException("The resume strategy " + getName() + " is not started: start it.");
        }
        return now;
    }

    @Override
    void override(DynaStoreConfiguration options) {
        super.override(options);
        set(versionName, options::setVersionName);
        set(payloadName, options::setPayloadName);
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        TableConnection table = connect();
        ResumeWrites writes =
                new ResumeWrites(table.schema(), instance, ttl == null ? Expiry.NEVER : Expiry.after(ttl));
        ResumePlaces places = new ResumePlaces(String.valueOf(getName()));
        ResumePositions positions =
                new ResumePositions(places, writes, new TableRequests(table, TableRequests.LONGEST), clock);
        Running before = running;
        running = new Running(before == null ? positions : positions.knowing(before.positions()), table);
    }
}
