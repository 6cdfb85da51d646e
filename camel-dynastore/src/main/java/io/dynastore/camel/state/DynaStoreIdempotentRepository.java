/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.state;

import io.dynastore.camel.DynaStoreConfiguration;
import io.dynastore.camel.TableConnection;
import io.dynastore.lease.Ticker;
import io.dynastore.store.InvalidInputException;
import java.time.Clock;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Executor;
import org.apache.camel.Exchange;
import org.apache.camel.api.management.ManagedAttribute;
import org.apache.camel.api.management.ManagedOperation;
import org.apache.camel.api.management.ManagedResource;
import org.apache.camel.spi.Configurer;
import org.apache.camel.spi.IdempotentRepository;
import org.apache.camel.spi.Metadata;
import org.jspecify.annotations.Nullable;

/**
 * An idempotent repository on a DynamoDB table, for any number of nodes.
 *
 * <ul>
 *   <li>Of all adds of a key on all nodes, one is true. A lost response does not make a duplicate of the first.
 *   <li>A key that an exchange has added is in flight until it is confirmed or removed. Its lease is renewed while the
 *       exchange runs. If the node crashes, the key is free after {@link #setInFlightTtl} and {@link #setClockSkew}.
 *   <li>Only the exchange that has added a key confirms or removes it. A late confirm or remove, after another exchange
 *       has taken the key, is refused.
 *   <li>An exchange that ends without confirming or removing its key keeps it, as with {@code removeOnFailure=false}.
 *   <li>A key that is added without an exchange, as by the file component, is confirmed at once, unless
 *       {@link #setInFlightWithoutExchange} says otherwise.
 * </ul>
 *
 * <p>Each step is one request. Camel waits for it, since its interface has no other way. The repository works on after
 * a stop, because a stopping route also stops the repository of other routes. It ends with the component.
 *
 * <p>Decision 17 in docs/decisions has the reasons.
 */
@Metadata(
        label = "bean",
        description = "Idempotent repository on a DynamoDB table, for any number of nodes",
        annotations = "interfaceName=org.apache.camel.spi.IdempotentRepository")
@Configurer(metadataOnly = true)
@ManagedResource(description = "Idempotent repository on a DynamoDB table")
public class DynaStoreIdempotentRepository extends DynaStoreRepository implements IdempotentRepository {

    @Metadata(
            description = "The length of the lease of a key in flight, which is renewed while the exchange runs: if a"
                    + " node crashes, its keys are free after this time, in milliseconds or with a unit",
            defaultValue = "5m",
            javaType = "java.time.Duration")
    private Duration inFlightTtl = Duration.ofMinutes(5);

    @Metadata(
            description = "How long a confirmed key is remembered, in milliseconds or with a unit; for ever by default",
            javaType = "java.time.Duration")
    private @Nullable Duration ttl;

    @Metadata(
            description = "The number of partitions that the keys are spread over. It can't be changed later",
            defaultValue = "16",
            label = "advanced")
    private int shards = 16;

    @Metadata(
            description = "The largest difference between the clocks of nodes to allow for",
            defaultValue = "2s",
            javaType = "java.time.Duration",
            label = "advanced")
    private Duration clockSkew = Duration.ofSeconds(2);

    @Metadata(
            description = "Whether a key that is added without an exchange is in flight until it is confirmed. Set it"
                    + " for callers that do confirm, as the file component with idempotentEager=true",
            defaultValue = "false",
            label = "advanced")
    private boolean inFlightWithoutExchange;

    @Metadata(
            description = "Whether results of messages are stored with their keys, for the processor DynaStoreOnce",
            defaultValue = "false")
    private boolean storeResult;

    @Metadata(
            description = "The payload attribute, which holds results; that of the component by default",
            label = "advanced")
    private @Nullable String payloadName;

    private final IdempotentCounters counters = new IdempotentCounters();
    private Clock clock = Clock.systemUTC();
    private Ticker ticker = Ticker.system();
    private volatile @Nullable IdempotentKeys keys;
    private volatile @Nullable ClaimKeeper keeper;
    private volatile @Nullable OnceKeys onceKeys;
    private volatile @Nullable Executor threads;

    public DynaStoreIdempotentRepository() {}

    public Duration getInFlightTtl() {
        return inFlightTtl;
    }

    /** The length of the lease of a key in flight: if a node crashes, its keys are free after it. Default: 5 min. */
    public void setInFlightTtl(Duration inFlightTtl) {
        this.inFlightTtl = inFlightTtl;
    }

    public @Nullable Duration getTtl() {
        return ttl;
    }

    /** How long a confirmed key is remembered. Default: for ever. */
    public void setTtl(@Nullable Duration ttl) {
        this.ttl = ttl;
    }

    public int getShards() {
        return shards;
    }

    /** The number of partitions that the keys are spread over. The table keeps it. Default: 16. */
    public void setShards(int shards) {
        this.shards = shards;
    }

    public Duration getClockSkew() {
        return clockSkew;
    }

    /** The largest difference between the clocks of nodes to allow for. Default: 2 seconds. */
    public void setClockSkew(Duration clockSkew) {
        this.clockSkew = clockSkew;
    }

    public boolean isInFlightWithoutExchange() {
        return inFlightWithoutExchange;
    }

    /** Whether a key that is added without an exchange is in flight until it is confirmed. Default: false. */
    public void setInFlightWithoutExchange(boolean inFlightWithoutExchange) {
        this.inFlightWithoutExchange = inFlightWithoutExchange;
    }

