/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.message;

import io.dynastore.camel.DynaStoreConfiguration;
import io.dynastore.camel.DynaStoreConstants;
import io.dynastore.store.BatchGetCall;
import io.dynastore.store.BulkCall;
import io.dynastore.store.DeleteCall;
import io.dynastore.store.Due;
import io.dynastore.store.ExistsCall;
import io.dynastore.store.Expiry;
import io.dynastore.store.FieldSelection;
import io.dynastore.store.GetCall;
import io.dynastore.store.ListCall;
import io.dynastore.store.Operation;
import io.dynastore.store.PayloadFormat;
import io.dynastore.store.PayloadMode;
import io.dynastore.store.TransactCall;
import io.dynastore.store.WriteCall;
import java.util.Collection;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The table of options that a call takes from the URI or, in their place, from a header: each operation lists the
 * options that it heeds.
 *
 * <p>Options that only the URI or only a header gives, and those that need the key or the body to be understood, are
 * read by {@link CallReader} and {@link KeyReader}.
 *
 * <p>Decision 1 in docs/decisions has the reasons.
 */
public final class CallOptions {

    static final List<OptionBinding<WriteCall.Builder, ?>> CREATE = List.of(
            ttl(WriteCall.Builder::expiry),
            deliverAfter(WriteCall.Builder::due),
            exactlyOnce(WriteCall.Builder::exactlyOnce),
            payloadFormat(WriteCall.Builder::payloadFormat));

    /** Of put and update. */
    static final List<OptionBinding<WriteCall.Builder, ?>> UPDATE = List.of(
            ttl(WriteCall.Builder::expiry),
            deliverAfter(WriteCall.Builder::due),
            row(
                    DynaStoreConstants.RETURN_VERSION,
                    "returnVersion",
                    Boolean.class,
                    DynaStoreConfiguration::isReturnVersion,
                    WriteCall.Builder::returnVersion),
            row(
                    DynaStoreConstants.RETURN_INCREMENTS,
                    "returnIncrements",
                    Boolean.class,
                    DynaStoreConfiguration::isReturnIncrements,
                    WriteCall.Builder::returnIncrements),
            payloadMode(WriteCall.Builder::payloadMode),
            exactlyOnce(WriteCall.Builder::exactlyOnce),
            payloadFormat(WriteCall.Builder::payloadFormat));

    static final List<OptionBinding<DeleteCall.Builder, ?>> DELETE = List.of(
            row(
                    DynaStoreConstants.MUST_EXIST,
                    "mustExist",
                    Boolean.class,
                    DynaStoreConfiguration::isMustExist,
                    DeleteCall.Builder::mustExist),
            exactlyOnce(DeleteCall.Builder::exactlyOnce));

    static final List<OptionBinding<GetCall.Builder, ?>> GET = List.of(
            row(
                    DynaStoreConstants.FAIL_IF_MISSING,
                    "failIfMissing",
                    Boolean.class,
                    DynaStoreConfiguration::isFailIfMissing,
                    GetCall.Builder::failIfMissing),
            payloadFormat(GetCall.Builder::payloadFormat),
            consistentRead(GetCall.Builder::consistentRead),
            includeExpired(GetCall.Builder::includeExpired),
            fields(GetCall.Builder::fields));

    static final List<OptionBinding<ExistsCall.Builder, ?>> EXISTS = List.of(
            consistentRead(ExistsCall.Builder::consistentRead), includeExpired(ExistsCall.Builder::includeExpired));

    static final List<OptionBinding<BatchGetCall.Builder, ?>> BATCH_GET = List.of(
            payloadFormat(BatchGetCall.Builder::payloadFormat),
            consistentRead(BatchGetCall.Builder::consistentRead),
            includeExpired(BatchGetCall.Builder::includeExpired),
            fields(BatchGetCall.Builder::fields));

    static final List<OptionBinding<TransactCall.Builder, ?>> TRANSACT = List.of(
            ttl(TransactCall.Builder::expiry),
            deliverAfter(TransactCall.Builder::due),
            payloadMode(TransactCall.Builder::payloadMode),
            payloadFormat(TransactCall.Builder::payloadFormat));

    static final List<OptionBinding<BulkCall.Builder, ?>> CREATE_ALL = List.of(
            ttl(BulkCall.Builder::expiry),
            deliverAfter(BulkCall.Builder::due),
            exactlyOnce(BulkCall.Builder::exactlyOnce),
            payloadFormat(BulkCall.Builder::payloadFormat),
            concurrentWrites(),
            maxFailures());

