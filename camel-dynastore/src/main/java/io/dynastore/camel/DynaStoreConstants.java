/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel;

import org.apache.camel.spi.Metadata;

/**
 * The names of the headers that the component reads and writes.
 *
 * <p>An "In" header overrides the option of the same name. The headers for operation and keys do not: they take
 * effect only if the URI leaves their option open. An operation removes the "Out" headers that it does not set, so
 * that none is stale.
 *
 * <p>Decision 1 in docs/decisions has the reasons.
 */
public interface DynaStoreConstants {

    @Metadata(
            label = "producer",
            description = "In. The operation, if the URI does not name one.",
            javaType = "io.dynastore.camel.DynaStoreOperation",
            enums = "create,put,get,exists,update,delete,list,batchGet,transact,putAll,createAll,deleteAll,lock,renew,"
                    + "unlock")
    String OPERATION = "CamelDynaStoreOperation";

    @Metadata(
            label = "producer",
            description = "In. The partition key, if the URI does not name one. Converted to the declared type.",
            javaType = "Object")
    String PARTITION_KEY = "CamelDynaStorePartitionKey";

    @Metadata(
            label = "producer",
            description = "In. The sort key, if the URI does not name one. Converted to the declared type.",
            javaType = "Object")
    String SORT_KEY = "CamelDynaStoreSortKey";

    @Metadata(
            label = "producer",
            description = "In. What batchGet reads: keys (io.dynastore.store.Key), Items of a list, or sort keys "
                    + "within the partition. Any number; a duplicate is requested once.",
            javaType = "java.util.Collection")
    String KEYS = "CamelDynaStoreKeys";

    @Metadata(
            label = "producer",
            description = "In. The version that the item must have for an update, delete or put; 0 is a live item "
                    + "without a version. A successful write removes the header. A refused write binds it to its item: "
                    + "a write of another item ignores it.",
            javaType = "Long")
    String EXPECTED_VERSION = "CamelDynaStoreExpectedVersion";

    @Metadata(label = "producer", description = "In. Overrides the option optimisticLocking.", javaType = "Boolean")
    String OPTIMISTIC_LOCKING = "CamelDynaStoreOptimisticLocking";

    @Metadata(
            label = "producer",
            description = "In. For a write, a Map of the extra fields that it sets. A null removes a field; fields"
                    + " that are not named stay. A successful write removes the header. For a read, text or a"
                    + " collection that overrides the option fields; a read ignores a Map.",
            javaType = "Object")
    String FIELDS = "CamelDynaStoreFields";

    @Metadata(
            label = "producer",
            description = "In. Numbers that a write adds, in a Map: the key is a field, or the path of a member of a "
                    + "document (payload.stats.views). The service adds them, so that writers need not read first. A "
                    + "number that is missing counts as 0. Paths in the payload need payloadMode=keep or merge. A "
                    + "successful write removes the header.",
            javaType = "java.util.Map")
    String INCREMENTS = "CamelDynaStoreIncrements";

    @Metadata(label = "producer", description = "In. Overrides the option returnIncrements.", javaType = "Boolean")
    String RETURN_INCREMENTS = "CamelDynaStoreReturnIncrements";

    @Metadata(
            label = "producer",
            description = "In. Overrides the option payloadMode. A successful write removes the header.",
            javaType = "io.dynastore.store.PayloadMode",
            enums = "replace,keep,merge,flat,flatMerge")
    String PAYLOAD_MODE = "CamelDynaStorePayloadMode";

    @Metadata(
            label = "producer",
            description = "In. The time to live of the written item: a java.time.Duration, or text with a unit such as "
                    + "20m or PT20M. The value none removes an expiry. A bare number is rejected. A successful write "
                    + "removes the header.",
            javaType = "Object")
    String TTL = "CamelDynaStoreTtl";

    @Metadata(
            label = "producer",
            description = "In. From when the written item may be claimed by a consumer with claim=true: a "
                    + "java.time.Duration, a java.time.Instant, or text such as 20m, PT20M or 2026-03-01T12:00:00Z. "
                    + "A successful write removes the header.",
            javaType = "Object")
    String DELIVER_AFTER = "CamelDynaStoreDeliverAfter";

    @Metadata(label = "producer", description = "In. Overrides the option mustExist.", javaType = "Boolean")
    String MUST_EXIST = "CamelDynaStoreMustExist";

    @Metadata(label = "producer", description = "In. Overrides the option failIfMissing.", javaType = "Boolean")
    String FAIL_IF_MISSING = "CamelDynaStoreFailIfMissing";

    @Metadata(label = "producer", description = "In. Overrides the option returnVersion.", javaType = "Boolean")
    String RETURN_VERSION = "CamelDynaStoreReturnVersion";

    @Metadata(label = "producer", description = "In. Overrides the option exactlyOnce.", javaType = "Boolean")
    String EXACTLY_ONCE = "CamelDynaStoreExactlyOnce";

