/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.dynastore.lease.Takeover;
import io.dynastore.store.BulkCall;
import io.dynastore.store.KeyType;
import io.dynastore.store.PayloadFormat;
import io.dynastore.store.PayloadMode;
import org.apache.camel.RuntimeCamelException;
import org.apache.camel.component.aws.common.AwsCommonConfiguration;
import org.apache.camel.spi.Metadata;
import org.apache.camel.spi.UriParam;
import org.apache.camel.spi.UriParams;
import org.apache.camel.spi.UriPath;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.Protocol;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;

/**
 * The options of the component and its endpoints: the mutable bean that Camel binds URIs and properties to.
 *
 * <p>Durations are in milliseconds. In URIs they need a unit, as in {@code 20s}; in properties they may have one. Null
 * means that an option is not set. Each endpoint gets a copy of the component's options. Set options before the
 * endpoint starts; whether a later change takes effect is undefined. Not thread safe.
 */
@UriParams
public class DynaStoreConfiguration implements AwsCommonConfiguration, Cloneable {

    @UriPath
    @Metadata(required = true)
    private @Nullable String tableName;

    @UriParam(
            label = "producer",
            enums = "create,put,get,exists,update,delete,list,batchGet,transact,putAll,createAll,deleteAll,lock,renew,"
                    + "unlock")
    private @Nullable DynaStoreOperation operation;

    @UriParam(label = "producer")
    private @Nullable String partitionKey;

    @UriParam(label = "producer")
    private @Nullable String sortKey;

    @UriParam(label = "producer,security")
    private @Nullable String allowedOperations;

    @UriParam(label = "producer", defaultValue = "true")
    private boolean optimisticLocking = true;

    @UriParam(label = "producer", defaultValue = "true")
    private boolean mustExist = true;

    @UriParam(label = "producer", defaultValue = "true")
    private boolean failIfMissing = true;

    @UriParam(label = "producer", defaultValue = "true")
    private boolean returnVersion = true;

    @UriParam(label = "producer")
    private boolean returnIncrements;

    @UriParam(label = "common", enums = "replace,keep,merge,flat,flatMerge", defaultValue = "replace")
    private PayloadMode payloadMode = PayloadMode.REPLACE;

    @UriParam(label = "producer")
    private boolean exactlyOnce;

    @UriParam(label = "producer")
    private @Nullable String ttl;

    @UriParam(label = "producer,claim")
    private @Nullable String deliverAfter;

    @UriParam(label = "common", enums = "auto,json,text,binary", defaultValue = "auto")
    private PayloadFormat payloadFormat = PayloadFormat.AUTO;

    @UriParam(label = "common")
    private @Nullable Class<?> payloadType;

    @UriParam(label = "advanced")
    private @Nullable ObjectMapper objectMapper;

    @UriParam(label = "common")
    private boolean consistentRead;

    @UriParam(label = "common")
    private boolean includeExpired;

    @UriParam(label = "common", defaultValue = "all")
    private String fields = "all";

    @UriParam(label = "producer", defaultValue = "32")
    private int concurrentWrites = BulkCall.CONCURRENT_WRITES;

    @UriParam(label = "producer", defaultValue = "1000")
    private int maxFailures = BulkCall.MAX_FAILURES;

    @UriParam(
            label = "common",
            description = "List or consume only items whose fields fulfil all of these comparisons, separated by"
                    + " commas, as in status=open. Operators: equal (=), not equal (!=), the signs for less, greater,"
                    + " and either with equal, and begins with (a circumflex and =). A name alone asks whether the"
                    + " field is there, !name whether it is missing. The service examines the other items too, and"
                    + " charges for them.")
    private @Nullable String filter;

    @UriParam(label = "common")
    private @Nullable String sortKeyPrefix;

    @UriParam(label = "common")
    private @Nullable String sortKeyFrom;

    @UriParam(label = "common")
    private @Nullable String sortKeyTo;

    @UriParam(label = "common")
    private boolean reverse;

    @UriParam(label = "common")
    private @Nullable Integer limit;

    @UriParam(label = "common")
    private @Nullable String nextToken;

    @UriParam(label = "common")
    private @Nullable String index;

    @UriParam(label = "common")
    private @Nullable String indexPartitionKeyName;

    @UriParam(label = "common")
    private @Nullable String indexPartitionKeyType;

    @UriParam(label = "common")
    private @Nullable String indexSortKeyName;

    @UriParam(label = "common")
    private @Nullable String indexSortKeyType;

    @UriParam(label = "common")
    private boolean fetch;

    @UriParam(label = "producer")
    private boolean stream;

    @UriParam(label = "producer,lock", javaType = "java.time.Duration", defaultValue = "20000")
    private long lockTtl = 20_000;

    @UriParam(label = "producer,lock", javaType = "java.time.Duration", defaultValue = "0")
    private long acquireTimeout;

    @UriParam(label = "producer,lock", defaultValue = "true")
    private boolean heartbeat = true;

    @UriParam(label = "producer,lock", defaultValue = "true")
    private boolean unlockOnCompletion = true;

    @UriParam(label = "common,lock", javaType = "java.time.Duration", defaultValue = "2000")
    private long clockSkew = 2_000;

    @UriParam(label = "producer,lock", enums = "clock,observe,both", defaultValue = "both")
    private Takeover takeover = Takeover.BOTH;

    @UriParam(label = "producer,lock")
    private boolean leaseAny;

    @UriParam(label = "common,lock")
    private boolean allowReplicated;