    static final List<OptionBinding<BulkCall.Builder, ?>> PUT_ALL = List.of(
            ttl(BulkCall.Builder::expiry),
            deliverAfter(BulkCall.Builder::due),
            exactlyOnce(BulkCall.Builder::exactlyOnce),
            payloadMode(BulkCall.Builder::payloadMode),
            payloadFormat(BulkCall.Builder::payloadFormat),
            concurrentWrites(),
            maxFailures());

    static final List<OptionBinding<BulkCall.Builder, ?>> DELETE_ALL = List.of(
            row(
                    DynaStoreConstants.MUST_EXIST,
                    "mustExist",
                    Boolean.class,
                    DynaStoreConfiguration::isMustExist,
                    BulkCall.Builder::mustExist),
            exactlyOnce(BulkCall.Builder::exactlyOnce),
            payloadFormat(BulkCall.Builder::payloadFormat),
            concurrentWrites(),
            maxFailures());

    static final List<OptionBinding<ListRead, ?>> LIST = List.of(
            payloadFormat((read, format) -> read.list.payloadFormat(format)),
            consistentRead((read, consistent) -> read.list.consistentRead(consistent)),
            includeExpired((read, include) -> read.list.includeExpired(include)),
            fields((read, fields) -> read.list.fields(fields)),
            list(
                    DynaStoreConstants.FILTER,
                    "filter",
                    Object.class,
                    DynaStoreConfiguration::getFilter,
                    (list, filter) -> list.filter(SelectionParser.filter(filter))),
            list(
                    DynaStoreConstants.SORT_KEY_PREFIX,
                    "sortKeyPrefix",
                    Object.class,
                    DynaStoreConfiguration::getSortKeyPrefix,
                    ListCall.Builder::sortKeyPrefix),
            list(
                    DynaStoreConstants.SORT_KEY_FROM,
                    "sortKeyFrom",
                    Object.class,
                    DynaStoreConfiguration::getSortKeyFrom,
                    ListCall.Builder::sortKeyFrom),
            list(
                    DynaStoreConstants.SORT_KEY_TO,
                    "sortKeyTo",
                    Object.class,
                    DynaStoreConfiguration::getSortKeyTo,
                    ListCall.Builder::sortKeyTo),
            list(
                    DynaStoreConstants.REVERSE,
                    "reverse",
                    Boolean.class,
                    DynaStoreConfiguration::isReverse,
                    ListCall.Builder::reverse),
            list(
                    DynaStoreConstants.LIMIT,
                    "limit",
                    Integer.class,
                    DynaStoreConfiguration::getLimit,
                    ListCall.Builder::limit),
            list(
                    DynaStoreConstants.NEXT_TOKEN,
                    "nextToken",
                    String.class,
                    DynaStoreConfiguration::getNextToken,
                    // A web client that has none yet sends an empty one.
                    (list, token) -> list.nextToken(token.isEmpty() ? null : token)),
            list(
                    DynaStoreConstants.INDEX,
                    "index",
                    String.class,
                    DynaStoreConfiguration::getIndex,
                    ListCall.Builder::index),
            list(
                    DynaStoreConstants.INDEX_PARTITION_KEY_NAME,
                    "indexPartitionKeyName",
                    Object.class,
                    DynaStoreConfiguration::getIndexPartitionKeyName,
                    (list, given) -> list.indexPartitionKeyNames(ValueTexts.names("indexPartitionKeyName", given))),
            list(
                    DynaStoreConstants.INDEX_PARTITION_KEY_TYPE,
                    "indexPartitionKeyType",
                    Object.class,
                    DynaStoreConfiguration::getIndexPartitionKeyType,
                    (list, given) -> list.indexPartitionKeyTypes(ValueTexts.types("indexPartitionKeyType", given))),
            list(
                    DynaStoreConstants.INDEX_SORT_KEY_NAME,
                    "indexSortKeyName",
                    Object.class,
                    DynaStoreConfiguration::getIndexSortKeyName,
                    (list, given) -> list.indexSortKeyNames(ValueTexts.names("indexSortKeyName", given))),
            list(
                    DynaStoreConstants.INDEX_SORT_KEY_TYPE,
                    "indexSortKeyType",
                    Object.class,
                    DynaStoreConfiguration::getIndexSortKeyType,
                    (list, given) -> list.indexSortKeyTypes(ValueTexts.types("indexSortKeyType", given))),
            list(
                    DynaStoreConstants.FETCH,
                    "fetch",
                    Boolean.class,
                    DynaStoreConfiguration::isFetch,
                    ListCall.Builder::fetch),
            row(
                    DynaStoreConstants.STREAM,
                    "stream",
                    Boolean.class,
                    DynaStoreConfiguration::isStream,
                    (read, stream) -> read.stream = stream));