    @Metadata(
            label = "producer",
            description = "In. Overrides the option payloadFormat.",
            javaType = "io.dynastore.store.PayloadFormat",
            enums = "auto,json,text,binary")
    String PAYLOAD_FORMAT = "CamelDynaStorePayloadFormat";

    @Metadata(label = "producer", description = "In. Overrides the option consistentRead.", javaType = "Boolean")
    String CONSISTENT_READ = "CamelDynaStoreConsistentRead";

    @Metadata(label = "producer", description = "In. Overrides the option includeExpired.", javaType = "Boolean")
    String INCLUDE_EXPIRED = "CamelDynaStoreIncludeExpired";

    @Metadata(
            label = "producer",
            description =
                    "In. Overrides the option filter: its text, or a Map of fields and the values that they" + " have.",
            javaType = "Object")
    String FILTER = "CamelDynaStoreFilter";

    @Metadata(label = "producer", description = "In. Overrides the option concurrentWrites.", javaType = "Integer")
    String CONCURRENT_WRITES = "CamelDynaStoreConcurrentWrites";

    @Metadata(label = "producer", description = "In. Overrides the option maxFailures.", javaType = "Integer")
    String MAX_FAILURES = "CamelDynaStoreMaxFailures";

    @Metadata(
            label = "producer",
            description = "Out. What became of the writes of putAll, createAll or deleteAll: how many were applied,"
                    + " and which failed with which error.",
            javaType = "io.dynastore.store.BulkOutcomes")
    String OUTCOMES = "CamelDynaStoreOutcomes";

    @Metadata(
            label = "producer",
            description = "In. Overrides the option sortKeyPrefix. Text, or a List for several attributes.",
            javaType = "Object")
    String SORT_KEY_PREFIX = "CamelDynaStoreSortKeyPrefix";

    @Metadata(
            label = "producer",
            description = "In. Overrides the option sortKeyFrom. Converted to the declared type.",
            javaType = "Object")
    String SORT_KEY_FROM = "CamelDynaStoreSortKeyFrom";

    @Metadata(
            label = "producer",
            description = "In. Overrides the option sortKeyTo. Converted to the declared type.",
            javaType = "Object")
    String SORT_KEY_TO = "CamelDynaStoreSortKeyTo";

    @Metadata(label = "producer", description = "In. Overrides the option reverse.", javaType = "Boolean")
    String REVERSE = "CamelDynaStoreReverse";

    @Metadata(label = "producer", description = "In. Overrides the option limit.", javaType = "Integer")
    String LIMIT = "CamelDynaStoreLimit";

    @Metadata(
            label = "producer",
            description = "In: the list continues after the page that returned this token. Out: the token for the next "
                    + "page; absent at the end, and with stream.",
            javaType = "String")
    String NEXT_TOKEN = "CamelDynaStoreNextToken";

    @Metadata(label = "producer", description = "In. Overrides the option index.", javaType = "String")
    String INDEX = "CamelDynaStoreIndex";

    @Metadata(
            label = "producer",
            description = "In. Overrides the option indexPartitionKeyName. Text, or a List of it.",
            javaType = "Object")
    String INDEX_PARTITION_KEY_NAME = "CamelDynaStoreIndexPartitionKeyName";

    @Metadata(
            label = "producer",
            description = "In. Overrides the option indexPartitionKeyType. A KeyType, text, or a List of them.",
            javaType = "Object")
    String INDEX_PARTITION_KEY_TYPE = "CamelDynaStoreIndexPartitionKeyType";

    @Metadata(
            label = "producer",
            description = "In. Overrides the option indexSortKeyName. Text, or a List of it.",
            javaType = "Object")
    String INDEX_SORT_KEY_NAME = "CamelDynaStoreIndexSortKeyName";

    @Metadata(
            label = "producer",
            description = "In. Overrides the option indexSortKeyType. A KeyType, text, or a List of them.",
            javaType = "Object")
    String INDEX_SORT_KEY_TYPE = "CamelDynaStoreIndexSortKeyType";

    @Metadata(label = "producer", description = "In. Overrides the option fetch.", javaType = "Boolean")
    String FETCH = "CamelDynaStoreFetch";

    @Metadata(label = "producer", description = "In. Overrides the option stream.", javaType = "Boolean")
    String STREAM = "CamelDynaStoreStream";

    @Metadata(
            label = "producer",
            description = "In. The owner of the lock, readable by others. By it, unlock and renew find a lock of "
                    + "another exchange of this component. If it is not set, each exchange is an owner of its own.",
            javaType = "String")
    String LOCK_OWNER = "CamelDynaStoreLockOwner";

    @Metadata(
            label = "producer",
            description = "Out: the token of the acquired lock, or of the claim of a consumed item, larger than that of"
                    + " every earlier holder; unlock removes it. In: a write of any kind is rejected if a newer"
                    + " token has written before.",
            javaType = "Long")
    String FENCING_TOKEN = "CamelDynaStoreFencingToken";

