/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.message;

import static io.dynastore.store.Operation.BATCH_GET;
import static io.dynastore.store.Operation.CREATE;
import static io.dynastore.store.Operation.DELETE;
import static io.dynastore.store.Operation.EXISTS;
import static io.dynastore.store.Operation.GET;
import static io.dynastore.store.Operation.LIST;
import static io.dynastore.store.Operation.PUT;
import static io.dynastore.store.Operation.TRANSACT;
import static io.dynastore.store.Operation.UPDATE;

import io.dynastore.camel.DynaStoreConfiguration;
import io.dynastore.camel.DynaStoreConstants;
import io.dynastore.store.Call;
import io.dynastore.store.KeyType;
import io.dynastore.store.Operation;
import io.dynastore.store.PayloadFormat;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The table of options that a call takes from the URI or, in their place, from a header.
 *
 * <p>Options that only the URI or only a header gives, and those that need the key or the body to be understood, are read by
 * {@link CallReader} and {@link KeyReader}.
 */
public final class CallOptions {

    /** Every option of this kind. */
    public static final List<OptionBinding<Call.Builder, ?>> ALL = List.of(
            row(
                    DynaStoreConstants.TTL,
                    "ttl",
                    Object.class,
                    DynaStoreConfiguration::getTtl,
                    (call, ttl) -> call.expiry(TtlParser.parse(ttl)),
                    CREATE,
                    PUT,
                    UPDATE,
                    TRANSACT),
            row(
                    DynaStoreConstants.MUST_EXIST,
                    "mustExist",
                    Boolean.class,
                    DynaStoreConfiguration::isMustExist,
                    Call.Builder::mustExist,
                    DELETE),
            row(
                    DynaStoreConstants.FAIL_IF_MISSING,
                    "failIfMissing",
                    Boolean.class,
                    DynaStoreConfiguration::isFailIfMissing,
                    Call.Builder::failIfMissing,
                    GET),
            row(
                    DynaStoreConstants.RETURN_VERSION,
                    "returnVersion",
                    Boolean.class,
                    DynaStoreConfiguration::isReturnVersion,
                    Call.Builder::returnVersion,
                    PUT,
                    UPDATE),
            row(
                    DynaStoreConstants.EXACTLY_ONCE,
                    "exactlyOnce",
                    Boolean.class,
                    DynaStoreConfiguration::isExactlyOnce,
                    Call.Builder::exactlyOnce,
                    CREATE,
                    PUT,
                    UPDATE,
                    DELETE),
            row(
                    DynaStoreConstants.PAYLOAD_FORMAT,
                    "payloadFormat",
                    PayloadFormat.class,
                    DynaStoreConfiguration::getPayloadFormat,
                    Call.Builder::payloadFormat,
                    CREATE,
                    PUT,
                    UPDATE,
                    GET,
                    LIST,
                    BATCH_GET,
                    TRANSACT),
            row(
                    DynaStoreConstants.CONSISTENT_READ,
                    "consistentRead",
                    Boolean.class,
                    DynaStoreConfiguration::isConsistentRead,
                    Call.Builder::consistentRead,
                    GET,
                    EXISTS,
                    LIST,
                    BATCH_GET),
            row(
                    DynaStoreConstants.INCLUDE_EXPIRED,
                    "includeExpired",
                    Boolean.class,
                    DynaStoreConfiguration::isIncludeExpired,
                    Call.Builder::includeExpired,
                    GET,
                    EXISTS,
                    LIST,
                    BATCH_GET),
            row(
                    DynaStoreConstants.SORT_KEY_PREFIX,
                    "sortKeyPrefix",
                    String.class,
                    DynaStoreConfiguration::getSortKeyPrefix,
                    Call.Builder::sortKeyPrefix,
                    LIST),
            row(
                    DynaStoreConstants.SORT_KEY_FROM,
                    "sortKeyFrom",
                    Object.class,
                    DynaStoreConfiguration::getSortKeyFrom,
                    Call.Builder::sortKeyFrom,
                    LIST),
            row(
                    DynaStoreConstants.SORT_KEY_TO,
                    "sortKeyTo",
                    Object.class,
                    DynaStoreConfiguration::getSortKeyTo,
                    Call.Builder::sortKeyTo,
                    LIST),
            row(
                    DynaStoreConstants.REVERSE,
                    "reverse",
                    Boolean.class,
                    DynaStoreConfiguration::isReverse,
                    Call.Builder::reverse,
                    LIST),
            row(
                    DynaStoreConstants.LIMIT,
                    "limit",
                    Integer.class,
                    DynaStoreConfiguration::getLimit,
                    Call.Builder::limit,
                    LIST),
            row(
                    DynaStoreConstants.NEXT_TOKEN,
                    "nextToken",
                    String.class,
                    DynaStoreConfiguration::getNextToken,
                    Call.Builder::nextToken,
                    LIST),
            row(
                    DynaStoreConstants.INDEX,
                    "index",
                    String.class,
                    DynaStoreConfiguration::getIndex,
                    Call.Builder::index,
                    LIST),
            row(
                    DynaStoreConstants.INDEX_PARTITION_KEY_NAME,
                    "indexPartitionKeyName",
                    String.class,
                    DynaStoreConfiguration::getIndexPartitionKeyName,
                    Call.Builder::indexPartitionKeyName,
                    LIST),
            row(
                    DynaStoreConstants.INDEX_PARTITION_KEY_TYPE,
                    "indexPartitionKeyType",
                    KeyType.class,
                    DynaStoreConfiguration::getIndexPartitionKeyType,
                    Call.Builder::indexPartitionKeyType,
                    LIST),
            row(
                    DynaStoreConstants.INDEX_SORT_KEY_NAME,
                    "indexSortKeyName",
                    String.class,
                    DynaStoreConfiguration::getIndexSortKeyName,
                    Call.Builder::indexSortKeyName,
                    LIST),
            row(
                    DynaStoreConstants.INDEX_SORT_KEY_TYPE,
                    "indexSortKeyType",
                    KeyType.class,
                    DynaStoreConfiguration::getIndexSortKeyType,
                    Call.Builder::indexSortKeyType,
                    LIST),
            row(
                    DynaStoreConstants.FETCH,
                    "fetch",
                    Boolean.class,
                    DynaStoreConfiguration::isFetch,
                    Call.Builder::fetch,
                    LIST),
            row(
                    DynaStoreConstants.STREAM,
                    "stream",
                    Boolean.class,
                    DynaStoreConfiguration::isStream,
                    Call.Builder::stream,
                    LIST));

    private static final Map<Operation, List<OptionBinding<Call.Builder, ?>>> BY_OPERATION =
            new EnumMap<>(Operation.class);

    static {
        for (Operation operation : Operation.values()) {
            BY_OPERATION.put(
                    operation,
                    ALL.stream().filter(row -> row.readBy().contains(operation)).toList());
        }
    }

    /** The options that an operation makes use of. */
    static List<OptionBinding<Call.Builder, ?>> of(Operation operation) {
        return BY_OPERATION.getOrDefault(operation, List.of());
    }

    private CallOptions() {}

    private static <T> OptionBinding<Call.Builder, T> row(
            String header,
            String option,
            Class<T> type,
            Function<DynaStoreConfiguration, @Nullable T> uri,
            BiConsumer<Call.Builder, T> into,
            Operation... readBy) {
        return new OptionBinding<>(header, option, type, uri, into, EnumSet.copyOf(Arrays.asList(readBy)));
    }
}