    private CallOptions() {}

    /** The options that an operation heeds. */
    public static Collection<? extends OptionBinding<?, ?>> of(Operation operation) {
        return switch (operation) {
            case CREATE -> CREATE;
            case PUT, UPDATE -> UPDATE;
            case DELETE -> DELETE;
            case GET -> GET;
            case EXISTS -> EXISTS;
            case LIST -> LIST;
            case BATCH_GET -> BATCH_GET;
            case TRANSACT -> TRANSACT;
            case PUT_ALL -> PUT_ALL;
            case CREATE_ALL -> CREATE_ALL;
            case DELETE_ALL -> DELETE_ALL;
        };
    }

    private static OptionBinding<BulkCall.Builder, Integer> concurrentWrites() {
        return row(
                DynaStoreConstants.CONCURRENT_WRITES,
                "concurrentWrites",
                Integer.class,
                DynaStoreConfiguration::getConcurrentWrites,
                BulkCall.Builder::concurrentWrites);
    }

    private static OptionBinding<BulkCall.Builder, Integer> maxFailures() {
        return row(
                DynaStoreConstants.MAX_FAILURES,
                "maxFailures",
                Integer.class,
                DynaStoreConfiguration::getMaxFailures,
                BulkCall.Builder::maxFailures);
    }

    private static <B> OptionBinding<B, Object> ttl(BiConsumer<B, Expiry> into) {
        return row(
                DynaStoreConstants.TTL,
                "ttl",
                Object.class,
                DynaStoreConfiguration::getTtl,
                (call, ttl) -> into.accept(call, TtlParser.parse(ttl)));
    }

    private static <B> OptionBinding<B, Object> deliverAfter(BiConsumer<B, Due> into) {
        return row(
                DynaStoreConstants.DELIVER_AFTER,
                "deliverAfter",
                Object.class,
                DynaStoreConfiguration::getDeliverAfter,
                (call, due) -> into.accept(call, DueParser.parse(due)));
    }

    private static <B> OptionBinding<B, Boolean> exactlyOnce(BiConsumer<B, Boolean> into) {
        return row(
                DynaStoreConstants.EXACTLY_ONCE,
                "exactlyOnce",
                Boolean.class,
                DynaStoreConfiguration::isExactlyOnce,
                into);
    }

    private static <B> OptionBinding<B, PayloadMode> payloadMode(BiConsumer<B, PayloadMode> into) {
        return row(
                DynaStoreConstants.PAYLOAD_MODE,
                "payloadMode",
                PayloadMode.class,
                DynaStoreConfiguration::getPayloadMode,
                into);
    }

    private static <B> OptionBinding<B, PayloadFormat> payloadFormat(BiConsumer<B, PayloadFormat> into) {
        return row(
                DynaStoreConstants.PAYLOAD_FORMAT,
                "payloadFormat",
                PayloadFormat.class,
                DynaStoreConfiguration::getPayloadFormat,
                into);
    }

    private static <B> OptionBinding<B, Boolean> consistentRead(BiConsumer<B, Boolean> into) {
        return row(
                DynaStoreConstants.CONSISTENT_READ,
                "consistentRead",
                Boolean.class,
                DynaStoreConfiguration::isConsistentRead,
                into);
    }

    private static <B> OptionBinding<B, Boolean> includeExpired(BiConsumer<B, Boolean> into) {
        return row(
                DynaStoreConstants.INCLUDE_EXPIRED,
                "includeExpired",
                Boolean.class,
                DynaStoreConfiguration::isIncludeExpired,
                into);
    }

    private static <B> OptionBinding<B, Object> fields(BiConsumer<B, FieldSelection> into) {
        return row(
                DynaStoreConstants.FIELDS,
                "fields",
                Object.class,
                DynaStoreConfiguration::getFields,
                (call, fields) -> SelectionParser.fields(fields, selected -> into.accept(call, selected)));
    }

    private static <T> OptionBinding<ListRead, T> list(
            String header,
            String option,
            Class<T> type,
            Function<DynaStoreConfiguration, @Nullable T> uri,
            BiConsumer<ListCall.Builder, T> into) {
        return row(header, option, type, uri, (read, value) -> into.accept(read.list, value));
    }

    private static <B, T> OptionBinding<B, T> row(
            String header,
            String option,
            Class<T> type,
            Function<DynaStoreConfiguration, @Nullable T> uri,
            BiConsumer<B, T> into) {
        return new OptionBinding<>(header, option, type, uri, into);
    }
}