    @Metadata(
            label = "producer",
            description = "Out. The end of the lease as others see it, after lock and renew.",
            javaType = "java.time.Instant")
    String LOCK_EXPIRES = "CamelDynaStoreLockExpires";

    @Metadata(
            label = "producer",
            description =
                    "In: data that lock stores with the lock, readable by others; lock removes the header. Out, if the "
                            + "request has none: the data of an earlier holder. The next lock does not store them.",
            javaType = "Object")
    String LOCK_DATA = "CamelDynaStoreLockData";

    @Metadata(
            label = "producer",
            description = "In. Overrides the option lockTtl. A java.time.Duration, or text with a unit such as 20s or "
                    + "PT20S.",
            javaType = "Object")
    String LOCK_TTL = "CamelDynaStoreLockTtl";

    @Metadata(
            label = "producer",
            description = "In. Overrides the option acquireTimeout. A java.time.Duration, or text with a unit such as "
                    + "20s or PT20S.",
            javaType = "Object")
    String ACQUIRE_TIMEOUT = "CamelDynaStoreAcquireTimeout";

    @Metadata(label = "producer", description = "In. Overrides the option heartbeat.", javaType = "Boolean")
    String HEARTBEAT = "CamelDynaStoreHeartbeat";

    @Metadata(label = "producer", description = "In. Overrides the option unlockOnCompletion.", javaType = "Boolean")
    String UNLOCK_ON_COMPLETION = "CamelDynaStoreUnlockOnCompletion";

    @Metadata(
            label = "producer",
            description =
                    "In. Overrides the option clockSkew. A java.time.Duration, or text with a unit such as 20s or "
                            + "PT20S.",
            javaType = "Object")
    String CLOCK_SKEW = "CamelDynaStoreClockSkew";

    @Metadata(
            label = "producer",
            description = "In. Overrides the option takeover.",
            javaType = "io.dynastore.lease.Takeover",
            enums = "clock,observe,both")
    String TAKEOVER = "CamelDynaStoreTakeover";

    @Metadata(label = "producer", description = "In. Overrides the option leaseAny.", javaType = "Boolean")
    String LEASE_ANY = "CamelDynaStoreLeaseAny";

    @Metadata(
            label = "producer",
            description = "Out. The version of the item that was read, or that the write produced. Never an input.",
            javaType = "Long")
    String VERSION = "CamelDynaStoreVersion";

    @Metadata(
            label = "producer",
            description = "Out. The versions that the writes of a transaction produced, in their order. An entry is "
                    + "null for a delete or a check. It is also null if the version is unknown, as the write "
                    + "expected none.",
            javaType = "java.util.List<Long>")
    String VERSIONS = "CamelDynaStoreVersions";

    @Metadata(
            label = "producer",
            description = "Out. When the item that was read expires, or the expiry that the write set; absent if there "
                    + "is none.",
            javaType = "java.time.Instant")
    String EXPIRES = "CamelDynaStoreExpires";

    @Metadata(
            label = "producer",
            description = "Out. The extra fields of the item that was read, or with returnIncrements the new values "
                    + "of what was added to, by the keys of CamelDynaStoreIncrements.",
            javaType = "java.util.Map")
    String ITEM_FIELDS = "CamelDynaStoreItemFields";

    @Metadata(label = "producer", description = "Out. Whether get or exists found a live item.", javaType = "Boolean")
    String FOUND = "CamelDynaStoreFound";

    @Metadata(
            label = "producer",
            description = "Out. The number of items on the page that list returned; absent with stream.",
            javaType = "Integer")
    String COUNT = "CamelDynaStoreCount";

    @Metadata(
            label = "producer",
            description = "Out. The capacity units that all requests of the operation consumed together; with stream, "
                    + "those of the first page.",
            javaType = "Double")
    String CONSUMED_CAPACITY = "CamelDynaStoreConsumedCapacity";

    @Metadata(
            label = "consumer",
            description = "Out. How many deliveries the claimed item has had, with this one: 1 at the first.",
            javaType = "Long")
    String DELIVERY_COUNT = "CamelDynaStoreDeliveryCount";

    @Metadata(
            label = "consumer",
            description = "In. Read when the exchange of a claimed item fails: how long the item waits this time, in "
                    + "place of retryDelay. A java.time.Duration, or text with a unit such as 20m or PT20M.",
            javaType = "Object")
    String RETRY_DELAY = "CamelDynaStoreRetryDelay";

    @Metadata(
            label = "consumer",
            description = "In. Read when the exchange of a claimed item ends: if true, the item is dead at once, "
                    + "whether or not the exchange failed: see deadPartition.",
            javaType = "Boolean")
    String REJECT = "CamelDynaStoreReject";
}