    @UriParam(label = "consumer", javaType = "java.lang.String")
    private @Nullable Object partitionKeys;

    @UriParam(label = "consumer", defaultValue = "1")
    private int segments = 1;

    @UriParam(label = "consumer")
    private @Nullable Integer pageSize;

    @UriParam(label = "consumer")
    private int maxMessagesPerPoll;

    @UriParam(label = "consumer", defaultValue = "1")
    private int concurrentPartitions = 1;

    @UriParam(label = "consumer", enums = "none,memory,table", defaultValue = "none")
    private @Nullable ResumeMode resume;

    @UriParam(label = "consumer")
    private @Nullable String resumeId;

    @UriParam(label = "consumer", enums = "none,delete", defaultValue = "none")
    private OnSuccess onSuccess = OnSuccess.NONE;

    @UriParam(label = "consumer,group")
    private @Nullable String group;

    @UriParam(label = "consumer,group", javaType = "java.time.Duration", defaultValue = "20000")
    private long groupLease = 20_000;

    @UriParam(label = "consumer,group", javaType = "java.time.Duration", defaultValue = "5000")
    private long rebalanceInterval = 5_000;

    @UriParam(label = "consumer,group", javaType = "java.time.Duration", defaultValue = "750")
    private long groupWatch = 750;

    @UriParam(label = "consumer,group")
    private @Nullable Integer maxPartitions;

    @UriParam(label = "consumer,group")
    private @Nullable String groupMember;

    @UriParam(label = "consumer,claim")
    private boolean claim;

    @UriParam(label = "consumer,claim", javaType = "java.time.Duration", defaultValue = "60000")
    private long claimTtl = 60_000;

    @UriParam(label = "consumer,claim", defaultValue = "10")
    private int concurrentClaims = 10;

    @UriParam(label = "consumer,claim", defaultValue = "5")
    private int maxDeliveries = 5;

    @UriParam(label = "consumer,claim", javaType = "java.time.Duration", defaultValue = "0")
    private long retryDelay;

    @UriParam(label = "consumer,claim", defaultValue = "1.0")
    private double retryBackoff = 1.0;

    @UriParam(label = "consumer,claim", javaType = "java.time.Duration", defaultValue = "900000")
    private long maxRetryDelay = 900_000;

    @UriParam(label = "consumer,claim")
    private @Nullable String deadPartition;

    @UriParam(label = "common,claim")
    private @Nullable String claimIndex;

    @UriParam(label = "common,claim", defaultValue = "8")
    private int claimShards = 8;

    @UriParam(label = "consumer,claim", javaType = "java.time.Duration", defaultValue = "60000")
    private long claimTableInterval = 60_000;

    @UriParam(label = "consumer,advanced")
    private @Nullable String stateTable;

    @UriParam(label = "common", defaultValue = "id")
    private String partitionKeyName = "id";

    @UriParam(label = "common", enums = "string,number,binary", defaultValue = "string")
    private KeyType partitionKeyType = KeyType.STRING;

    @UriParam(label = "common", defaultValue = "name")
    private String sortKeyName = "name";

    @UriParam(label = "common", enums = "string,number,binary", defaultValue = "string")
    private KeyType sortKeyType = KeyType.STRING;

    @UriParam(label = "common", defaultValue = "version")
    private String versionName = "version";

    @UriParam(label = "common", defaultValue = "expires")
    private String expiresName = "expires";

    @UriParam(label = "common", defaultValue = "payload")
    private String payloadName = "payload";

    @UriParam(label = "common")
    private boolean autoCreateTable;

    @UriParam(label = "common", javaType = "java.time.Duration", defaultValue = "300000")
    private long autoCreateTimeout = 300_000;

    @UriParam(label = "advanced")
    @Metadata(autowired = true)
    private @Nullable DynamoDbAsyncClient dynamoDbAsyncClient;

    @UriParam(label = "common")
    private @Nullable String region;

    @UriParam(label = "security", secret = true)
    private @Nullable String accessKey;

    @UriParam(label = "security", secret = true)
    private @Nullable String secretKey;

    @UriParam(label = "security", secret = true)
    private @Nullable String sessionToken;

    @UriParam(label = "security")
    private boolean useDefaultCredentialsProvider;

    @UriParam(label = "security")
    private boolean useProfileCredentialsProvider;

    @UriParam(label = "security")
    private boolean useSessionCredentials;

    @UriParam(label = "security")
    private @Nullable String profileCredentialsName;

    @UriParam(label = "security")
    private boolean trustAllCertificates;

    @UriParam(label = "advanced")
    private boolean overrideEndpoint;

    @UriParam(label = "advanced")
    private @Nullable String uriEndpointOverride;

    @UriParam(label = "proxy", enums = "HTTP,HTTPS", defaultValue = "HTTPS")
    private Protocol proxyProtocol = Protocol.HTTPS;

    @UriParam(label = "proxy")
    private @Nullable String proxyHost;

    @UriParam(label = "proxy")
    private @Nullable Integer proxyPort;

    @UriParam(label = "advanced", enums = "auto,sdk", defaultValue = "auto")
    private ClientType client = ClientType.AUTO;

    @UriParam(label = "advanced", enums = "auto,crt,netty", defaultValue = "auto")
    private HttpClientType httpClient = HttpClientType.AUTO;

    @UriParam(label = "advanced", defaultValue = "100")
    private int maxConnections = 100;

    @UriParam(label = "advanced")
    private @Nullable Integer eventLoopThreads;

    @UriParam(label = "advanced", javaType = "java.time.Duration", defaultValue = "2000")
    private long connectionTimeout = 2_000;

