/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.state;

import io.dynastore.camel.DynaStoreConfiguration;
import io.dynastore.camel.TableConnection;
import io.dynastore.store.DynaStore;
import io.dynastore.store.Expiry;
import io.dynastore.store.Key;
import io.dynastore.store.TableSchema;
import java.time.Clock;
import java.time.Duration;
import org.apache.camel.api.management.ManagedOperation;
import org.apache.camel.api.management.ManagedResource;
import org.apache.camel.spi.Configurer;
import org.apache.camel.spi.Metadata;
import org.apache.camel.spi.StateRepository;
import org.jspecify.annotations.Nullable;

/**
 * A state repository on a DynamoDB table: texts by their keys, for any number of nodes.
 *
 * <ul>
 *   <li>A read is consistent. A write whose response was lost is not applied twice.
 *   <li>By default, the last write counts.
 *   <li>With {@link #setConditional}, a write is applied only if the value is the one that this instance has last read
 *       or written; if it has done neither, only if there is none. Otherwise it fails with a
 *       {@code VersionConflictException}, {@code KeyExistsException} or {@code KeyNotFoundException}, and a read comes
 *       next. So a node that was replaced can't move the state of its successor back.
 *   <li>A value of null removes the key.
 * </ul>
 *
 * <p>Each read and write is one request. The caller waits for it, since Camel's interface has no other way. The
 * repository works on after a stop, because the consumer that stops it need not be the only one. It ends with the
 * component.
 */
@Metadata(
        label = "bean",
        description = "State repository on a DynamoDB table, for any number of nodes",
        annotations = "interfaceName=org.apache.camel.spi.StateRepository")
@Configurer(metadataOnly = true)
@ManagedResource(description = "State repository on a DynamoDB table")
public class DynaStoreStateRepository extends DynaStoreRepository implements StateRepository<String, String> {

    private static final String PREFIX = TableSchema.OWN_PARTITIONS + "state/";

    /** No key is stored like this. */
    private static final String NO_KEY = "sha256/";

    @Metadata(
            description = "Whether a write is applied only to the value that this instance has last read or written",
            defaultValue = "false")
    private boolean conditional;

    @Metadata(
            description = "How long a value is kept after it was written, in milliseconds or with a unit; for ever by"
                    + " default",
            javaType = "java.time.Duration")
    private @Nullable Duration ttl;

    @Metadata(description = "The version attribute; that of the component by default", label = "advanced")
    private @Nullable String versionName;

    @Metadata(description = "The payload attribute; that of the component by default", label = "advanced")
    private @Nullable String payloadName;

    private Clock clock = Clock.systemUTC();
    private volatile @Nullable StateValues values;

    public DynaStoreStateRepository() {}

    public boolean isConditional() {
        return conditional;
    }

    /** Whether a write is applied only to the value that this instance has last read or written. Default: false. */
    public void setConditional(boolean conditional) {
        this.conditional = conditional;
    }

    public @Nullable Duration getTtl() {
        return ttl;
    }

    /** How long a value is kept after it was written. Default: for ever. */
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
    @ManagedOperation(description = "Sets the value of a key")
    public void setState(String key, @Nullable String value) {
        values().write(place(key), value);
    }

    @Override
    @ManagedOperation(description = "The value of a key")
    public @Nullable String getState(String key) {
        return values().read(place(key));
    }

    /** Sets the clock, for tests. */
    void setClock(Clock wall) {
        clock = wall;
    }

    private Key place(String key) {
        return Key.of(PREFIX + getName(), SortKeys.of(key));
    }

    private StateValues values() {
        StateValues current = values;
        if (current == null) {
            throw new IllegalStateException("The state repository " + getName() + " is not started: start it.");
        }
        return current;
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
        DynaStore store =
                DynaStore.builder(table.client(), table.schema()).clock(clock).build();
        StateValues started = new StateValues(store, conditional, ttl == null ? Expiry.NEVER : Expiry.after(ttl));
        checked(table, () -> started.read(Key.of(PREFIX + getName(), NO_KEY)) == null);
        StateValues before = values;
        values = before == null ? started : started.knowing(before);
    }
}
