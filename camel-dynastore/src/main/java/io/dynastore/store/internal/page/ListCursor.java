/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store.internal.page;

import io.dynastore.store.Item;
import io.dynastore.store.Key;
import io.dynastore.store.KeyAttribute;
import io.dynastore.store.ListCall;
import io.dynastore.store.ListOptions;
import io.dynastore.store.Outcome;
import io.dynastore.store.Segment;
import io.dynastore.store.TableSchema;
import io.dynastore.store.internal.item.BatchReader;
import io.dynastore.store.internal.item.FieldCondition;
import io.dynastore.store.internal.item.PageItems;
import io.dynastore.store.internal.item.ParsedItem;
import io.dynastore.store.internal.item.Projection;
import io.dynastore.store.internal.item.StoredItem;
import io.dynastore.store.internal.item.TableContext;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.AwsRequestOverrideConfiguration;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.ReturnConsumedCapacity;
import software.amazon.awssdk.services.dynamodb.model.ScanRequest;
import software.amazon.awssdk.services.dynamodb.model.Select;

/**
 * Reads a list by one query at a time. Its position is after the last item that it returned.
 *
 * <ol>
 *   <li>The service filters expired items. Its limit counts what it examines, not what it returns. So a query may
 *       return fewer items than its limit, or none.
 *   <li>With a limit, a query examines more than the one before if that one found expired items. So a long run of
 *       them takes few requests. Live items beyond the limit are cut.
 *   <li>A stream bounds what a query examines, since small entries are large in memory: an entry is a map of objects,
 *       and one that is only a reference stands for an item of up to 400 KB.
 * </ol>
 *
 * <p>Used by one stage of a future at a time. Only {@link #stop} is thread safe.
 *
 * <p>Decision 10 in docs/decisions has the reasons.
 */
public final class ListCursor {

    private static final int MOST_EXAMINED = 1000;
    private static final int MOST_DOUBLINGS = 16;

    /**
     * The items of one query.
     *
     * @param stored the live items, in the order of the list; may be empty
     * @param entries the entry of the table or index that has the position of each item
     * @param capacity the capacity units consumed by all its requests
     */
    public record Part(List<StoredItem> stored, List<Map<String, AttributeValue>> entries, double capacity) {

        /** The items in Java types. Each is converted when the iterator returns it. */
        public Iterator<Item> items(ListOptions options) {
            Iterator<StoredItem> left = stored.iterator();
            return new Iterator<>() {
                @Override
                public boolean hasNext() {
                    return left.hasNext();
                }

                @Override
                public Item next() {
                    return left.next().item(options.payloadFormat(), options.fields());
                }
            };
        }
    }

    private final TableContext table;
    private final BatchReader batch;
    private final ListCall call;
    private final ListOptions options;
    private final boolean stream;
    private final ListQuery query;
    private final ListFilter filter;
    private final List<FieldCondition> conditions;
    private final @Nullable Projection projection;
    private Map<String, AttributeValue> position;
    private boolean atEnd;
    private int taken;
    private int doublings;
    private volatile boolean stopped;

    /**
     * A cursor before the first item.
     *
     * @param stream whether all pages are read, which bounds what one query brings
     */
    public ListCursor(TableContext table, BatchReader batch, ListCall call, boolean stream) {
        this.table = table;
        this.batch = batch;
        this.call = call;
        this.options = call.options();
        this.stream = stream;
        this.query = ListQuery.of(table.schema(), call);
        boolean fetching = fetching(options, query);
        this.conditions = FieldCondition.of(table, options.filter());
        this.filter =
                new ListFilter(table, query, fetching, options.includeExpired(), fetching ? List.of() : conditions);
        this.projection = projection(table.schema(), options, query, fetching);
        this.position = options.nextToken() == null ? Map.of() : PageToken.read(query, options.nextToken());
    }

    /** Whether the list has no more items: the limit is reached, or the service has no more. */
    public boolean atEnd() {
        return atEnd || Integer.valueOf(taken).equals(options.limit());
    }

    /** The page token that continues after the last item; null if the service has no more. */
    public @Nullable String token() {
        return atEnd ? null : PageToken.write(query, position);
    }

    /** The positions of a part's items in the list, for {@link #places}. */
    public List<Map<String, AttributeValue>> positions(Part part) {
        List<KeyAttribute> attributes = query.positionAttributes();
        ParsedItem.Part keys =
                new ParsedItem.Part(attributes.stream().map(KeyAttribute::name).toList());
        List<Map<String, AttributeValue>> positions =
                new ArrayList<>(part.entries().size());
        for (Map<String, AttributeValue> entry : part.entries()) {
            positions.add(entry instanceof ParsedItem item ? keys.of(item) : query.position(entry, attributes));
        }
        return positions;
    }

    /** The page tokens for these positions, made on demand. */
    public Outcome.Page.Places places(List<Map<String, AttributeValue>> positions) {
        return index -> query.sortKeyUndeclared()
                ? null
                : PageToken.write(query, query.position(positions.get(index), query.positionAttributes()));
    }

    /** Sends the next query. */
    public CompletableFuture<Part> next() {
        return response().thenCompose(response -> page(response).thenApply(live -> take(live, response)));
    }