    @UriParam(label = "advanced", javaType = "java.time.Duration", defaultValue = "10000")
    private long apiCallAttemptTimeout = 10_000;

    @UriParam(label = "advanced", javaType = "java.time.Duration", defaultValue = "30000")
    private long apiCallTimeout = 30_000;

    /** Returns a copy. Changes of the copy do not change this bean; the client and the mapper are shared. */
    public DynaStoreConfiguration copy() {
        try {
            return (DynaStoreConfiguration) super.clone();
        } catch (CloneNotSupportedException e) {
            throw new RuntimeCamelException(e);
        }
    }

    public @Nullable String getTableName() {
        return tableName;
    }

    /**
     * The name or ARN of the table.
     */
    public void setTableName(@Nullable String tableName) {
        this.tableName = tableName;
    }

    public @Nullable DynaStoreOperation getOperation() {
        return operation;
    }

    /**
     * The operation of the producer. If it is not set, the header CamelDynaStoreOperation names the operation. If it
     * is set, that header is ignored.
     */
    public void setOperation(@Nullable DynaStoreOperation operation) {
        this.operation = operation;
    }

    public @Nullable String getPartitionKey() {
        return partitionKey;
    }

    /**
     * The partition key. If it is not set, the header CamelDynaStorePartitionKey gives it. If it is set, that header
     * is ignored.
     */
    public void setPartitionKey(@Nullable String partitionKey) {
        this.partitionKey = partitionKey;
    }

    public @Nullable String getSortKey() {
        return sortKey;
    }

    /**
     * The sort key. If it is not set, the header CamelDynaStoreSortKey gives it. If it is set, that header is ignored.
     */
    public void setSortKey(@Nullable String sortKey) {
        this.sortKey = sortKey;
    }

    public @Nullable String getAllowedOperations() {
        return allowedOperations;
    }

    /**
     * The operations that the header CamelDynaStoreOperation may name, separated by commas. If it is not set, the
     * header may name all. It does not restrict the option operation.
     */
    public void setAllowedOperations(@Nullable String allowedOperations) {
        this.allowedOperations = allowedOperations;
    }

    public boolean isOptimisticLocking() {
        return optimisticLocking;
    }

    /**
     * Whether update and delete without an expected version expect the version that the exchange itself last saw of
     * this item.
     */
    public void setOptimisticLocking(boolean optimisticLocking) {
        this.optimisticLocking = optimisticLocking;
    }

    public boolean isMustExist() {
        return mustExist;
    }

    /**
     * Whether delete fails if there is no live item.
     */
    public void setMustExist(boolean mustExist) {
        this.mustExist = mustExist;
    }

    public boolean isFailIfMissing() {
        return failIfMissing;
    }

    /**
     * Whether get fails if there is no live item. If false, the body is then null, and the header CamelDynaStoreFound
     * is false.
     */
    public void setFailIfMissing(boolean failIfMissing) {
        this.failIfMissing = failIfMissing;
    }

    public boolean isExactlyOnce() {
        return exactlyOnce;
    }

    /**
     * Whether create, put, update and delete are sent as a transaction of one write, with the service's idempotency
     * token. If a response is lost and the AWS SDK repeats the request, the write is not applied again. This holds
     * even if another writer wrote in between. It costs twice the capacity. If a put or update without an expected
     * version is to return the new version, it also costs a read.
     */
    public void setExactlyOnce(boolean exactlyOnce) {
        this.exactlyOnce = exactlyOnce;
    }

    public boolean isReturnVersion() {
        return returnVersion;
    }

    /**
     * Whether put and update without an expected version return the new version. For this the service sends the
     * payload back; false saves that.
     */
    public void setReturnVersion(boolean returnVersion) {
        this.returnVersion = returnVersion;
    }

    public boolean isReturnIncrements() {
        return returnIncrements;
    }

    /**
     * Whether put and update return, in CamelDynaStoreItemFields, the new values of what CamelDynaStoreIncrements adds
     * to.
     */
    public void setReturnIncrements(boolean returnIncrements) {
        this.returnIncrements = returnIncrements;
    }

    public PayloadMode getPayloadMode() {
        return payloadMode;
    }

    /**
     * What put, update, transact and putAll do with the stored payload. replace stores the body in its place. keep
     * leaves it as it is: only fields, increments and expiry are written, and the payload is neither sent nor read.
     * merge sets the members of the body, a Map or a JSON object, in the stored document; a null removes a member. flat
     * is for existing tables, and says how items are read as well: the payload is the attributes of the item, except
     * for keys, version, expiry and those of the component. Attributes that the body does not name are removed.
     * flatMerge is the same, and keeps them.
     */
    public void setPayloadMode(PayloadMode payloadMode) {
        this.payloadMode = payloadMode;
    }

    public @Nullable String getTtl() {
        return ttl;
    }

    /**
     * The time to live of written items, with a unit (20m, 1h30m, PT20M), rounded up to whole seconds. The value none
     * removes an expiry. If it is not set, an update keeps the expiry, and a new item has none.
     */
    public void setTtl(@Nullable String ttl) {
        this.ttl = ttl;
    }

    public @Nullable String getDeliverAfter() {
        return deliverAfter;
    }

    /**
     * From when a written item may be claimed by a consumer with claim=true: a duration with a unit (20m, PT20M) that
     * counts from the write, or an instant (2026-03-01T12:00:00Z). There is no limit. If it is not set, a new item may
     * be claimed at once, and an update keeps what the item has.
     */
    public void setDeliverAfter(@Nullable String deliverAfter) {
        this.deliverAfter = deliverAfter;
    }

