/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.message;

import io.dynastore.camel.DynaStoreConfiguration;
import io.dynastore.camel.DynaStoreConstants;
import io.dynastore.camel.DynaStoreOperation;
import io.dynastore.camel.internal.client.TableLocation;
import io.dynastore.camel.internal.exchange.ExchangeState;
import io.dynastore.camel.internal.exchange.ListQueryKey;
import io.dynastore.store.Call;
import io.dynastore.store.IndexSchema;
import io.dynastore.store.KeyAttribute;
import io.dynastore.store.ListCall;
import io.dynastore.store.ListOptions;
import io.dynastore.store.TableSchema;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;

/** Makes the calls of exchanges that list, and of consumers. Thread safe. */
final class ListCallReader {

    private final CamelContext context;
    private final TableSchema schema;
    private final TableLocation location;
    private final KeyReader keys;
    private final CallTemplate<ListRead> list;

    /**
     * Headers that must not say otherwise: a partition that the URI names is one of the attribute that the URI means.
     */
    private final Set<String> fixed;

    /**
     * Reads what the URI says.
     *
     * @throws io.dynastore.store.InvalidInputException naming the option, if it can't be meant so
     */
    ListCallReader(
            CamelContext context,
            DynaStoreConfiguration options,
            TableSchema schema,
            TableLocation location,
            KeyReader keys) {
        this.context = context;
        this.schema = schema;
        this.location = location;
        this.keys = keys;
        this.list = new CallTemplate<>(CallOptions.LIST, new ListRead(), ListRead::copy, options);
        this.fixed = options.getPartitionKey() == null
                ? Set.of()
                : Set.of(DynaStoreConstants.INDEX_PARTITION_KEY_NAME, DynaStoreConstants.INDEX_PARTITION_KEY_TYPE);
        ListOptions fromUri = list.copy().list.build().options();
        fromUri.fields().check(schema);
        boolean partition = options.getOperation() == DynaStoreOperation.LIST || options.getPartitionKeys() != null;
        IndexSchema index = IndexSchema.of(schema, fromUri);
        fromUri.filter().check(schema, name -> partition && isKey(index, name));
    }

    /** The list that an exchange asks for, as a page or as a stream. */
    Call<?> list(Exchange exchange) {
        ListRead read = list.copy(context, exchange.getMessage(), fixed);
        ListOptions asked = read.list.build().options();
        IndexSchema index = IndexSchema.of(schema, asked);
        ListCall.Builder call = read.list.partitionKey(
                index == null
                        ? keys.partition(exchange.getMessage(), schema.partitionKey())
                        : keys.partition(exchange.getMessage(), index.partitionKeys()));
        bounded(call, asked, index);
        String token = asked.nextToken();
        if (token != null
                && ExchangeState.of(exchange).leftOvers().isToken(token, ListQueryKey.of(location, call.build()))) {
            call.nextToken(null);
        }
        return read.build();
    }

    /** The list that a consumer reads, without partition and token. */
    ListCall.Builder consumed() {
        ListCall.Builder call = list.copy().list;
        ListOptions asked = call.build().options();
        return bounded(call, asked, IndexSchema.of(schema, asked));
    }

    /** Whether an attribute is a key of what is listed: the table, or the index. */
    private boolean isKey(@Nullable IndexSchema index, String name) {
        Stream<@Nullable KeyAttribute> keys = index == null
                ? Stream.of(schema.partitionKey(), schema.sortKey())
                : Stream.concat(index.partitionKeys().stream(), index.sortKeys().stream());
        return keys.anyMatch(key -> key != null && key.name().equals(name));
    }

    private ListCall.Builder bounded(ListCall.Builder call, ListOptions asked, @Nullable IndexSchema index) {
        KeyAttribute own = schema.sortKey();
        List<KeyAttribute> sortKeys = index != null ? index.sortKeys() : own == null ? List.of() : List.of(own);
        return call.sortKeyPrefix(KeyValues.prefix(asked.sortKeyPrefix(), sortKeys))
                .sortKeyFrom(KeyValues.bound(asked.sortKeyFrom(), sortKeys, "sortKeyFrom"))
                .sortKeyTo(KeyValues.bound(asked.sortKeyTo(), sortKeys, "sortKeyTo"));
    }
}