    private CompletableFuture<QueryResult> response() {
        PageItems items = PageItems.of(table.client());
        AwsRequestOverrideConfiguration settings = PageItems.settings(items);
        return query.segment() == null
                ? table.client()
                        .query(request().overrideConfiguration(settings).build())
                        .thenApply(response -> QueryResult.of(response, items))
                : table.client()
                        .scan(scan(query.segment())
                                .overrideConfiguration(settings)
                                .build())
                        .thenApply(response -> QueryResult.of(response, items));
    }

    /** Stops reading: no request follows the one in flight. Thread safe. */
    void stop() {
        stopped = true;
    }

    /** Names what is listed, for messages. */
    @Override
    public String toString() {
        return "Table " + table.name() + (options.index() == null ? "" : ", index " + options.index())
                + (call.segment() == null ? ", partition " + Key.shown(call.partitionKey()) : ", " + call.segment());
    }

    private CompletableFuture<QueryPage> page(QueryResult response) {
        if (stopped) {
            return CompletableFuture.failedFuture(new CancellationException());
        }
        return filter.fetching()
                ? QueryPage.fetched(table, batch, options, conditions, response.entries(), () -> stopped)
                : CompletableFuture.completedFuture(QueryPage.whole(table, options, response.entries()));
    }

    /** Besides the items, the list reads the attributes of its positions. If it fetches, it reads these alone. */
    private static @Nullable Projection projection(
            TableSchema schema, ListOptions options, ListQuery query, boolean fetching) {
        if (options.fields().all()) {
            return null;
        }
        Set<String> keys = Stream.of(
                        Stream.of(schema.partitionKey(), schema.sortKey()).filter(Objects::nonNull),
                        query.partitionKeys().stream(),
                        query.sortKeys().stream())
                .flatMap(each -> each)
                .map(KeyAttribute::name)
                .collect(Collectors.toCollection(LinkedHashSet::new));
        return fetching ? Projection.of(keys) : Projection.of(schema, options.fields(), keys);
    }

    /** Adds the names of the projection, and returns its expression; null if there is none. */
    private @Nullable String projected(Map<String, String> names) {
        if (projection == null) {
            return null;
        }
        names.putAll(projection.names());
        return projection.expression();
    }

    private static boolean fetching(ListOptions options, ListQuery query) {
        return options.fetch() && query.index() != null;
    }

    private Part take(QueryPage live, QueryResult response) {
        int found = live.items().size();
        int wanted = Math.min(room(), found);
        if (!stream) {
            query.rejectUndeclared(response.lastKey());
        }
        position = wanted < found
                ? query.position(live.entries().get(wanted - 1), query.positionAttributes())
                : response.lastKey();
        atEnd = position.isEmpty();
        taken += wanted;
        if (response.examined() != null && response.examined() > found) {
            doublings = Math.min(MOST_DOUBLINGS, doublings + 1);
        }
        return new Part(
                live.items().subList(0, wanted),
                live.entries().subList(0, wanted),
                response.capacity() + live.capacity());
    }

    private int room() {
        return options.limit() == null ? Integer.MAX_VALUE : options.limit() - taken;
    }

    private QueryRequest.Builder request() {
        Map<String, String> names = query.names();
        Map<String, AttributeValue> values = query.values();
        String text = filter.text(names, values);
        String projected = projected(names);
        return QueryRequest.builder()
                .tableName(table.name())
                .indexName(options.index())
                .select(select())
                .keyConditionExpression(query.keyCondition())
                .filterExpression(text)
                .projectionExpression(projected)
                .expressionAttributeNames(names)
                .expressionAttributeValues(values)
                .scanIndexForward(!options.reverse())
                .consistentRead(options.consistentRead())
                .limit(examine())
                .exclusiveStartKey(position.isEmpty() ? null : position)
                .returnConsumedCapacity(ReturnConsumedCapacity.TOTAL);
    }

    private ScanRequest.Builder scan(Segment segment) {
        Map<String, String> names = new HashMap<>();
        Map<String, AttributeValue> values = new HashMap<>();
        String text = filter.text(names, values);
        String projected = projected(names);
        return ScanRequest.builder()
                .tableName(table.name())
                .indexName(options.index())
                .select(select())
                .segment(segment.number())
                .totalSegments(segment.of())
                .filterExpression(text)
                .projectionExpression(projected)
                .expressionAttributeNames(names.isEmpty() ? null : names)
                .expressionAttributeValues(values.isEmpty() ? null : values)
                .consistentRead(options.consistentRead())
                .limit(examine())
                .exclusiveStartKey(position.isEmpty() ? null : position)
                .returnConsumedCapacity(ReturnConsumedCapacity.TOTAL);
    }

    /** The service refuses an index that lacks attributes of flat items. Else they would be missing unnoticed. */
    private @Nullable Select select() {
        boolean whole = table.schema().flat() && query.index() != null && !filter.fetching() && projection == null;
        return whole ? Select.ALL_ATTRIBUTES : null;
    }

    private @Nullable Integer examine() {
        if (options.limit() == null) {
            return stream ? bound() : null;
        }
        long growing = (long) options.limit() << doublings;
        // A cut page needs a position made from its last item, which would lack a sort key that was not declared.
        int wanted = doublings == 0 || query.sortKeyUndeclared()
                ? room()
                : (int) Math.max(room(), Math.min(MOST_EXAMINED, growing));
        // Each reference stands for an item of up to 400 KB: many of them could exceed the memory.
        return stream || filter.fetching() ? (Integer) Math.min(bound(), wanted) : (Integer) wanted;
    }

    private int bound() {
        return filter.fetching() ? BatchReader.CHUNK : MOST_EXAMINED;
    }
}