    public PayloadFormat getPayloadFormat() {
        return payloadFormat;
    }

    /**
     * The form of the payload in a route. auto maps each Java type to the closest DynamoDB type and back. json is JSON
     * text for a DynamoDB document, text is a String, binary is a byte array.
     */
    public void setPayloadFormat(PayloadFormat payloadFormat) {
        this.payloadFormat = payloadFormat;
    }

    public @Nullable Class<?> getPayloadType() {
        return payloadType;
    }

    /**
     * The class that payloads in the format auto are read as, through Jackson. A header cannot set it.
     */
    public void setPayloadType(@Nullable Class<?> payloadType) {
        this.payloadType = payloadType;
    }

    public @Nullable ObjectMapper getObjectMapper() {
        return objectMapper;
    }

    /**
     * The Jackson ObjectMapper for JSON, beans and payloadType. If it is not set, the only one in the registry is
     * used. If the registry does not have exactly one, a mapper is used that writes dates as ISO-8601 text. A mapper
     * with default typing is rejected.
     */
    public void setObjectMapper(@Nullable ObjectMapper objectMapper) {
        this.objectMapper = objectMapper;
    }

    public boolean isConsistentRead() {
        return consistentRead;
    }

    /**
     * Whether reads see every write that was acknowledged before them, at twice the capacity. Not possible through a
     * global index.
     */
    public void setConsistentRead(boolean consistentRead) {
        this.consistentRead = consistentRead;
    }

    public boolean isIncludeExpired() {
        return includeExpired;
    }

    /**
     * Whether reads return expired items that the service has not yet removed.
     */
    public void setIncludeExpired(boolean includeExpired) {
        this.includeExpired = includeExpired;
    }

    public int getConcurrentWrites() {
        return concurrentWrites;
    }

    /**
     * The most writes that putAll, createAll or deleteAll has in flight. Entries are taken from the body as fast as
     * they are written. While the service throttles, fewer writes are in flight.
     */
    public void setConcurrentWrites(int concurrentWrites) {
        this.concurrentWrites = concurrentWrites;
    }

    public int getMaxFailures() {
        return maxFailures;
    }

    /**
     * How many failed writes end putAll, createAll or deleteAll early. The header CamelDynaStoreOutcomes names each of
     * them, so this bounds its size.
     */
    public void setMaxFailures(int maxFailures) {
        this.maxFailures = maxFailures;
    }

    public String getFields() {
        return fields;
    }

    /**
     * Which extra fields get, list, batchGet and the consumer return: all, none, or the names of fields, separated by
     * commas. Key, payload, version and expiry are returned in any case. The service does not send what is left out.
     * With payloadMode=flat, these are the attributes that the payload has: an update after such a read would remove
     * the others, so merge instead.
     */
    public void setFields(String fields) {
        this.fields = fields;
    }

    public @Nullable String getFilter() {
        return filter;
    }

    /**
     * List or consume only items whose fields fulfil this. {@link io.dynastore.store.FieldFilter} describes the text.
     */
    public void setFilter(@Nullable String filter) {
        this.filter = filter;
    }

    public @Nullable String getSortKeyPrefix() {
        return sortKeyPrefix;
    }

    /**
     * List only items whose sort key begins with this. It cannot be combined with a range, and number keys do not
     * support it.
     */
    public void setSortKeyPrefix(@Nullable String sortKeyPrefix) {
        this.sortKeyPrefix = sortKeyPrefix;
    }

    public @Nullable String getSortKeyFrom() {
        return sortKeyFrom;
    }

    /**
     * List only items whose sort key is this or sorts after it.
     */
    public void setSortKeyFrom(@Nullable String sortKeyFrom) {
        this.sortKeyFrom = sortKeyFrom;
    }

    public @Nullable String getSortKeyTo() {
        return sortKeyTo;
    }

    /**
     * List only items whose sort key is this or sorts before it.
     */
    public void setSortKeyTo(@Nullable String sortKeyTo) {
        this.sortKeyTo = sortKeyTo;
    }

    public boolean isReverse() {
        return reverse;
    }

    /**
     * Whether to list from the highest sort key to the lowest.
     */
    public void setReverse(boolean reverse) {
        this.reverse = reverse;
    }

    public @Nullable Integer getLimit() {
        return limit;
    }

    /**
     * The number of live items on a page, or in all with stream. If it is not set, a page is what the service returns
     * at once, at most 1 MB.
     */
    public void setLimit(@Nullable Integer limit) {
        this.limit = limit;
    }

    public @Nullable String getNextToken() {
        return nextToken;
    }

    /**
     * The token of the page after which the list continues. Usually the header gives it.
     */
    public void setNextToken(@Nullable String nextToken) {
        this.nextToken = nextToken;
    }

    public @Nullable String getIndex() {
        return index;
    }

    /**
     * The local or global secondary index to list through.
     */
    public void setIndex(@Nullable String index) {
        this.index = index;
    }

    public @Nullable String getIndexPartitionKeyName() {
        return indexPartitionKeyName;
    }

    /**
     * The attribute that is the index's partition key; or several, separated by commas. If it is not set, that of the
     * table, as for every local index.
     */
    public void setIndexPartitionKeyName(@Nullable String indexPartitionKeyName) {
        this.indexPartitionKeyName = indexPartitionKeyName;
    }

    public @Nullable String getIndexPartitionKeyType() {
        return indexPartitionKeyType;
    }