    public boolean isStoreResult() {
        return storeResult;
    }

    /** Whether results of messages are stored with their keys, for {@link DynaStoreOnce}. Default: false. */
    public void setStoreResult(boolean storeResult) {
        this.storeResult = storeResult;
    }

    public @Nullable String getPayloadName() {
        return payloadName;
    }

    /** The payload attribute, which holds results. Default: that of the component. */
    public void setPayloadName(@Nullable String payloadName) {
        this.payloadName = payloadName;
    }

    @Override
    public boolean add(String key) {
        return keys().add(null, key);
    }

    @Override
    public boolean add(Exchange exchange, String key) {
        return keys().add(exchange, key);
    }

    @Override
    @ManagedOperation(description = "Whether the key was added, and is in flight or confirmed")
    public boolean contains(String key) {
        return keys().contains(key);
    }

    @Override
    @ManagedOperation(description = "Removes a key that is not in flight, so that its message is processed again")
    public boolean remove(String key) {
        return keys().remove(null, key);
    }

    @Override
    public boolean remove(Exchange exchange, String key) {
        return keys().remove(exchange, key);
    }

    @Override
    public boolean confirm(String key) {
        return keys().confirm(null, key);
    }

    @Override
    public boolean confirm(Exchange exchange, String key) {
        return keys().confirm(exchange, key);
    }

    @Override
    @ManagedOperation(description = "Removes all keys of this repository, those in flight included")
    public void clear() {
        keys().clear();
    }

    /** The number of keys that exchanges of this node have in flight. */
    @ManagedAttribute(description = "The number of keys that this node has in flight")
    public int getInFlightCount() {
        ClaimKeeper running = keeper;
        return running == null ? 0 : running.size();
    }

    /** The number of processed keys of this node whose confirm got no response yet, so that it is repeated. */
    @ManagedAttribute(description = "The number of processed keys whose confirm is repeated")
    public int getUnconfirmedCount() {
        ClaimKeeper running = keeper;
        return running == null ? 0 : running.unconfirmed();
    }

    /** The number of keys that this node has added. */
    @ManagedAttribute(description = "The number of keys that this node has added")
    public long getAddedCount() {
        return counters.added().sum();
    }

    /** The number of adds that found their key taken. */
    @ManagedAttribute(description = "The number of adds that found their key taken")
    public long getDuplicateCount() {
        return counters.duplicates().sum();
    }

    /** The number of confirms and removes that were refused because the caller had not added the key. */
    @ManagedAttribute(description = "The number of confirms and removes by a caller that had not added the key")
    public long getRefusedCount() {
        return counters.refused().sum();
    }

    /** The number of keys that were taken or removed by another before their owner confirmed or removed them. */
    @ManagedAttribute(description = "The number of keys that their owner lost before it confirmed or removed them")
    public long getLostCount() {
        return counters.lost().sum();
    }

    /** Sets the clocks, for tests. */
    void setTime(Clock wall, Ticker monotonic) {
        clock = wall;
        ticker = monotonic;
    }

    /** Sends the renewals that are due now, for tests. */
    void renewDue() {
        Objects.requireNonNull(keeper).look();
    }

    /** The keys for a processor that stores results. */
    OnceKeys onceKeys() {
        if (!storeResult) {
            throw new InvalidInputException(
                    "The idempotent repository " + getName() + " stores no results: set storeResult=true on it.");
        }
        return Objects.requireNonNull(onceKeys, "the repository is not started");
    }

    /** Where exchanges continue after a response. */
    Executor threads() {
        return Objects.requireNonNull(threads, "the repository is not started");
    }

    @Override
    void override(DynaStoreConfiguration options) {
        super.override(options);
        set(payloadName, options::setPayloadName);
    }

    private IdempotentKeys keys() {
        IdempotentKeys current = keys;
        if (current == null) {
            throw new IllegalStateException("The idempotent repository " + getName() + " is not started: start it.");
        }
        return current;
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        ClaimKeeper running = keeper;
        if (running != null && running.isStarted()) {
            return;
        }
        checkSettings();
        TableConnection table = connectToOneRegion();
        IdempotentSettings settings =
                new IdempotentSettings(inFlightTtl, inFlightWithoutExchange, clock, ticker, counters);
        KeyPlaces places = new KeyPlaces(String.valueOf(getName()), shards);
        TableRequests requests = new TableRequests(table, TableRequests.within(inFlightTtl));
        KeyWrites writes = new KeyWrites(table.schema(), inFlightTtl, clockSkew, ttl, storeResult);
        TableRequests patient = new TableRequests(table, TableRequests.LONGEST);
        String repository = "idempotent repository " + places.name();
        checked(table, () -> ShardNumber.agree(patient, places.settings(), repository, shards));
        ClaimKeeper started = new ClaimKeeper(Objects.requireNonNull(getCamelContext()), requests, writes, settings);
        started.start();
        component().stopFirst(started);
        component()
                .show(
                        table,
                        counters.metrics(places.name(), started::size, started::unconfirmed, started::oldestMillis));
        keeper = started;
        keys = new IdempotentKeys(places, writes, requests, started, settings);
        threads = table.threads();
        onceKeys = new OnceKeys(places, writes, requests, started, settings);
    }

    private void checkSettings() {
        ShardNumber.check(shards);
        if (inFlightTtl.toMillis() < 1 || clockSkew.isNegative()) {
            throw new InvalidInputException("inFlightTtl must be positive, and clockSkew not negative: they are "
                    + inFlightTtl + " and " + clockSkew + ".");
        }
    }
}