    /**
     * The type of the index's partition key: string, number or binary; or one for each of several attributes, separated
     * by commas. If it is not set, that of the table for its own key attributes, else string.
     */
    public void setIndexPartitionKeyType(@Nullable String indexPartitionKeyType) {
        this.indexPartitionKeyType = indexPartitionKeyType;
    }

    public @Nullable String getIndexSortKeyName() {
        return indexSortKeyName;
    }

    /**
     * The attribute that is the index's sort key; or all of several, separated by commas. Needed for a prefix or a
     * range.
     */
    public void setIndexSortKeyName(@Nullable String indexSortKeyName) {
        this.indexSortKeyName = indexSortKeyName;
    }

    public @Nullable String getIndexSortKeyType() {
        return indexSortKeyType;
    }

    /**
     * The type of the index's sort key: string, number or binary; or one for each of several attributes, separated by
     * commas. If it is not set, that of the table for its own key attributes, else string.
     */
    public void setIndexSortKeyType(@Nullable String indexSortKeyType) {
        this.indexSortKeyType = indexSortKeyType;
    }

    public boolean isFetch() {
        return fetch;
    }

    /**
     * Whether a list through an index reads the whole items from the table. If false, the index has to project
     * version, expires and payload.
     */
    public void setFetch(boolean fetch) {
        this.fetch = fetch;
    }

    public boolean isStream() {
        return stream;
    }

    /**
     * Whether the body after list is an iterator over the items of all pages. Pages are read while it is used, in
     * constant memory. The iterator ends with the exchange; split it with streaming.
     */
    public void setStream(boolean stream) {
        this.stream = stream;
    }

    public long getLockTtl() {
        return lockTtl;
    }

    /**
     * The length of the lease: how long a lock stays with a holder that does not renew it. If the holder dies, the
     * lock is unavailable for that long.
     */
    public void setLockTtl(long lockTtl) {
        this.lockTtl = lockTtl;
    }

    public long getAcquireTimeout() {
        return acquireTimeout;
    }

    /**
     * How long lock waits for a lock that is held. If 0, it tries once.
     */
    public void setAcquireTimeout(long acquireTimeout) {
        this.acquireTimeout = acquireTimeout;
    }

    public boolean isHeartbeat() {
        return heartbeat;
    }

    /**
     * Whether a lock is renewed in the background until it is released.
     */
    public void setHeartbeat(boolean heartbeat) {
        this.heartbeat = heartbeat;
    }

    public boolean isUnlockOnCompletion() {
        return unlockOnCompletion;
    }

    /**
     * Whether a lock is released when the unit of work of its exchange is done, whatever its outcome. If false, it is
     * held until unlock, or until the component stops.
     */
    public void setUnlockOnCompletion(boolean unlockOnCompletion) {
        this.unlockOnCompletion = unlockOnCompletion;
    }

    public long getClockSkew() {
        return clockSkew;
    }

    /**
     * The largest difference between the clocks of hosts to allow for. A lock that was not released is taken over only
     * this long after the end of its lease. The same holds for a claim of a consumer, and for a
     * partition of a group.
     */
    public void setClockSkew(long clockSkew) {
        this.clockSkew = clockSkew;
    }

    public Takeover getTakeover() {
        return takeover;
    }

    /**
     * When a lock that was not released is taken over. clock: by the end of its lease. observe: after no renewal was
     * observed for the length of a lease. both: by whichever comes first.
     */
    public void setTakeover(Takeover takeover) {
        this.takeover = takeover;
    }

    public boolean isLeaseAny() {
        return leaseAny;
    }

    /**
     * Whether lock acquires any free lock of the partition, and sets the key headers to the key of that lock. It does
     * not find locks that were never acquired.
     */
    public void setLeaseAny(boolean leaseAny) {
        this.leaseAny = leaseAny;
    }

    public boolean isAllowReplicated() {
        return allowReplicated;
    }

    /**
     * Whether locks, groups and claims are allowed on a table that is replicated to other regions without strong
     * consistency. There they are safe only if all programs that use them are in one region.
     */
    public void setAllowReplicated(boolean allowReplicated) {
        this.allowReplicated = allowReplicated;
    }

    public @Nullable Object getPartitionKeys() {
        return partitionKeys;
    }

    /**
     * The partitions to consume: their keys separated by commas, or a bean that is a Collection of keys or a Supplier
     * of one. A Supplier is called at each poll. If it is not set, the whole table (or index) is consumed, in no
     * order.
     */
    public void setPartitionKeys(@Nullable Object partitionKeys) {
        this.partitionKeys = partitionKeys;
    }

    public int getSegments() {
        return segments;
    }

    /**
     * The number of segments in which the whole table is consumed, if partitionKeys is not set. At most
     * concurrentPartitions of them are read at a time.
     */
    public void setSegments(int segments) {
        this.segments = segments;
    }

    public @Nullable Integer getPageSize() {
        return pageSize;
    }

    /**
     * The largest number of live items that one read returns. If it is not set, a read returns what the service
     * returns at once, at most 1 MB. A position is saved once for each page. At most two pages of each partition are
     * in memory.
     */
    public void setPageSize(@Nullable Integer pageSize) {
        this.pageSize = pageSize;
    }

    public int getMaxMessagesPerPoll() {
        return maxMessagesPerPoll;
    }

    /**
     * The largest number of items that one poll delivers. The next poll continues after them. If 0, there is no limit.
     */
    public void setMaxMessagesPerPoll(int maxMessagesPerPoll) {
        this.maxMessagesPerPoll = maxMessagesPerPoll;
    }

    public int getConcurrentPartitions() {
        return concurrentPartitions;
    }

    /**
     * How many partitions (or segments) are consumed at a time. The order within each is kept.
     */
    public void setConcurrentPartitions(int concurrentPartitions) {
        this.concurrentPartitions = concurrentPartitions;
    }

    public ResumeMode getResume() {
        if (resume != null) {
            return resume;
        }
        return group != null && partitionKeys != null && !claim ? ResumeMode.TABLE : ResumeMode.NONE;
    }

    /**
     * Where a poll begins. none: at the start of each partition. memory: after the last item that was processed since
     * the route started. table: after the last item that was ever processed under the resumeId. Use memory and table
     * for append-only sort keys: an item that appears later and sorts before the position is not delivered. In a group
     * with partitionKeys, the default is table.
     */
    public void setResume(ResumeMode resume) {
        this.resume = resume;
    }

    public @Nullable String getResumeId() {
        return resumeId;
    }

    /**
     * The name under which resume=table saves its positions. If it is not set, the id of the route.
     */
    public void setResumeId(@Nullable String resumeId) {
        this.resumeId = resumeId;
    }

    public OnSuccess getOnSuccess() {
        return onSuccess;
    }

    /**
     * What happens to an item whose exchange succeeded. none leaves it. delete deletes it if it is still at the
     * version that was read.
     */
    public void setOnSuccess(OnSuccess onSuccess) {
        this.onSuccess = onSuccess;
    }

    public @Nullable String getGroup() {
        return group;
    }

    /**
     * The name of a consumer group. All consumers of this table with the same group share its partitions, in any
     * number of processes: each partition has one reader at a time, and continues where its last reader was. All
     * members have to name the same partitions, or the same number of segments.
     */
    public void setGroup(@Nullable String group) {
        this.group = group;
    }

    public long getGroupLease() {
        return groupLease;
    }

    /**
     * How long a partition stays with a member of the group that has died or is out of reach. At least 3 seconds.
     */
    public void setGroupLease(long groupLease) {
        this.groupLease = groupLease;
    }

    public long getRebalanceInterval() {
        return rebalanceInterval;
    }

    /**
     * How often a member looks at its group, to take or hand over partitions. At most a third of groupLease.
     */
    public void setRebalanceInterval(long rebalanceInterval) {
        this.rebalanceInterval = rebalanceInterval;
    }

    public long getGroupWatch() {
        return groupWatch;
    }

    /**
     * How often a member asks whether another one that stops has freed partitions for it. Each time costs half a read
     * unit, while the group has several members. If it is 0, the member learns of them within rebalanceInterval.
     */
    public void setGroupWatch(long groupWatch) {
        this.groupWatch = groupWatch;
    }

    public @Nullable Integer getMaxPartitions() {
        return maxPartitions;
    }

    /**
     * The most partitions of the group that this member takes. There is no limit if it is not set.
     */
    public void setMaxPartitions(@Nullable Integer maxPartitions) {
        this.maxPartitions = maxPartitions;
    }

    public @Nullable String getGroupMember() {
        return groupMember;
    }

    /**
     * The readable name of this member of the group; a random part is added. If it is not set, host and process.
     */
    public void setGroupMember(@Nullable String groupMember) {
        this.groupMember = groupMember;
    }

    public boolean isClaim() {
        return claim;
    }

    /**
     * Whether each item is claimed before it is delivered, so that several consumers can share a partition. Needs
     * onSuccess=delete. A claim raises the version of the item.
     */
    public void setClaim(boolean claim) {
        this.claim = claim;
    }

    public long getClaimTtl() {
        return claimTtl;
    }

    /**
     * How long a claim lasts unless it is renewed, which happens while the exchange is in flight. If the consumer
     * dies, the item is delivered again after this time and clockSkew. At least 3 seconds.
     */
    public void setClaimTtl(long claimTtl) {
        this.claimTtl = claimTtl;
    }

    public int getConcurrentClaims() {
        return concurrentClaims;
    }

    /**
     * The most claimed items in flight, of all partitions of the consumer.
     */
    public void setConcurrentClaims(int concurrentClaims) {
        this.concurrentClaims = concurrentClaims;
    }

    public int getMaxDeliveries() {
        return maxDeliveries;
    }

    /**
     * How many deliveries a claimed item gets. If the last one fails, the item is dead: see deadPartition.
     */
    public void setMaxDeliveries(int maxDeliveries) {
        this.maxDeliveries = maxDeliveries;
    }

    public long getRetryDelay() {
        return retryDelay;
    }

    /**
     * How long a claimed item waits after its first failed delivery. A random part of up to a fifth is taken off, so
     * that items which failed together do not return together.
     */
    public void setRetryDelay(long retryDelay) {
        this.retryDelay = retryDelay;
    }

    public double getRetryBackoff() {
        return retryBackoff;
    }

    /**
     * The factor by which retryDelay grows from one failed delivery of a claimed item to the next.
     */
    public void setRetryBackoff(double retryBackoff) {
        this.retryBackoff = retryBackoff;
    }

    public long getMaxRetryDelay() {
        return maxRetryDelay;
    }

    /**
     * The longest time that a claimed item waits after a failed delivery, unless the route names its own.
     */
    public void setMaxRetryDelay(long maxRetryDelay) {
        this.maxRetryDelay = maxRetryDelay;
    }

    public @Nullable String getClaimIndex() {
        return claimIndex;
    }

    /**
     * The global index in which consumers with claim=true find the items that are due, so that their reads do not grow
     * with the items that are claimed or delayed. Items that a producer with this option writes are in the index at
     * once. Set it for all producers and consumers of a queue. With autoCreateTable, the index is created if it is
     * missing.
     */
    public void setClaimIndex(@Nullable String claimIndex) {
        this.claimIndex = claimIndex;
    }

    public int getClaimShards() {
        return claimShards;
    }

    /**
     * How many shards of claimIndex the items of one partition are spread over, 64 at most. A poll reads each of them.
     * DynamoDB takes about 1,000 writes a second of one shard. Set the same number for all producers and consumers of
     * a queue.
     */
    public void setClaimShards(int claimShards) {
        this.claimShards = claimShards;
    }

    public long getClaimTableInterval() {
        return claimTableInterval;
    }

    /**
     * How often a consumer with claimIndex looks through the table for items that are not in the index, since a program
     * without this option wrote them. 0 turns that off.
     */
    public void setClaimTableInterval(long claimTableInterval) {
        this.claimTableInterval = claimTableInterval;
    }

    public @Nullable String getDeadPartition() {
        return deadPartition;
    }

    /**
     * The partition key under which dead items are kept. A dead item moves there by one transaction, with its sort key
     * and all fields. If it is not set, or if the key is in use there, the item stays where it is, marked dead: it is
     * not delivered until it is written.
     */
    public void setDeadPartition(@Nullable String deadPartition) {
        this.deadPartition = deadPartition;
    }

    public @Nullable String getStateTable() {
        return stateTable;
    }

    /**
     * Another table for the positions, with the attribute names id, name, version, expires and payload and text keys.
     * Needed if the keys of the table are not text.
     */
    public void setStateTable(@Nullable String stateTable) {
        this.stateTable = stateTable;
    }

    public String getPartitionKeyName() {
        return partitionKeyName;
    }

    /**
     * The attribute that is the table's partition key.
     */
    public void setPartitionKeyName(String partitionKeyName) {
        this.partitionKeyName = partitionKeyName;
    }

    public KeyType getPartitionKeyType() {
        return partitionKeyType;
    }

    /**
     * The type of the table's partition key.
     */
    public void setPartitionKeyType(KeyType partitionKeyType) {
        this.partitionKeyType = partitionKeyType;
    }

    public String getSortKeyName() {
        return sortKeyName;
    }

    /**
     * The attribute that is the table's sort key; none for a table without one.
     */
    public void setSortKeyName(String sortKeyName) {
        this.sortKeyName = sortKeyName;
    }

    public KeyType getSortKeyType() {
        return sortKeyType;
    }

    /**
     * The type of the table's sort key.
     */
    public void setSortKeyType(KeyType sortKeyType) {
        this.sortKeyType = sortKeyType;
    }

    public String getVersionName() {
        return versionName;
    }

    /**
     * The attribute that holds the version.
     */
    public void setVersionName(String versionName) {
        this.versionName = versionName;
    }

    public String getExpiresName() {
        return expiresName;
    }

    /**
     * The attribute that holds the expiry in epoch seconds: the table's TTL attribute.
     */
    public void setExpiresName(String expiresName) {
        this.expiresName = expiresName;
    }

    public String getPayloadName() {
        return payloadName;
    }

    /**
     * The attribute that holds the payload.
     */
    public void setPayloadName(String payloadName) {
        this.payloadName = payloadName;
    }

    public boolean isAutoCreateTable() {
        return autoCreateTable;
    }

    /**
     * Whether to create the table at start if there is none, with on-demand capacity. The TTL of the table is switched
     * on if it is off. The start waits until the table is active.
     */
    public void setAutoCreateTable(boolean autoCreateTable) {
        this.autoCreateTable = autoCreateTable;
    }

    public long getAutoCreateTimeout() {
        return autoCreateTimeout;
    }

    /**
     * How long to wait for a table that was created to become active.
     */
    public void setAutoCreateTimeout(long autoCreateTimeout) {
        this.autoCreateTimeout = autoCreateTimeout;
    }

    public @Nullable DynamoDbAsyncClient getDynamoDbAsyncClient() {
        return dynamoDbAsyncClient;
    }

    /**
     * The client to use. The component never closes it. If it is not set, the only one in the registry is used. If the
     * registry does not have exactly one, the component makes one from the options.
     */
    public void setDynamoDbAsyncClient(@Nullable DynamoDbAsyncClient dynamoDbAsyncClient) {
        this.dynamoDbAsyncClient = dynamoDbAsyncClient;
    }

    @Override
    public @Nullable String getRegion() {
        return region;
    }

    /**
     * The AWS region, such as eu-central-1. If it is not set, the default chain of the AWS SDK finds it.
     */
    public void setRegion(@Nullable String region) {
        this.region = region;
    }

    @Override
    public @Nullable String getAccessKey() {
        return accessKey;
    }

    /**
     * The AWS access key.
     */
    public void setAccessKey(@Nullable String accessKey) {
        this.accessKey = accessKey;
    }

    @Override
    public @Nullable String getSecretKey() {
        return secretKey;
    }

    /**
     * The AWS secret key.
     */
    public void setSecretKey(@Nullable String secretKey) {
        this.secretKey = secretKey;
    }

    @Override
    public @Nullable String getSessionToken() {
        return sessionToken;
    }

    /**
     * The AWS session token, for useSessionCredentials.
     */
    public void setSessionToken(@Nullable String sessionToken) {
        this.sessionToken = sessionToken;
    }

    @Override
    public boolean isUseDefaultCredentialsProvider() {
        return useDefaultCredentialsProvider;
    }

    /**
     * Whether to find the credentials by the default chain of the AWS SDK, even if keys are given.
     */
    public void setUseDefaultCredentialsProvider(boolean useDefaultCredentialsProvider) {
        this.useDefaultCredentialsProvider = useDefaultCredentialsProvider;
    }

    @Override
    public boolean isUseProfileCredentialsProvider() {
        return useProfileCredentialsProvider;
    }

    /**
     * Whether to take the credentials from a profile.
     */
    public void setUseProfileCredentialsProvider(boolean useProfileCredentialsProvider) {
        this.useProfileCredentialsProvider = useProfileCredentialsProvider;
    }

    @Override
    public boolean isUseSessionCredentials() {
        return useSessionCredentials;
    }

    /**
     * Whether to use accessKey, secretKey and sessionToken as session credentials.
     */
    public void setUseSessionCredentials(boolean useSessionCredentials) {
        this.useSessionCredentials = useSessionCredentials;
    }

    @Override
    public @Nullable String getProfileCredentialsName() {
        return profileCredentialsName;
    }

    /**
     * The profile to take the credentials from, for useProfileCredentialsProvider.
     */
    public void setProfileCredentialsName(@Nullable String profileCredentialsName) {
        this.profileCredentialsName = profileCredentialsName;
    }

    @Override
    public boolean isTrustAllCertificates() {
        return trustAllCertificates;
    }

    /**
     * Whether to trust every certificate. For tests only.
     */
    public void setTrustAllCertificates(boolean trustAllCertificates) {
        this.trustAllCertificates = trustAllCertificates;
    }

    @Override
    public boolean isOverrideEndpoint() {
        return overrideEndpoint;
    }

    /**
     * Whether to use uriEndpointOverride.
     */
    public void setOverrideEndpoint(boolean overrideEndpoint) {
        this.overrideEndpoint = overrideEndpoint;
    }

    @Override
    public @Nullable String getUriEndpointOverride() {
        return uriEndpointOverride;
    }

    /**
     * The endpoint to use in place of the region's if overrideEndpoint is true, such as that of DynamoDB Local.
     */
    public void setUriEndpointOverride(@Nullable String uriEndpointOverride) {
        this.uriEndpointOverride = uriEndpointOverride;
    }

    @Override
    public Protocol getProxyProtocol() {
        return proxyProtocol;
    }

    /**
     * The protocol of the proxy.
     */
    public void setProxyProtocol(Protocol proxyProtocol) {
        this.proxyProtocol = proxyProtocol;
    }

    @Override
    public @Nullable String getProxyHost() {
        return proxyHost;
    }

    /**
     * The host of the proxy.
     */
    public void setProxyHost(@Nullable String proxyHost) {
        this.proxyHost = proxyHost;
    }

    @Override
    public @Nullable Integer getProxyPort() {
        return proxyPort;
    }

    /**
     * The port of the proxy.
     */
    public void setProxyPort(@Nullable Integer proxyPort) {
        this.proxyPort = proxyPort;
    }

    public ClientType getClient() {
        return client;
    }

    /**
     * What makes the requests of a client that the component makes. sdk: the AWS SDK makes all of them. auto: the
     * component makes the first attempt of frequent requests itself, which costs less processor time. The AWS SDK
     * makes all others, and all of them if it has interceptors or adaptive retries.
     */
    public void setClient(ClientType client) {
        this.client = client;
    }

    public HttpClientType getHttpClient() {
        return httpClient;
    }

    /**
     * The HTTP library of a client that the component makes. crt: the AWS CRT, which costs the least processor time
     * and trusts the certificates of the operating system. netty: Netty, which trusts those of the JVM. auto: the AWS
     * CRT, or Netty if the AWS CRT can't be loaded or the JVM is given a trust store.
     */
    public void setHttpClient(HttpClientType httpClient) {
        this.httpClient = httpClient;
    }

    public int getMaxConnections() {
        return maxConnections;
    }

    /**
     * The largest number of connections that the client keeps open. Further requests wait for one.
     */
    public void setMaxConnections(int maxConnections) {
        this.maxConnections = maxConnections;
    }

    public @Nullable Integer getEventLoopThreads() {
        return eventLoopThreads;
    }

    /**
     * The number of threads on which the client sends and receives. Routes never run there. If it is not set, the
     * SDK's default for the HTTP client. The AWS CRT takes at least two. Netty needs at least three: with fewer, an
     * address that does not exist is reported only after ten seconds.
     */
    public void setEventLoopThreads(@Nullable Integer eventLoopThreads) {
        this.eventLoopThreads = eventLoopThreads;
    }

    public long getConnectionTimeout() {
        return connectionTimeout;
    }

    /**
     * How long the client waits for a connection to be made.
     */
    public void setConnectionTimeout(long connectionTimeout) {
        this.connectionTimeout = connectionTimeout;
    }

    public long getApiCallAttemptTimeout() {
        return apiCallAttemptTimeout;
    }

    /**
     * How long the client waits for a response before it sends the request again.
     */
    public void setApiCallAttemptTimeout(long apiCallAttemptTimeout) {
        this.apiCallAttemptTimeout = apiCallAttemptTimeout;
    }

    public long getApiCallTimeout() {
        return apiCallTimeout;
    }

    /**
     * The longest time that a request may take, with all its retries.
     */
    public void setApiCallTimeout(long apiCallTimeout) {
        this.apiCallTimeout = apiCallTimeout;
    }
}
