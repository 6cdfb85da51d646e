/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store.internal.page;

import io.dynastore.store.Item;
import io.dynastore.store.Key;
import io.dynastore.store.KeyAttribute;
import io.dynastore.store.KeyType;
import io.dynastore.store.ListCall;
import io.dynastore.store.ListOptions;
import io.dynastore.store.LockAttributes;
import io.dynastore.store.Outcome;
import io.dynastore.store.PayloadFormat;
import io.dynastore.store.Segment;
import io.dynastore.store.TableSchema;
import io.dynastore.store.internal.item.BatchReader;
import io.dynastore.store.internal.item.Capacity;
import io.dynastore.store.internal.item.EncodedItem;
import io.dynastore.store.internal.item.Expressions;
import io.dynastore.store.internal.item.StoredItem;
import io.dynastore.store.internal.item.TableContext;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;
import software.amazon.awssdk.services.dynamodb.model.ReturnConsumedCapacity;
import software.amazon.awssdk.services.dynamodb.model.ScanRequest;
import software.amazon.awssdk.services.dynamodb.model.ScanResponse;

/**
 * Goes through a list by one query at a time, and stands behind the last item that it returned.
 *
 * <ol>
 *   <li>The service filters expired items. It counts what it has looked at, not what it returns: what a query brings may be
 *       less than was asked for, or nothing.
 *   <li>With a limit, a query looks at more than the one before if that one met expired items, so that a run of them is soon
 *       behind. Live items beyond the limit are cut.
 *   <li>A stream bounds what a query looks at, since small rows become large in memory: a row is a map of objects, and one
 *       that is only a reference stands for an item of up to 400 KB.
 * </ol>
 *
 * <p>One stage of a future at a time works on it; only {@link #stop} may come from anywhere.
 */
public final class ListCursor {

    private static final int MOST_LOOKED_AT = 1000;
    private static final int MOST_DOUBLINGS = 16;

    /**
     * What one query brought.
     *
     * @param stored the live ones, in the order of the list; may be empty
     * @param rows what tells where each of them stands
     * @param capacity consumed by all requests that were needed
     */
    public record Part(List<StoredItem> stored, List<Map<String, AttributeValue>> rows, double capacity) {

        /** The items in Java types, each of them converted when it is taken. */
        public Iterator<Item> items(PayloadFormat format) {
            Iterator<StoredItem> left = stored.iterator();
            return new Iterator<>() {
                @Override
                public boolean hasNext() {
                    return left.hasNext();
                }

                @Override
                public Item next() {
                    return left.next().item(format);
                }
            };
        }
    }

    /** What a query or a scan was answered with. */
    private record Answer(
            List<Map<String, AttributeValue>> rows,
            Map<String, AttributeValue> lastKey,
            @Nullable Integer lookedAt,
            double capacity) {

        static Answer of(QueryResponse response) {
            return new Answer(
                    response.items(),
                    response.lastEvaluatedKey(),
                    response.scannedCount(),
                    Capacity.of(response.consumedCapacity()));
        }

        static Answer of(ScanResponse response) {
            return new Answer(
                    response.items(),
                    response.lastEvaluatedKey(),
                    response.scannedCount(),
                    Capacity.of(response.consumedCapacity()));
        }
    }

    private final TableContext table;
    private final BatchReader batch;
    private final ListCall call;
    private final ListOptions options;
    private final boolean stream;
    private final ListQuery query;
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
        this.position = options.nextToken() == null ? Map.of() : PageToken.read(query, options.nextToken());
    }

    /** Whether nothing is behind the last item: the limit is reached, or the service has no more. */
    public boolean atEnd() {
        return atEnd || Integer.valueOf(taken).equals(options.limit());
    }

    /** Asks for what is behind the last item; null if the service has no more. */
    public @Nullable String token() {
        return atEnd ? null : PageToken.write(query, position);
    }

    /** Where the items of a part stand. */
    public List<Map<String, AttributeValue>> positions(Part part) {
        List<KeyAttribute> attributes = query.positionAttributes();
        return part.rows().stream().map(row -> query.position(row, attributes)).toList();
    }

    /** Tells where items stand, of which these are the positions. */
    public Outcome.Page.Places places(List<Map<String, AttributeValue>> positions) {
        return index -> query.sortKeyUndeclared() ? null : PageToken.write(query, positions.get(index));
    }

    /** Goes on by one query. */
    public CompletableFuture<Part> next() {
        return response().thenCompose(response -> rows(response).thenApply(live -> take(live, response)));
    }

    private CompletableFuture<Answer> response() {
        return query.segment() == null
                ? table.client().query(request()).thenApply(Answer::of)
                : table.client().scan(scan(query.segment())).thenApply(Answer::of);
    }

    /** Nobody wants the rest: no request follows one that is under way. Thread safe. */
    void stop() {
        stopped = true;
    }

    /** Names what is listed, for messages. */
    @Override
    public String toString() {
        return "Table " + table.name() + (options.index() == null ? "" : ", index " + options.index())
                + (call.segment() == null ? ", partition " + Key.shown(call.partitionKey()) : ", " + call.segment());
    }

    private CompletableFuture<QueryPage> rows(Answer response) {
        if (stopped) {
            return CompletableFuture.failedFuture(new CancellationException());
        }
        return fetching()
                ? QueryPage.fetched(table, batch, options, response.rows(), () -> stopped)
                : CompletableFuture.completedFuture(QueryPage.whole(table, options, response.rows()));
    }

    private boolean fetching() {
        return options.fetch() && query.index() != null;
    }

    private Part take(QueryPage live, Answer response) {
        int found = live.items().size();
        int wanted = Math.min(room(), found);
        position = wanted < found
                ? query.position(live.rows().get(wanted - 1), query.positionAttributes())
                : response.lastKey();
        atEnd = position.isEmpty();
        taken += wanted;
        if (response.lookedAt() != null && response.lookedAt() > found) {
            doublings = Math.min(MOST_DOUBLINGS, doublings + 1);
        }
        return new Part(
                live.items().subList(0, wanted), live.rows().subList(0, wanted), response.capacity() + live.capacity());
    }

    private int room() {
        return options.limit() == null ? Integer.MAX_VALUE : options.limit() - taken;
    }

    private QueryRequest request() {
        Map<String, String> names = query.names();
        Map<String, AttributeValue> values = query.values();
        String filter = filter(names, values);
        return QueryRequest.builder()
                .tableName(table.name())
                .indexName(options.index())
                .keyConditionExpression(query.keyCondition())
                .filterExpression(filter)
                .expressionAttributeNames(names)
                .expressionAttributeValues(values)
                .scanIndexForward(!options.reverse())
                .consistentRead(options.consistentRead())
                .limit(lookAt())
                .exclusiveStartKey(position.isEmpty() ? null : position)
                .returnConsumedCapacity(ReturnConsumedCapacity.TOTAL)
                .build();
    }

    private ScanRequest scan(Segment segment) {
        Map<String, String> names = new HashMap<>();
        Map<String, AttributeValue> values = new HashMap<>();
        String filter = filter(names, values);
        return ScanRequest.builder()
                .tableName(table.name())
                .indexName(options.index())
                .segment(segment.number())
                .totalSegments(segment.of())
                .filterExpression(filter)
                .expressionAttributeNames(names.isEmpty() ? null : names)
                .expressionAttributeValues(values.isEmpty() ? null : values)
                .consistentRead(options.consistentRead())
                .limit(lookAt())
                .exclusiveStartKey(position.isEmpty() ? null : position)
                .returnConsumedCapacity(ReturnConsumedCapacity.TOTAL)
                .build();
    }

    private @Nullable String filter(Map<String, String> names, Map<String, AttributeValue> values) {
        return Stream.of(live(names, values), foreign(names, values))
                .filter(Objects::nonNull)
                .reduce(Expressions::and)
                .orElse(null);
    }

    /** Leaves out of the whole table what the component keeps for itself, and locks; who names a partition means all of it. */
    private @Nullable String foreign(Map<String, String> names, Map<String, AttributeValue> values) {
        KeyAttribute partitionKey = table.schema().partitionKey();
        if (query.segment() == null) {
            return null;
        }
        String ordinary = query.index() == null ? Expressions.NO_LOCK : null;
        if (ordinary != null) {
            names.put(Expressions.LOCK, LockAttributes.LOCK);
        }
        if (partitionKey.type() != KeyType.STRING) {
            return ordinary;
        }
        names.put(Expressions.PARTITION_KEY, partitionKey.name());
        values.put(Expressions.OWN_PARTITIONS, AttributeValue.fromS(TableSchema.OWN_PARTITIONS));
        return ordinary == null ? Expressions.NOT_OWN : Expressions.and(Expressions.NOT_OWN, ordinary);
    }

    /** Rows that are only references are filtered when the items are there. */
    private @Nullable String live(Map<String, String> names, Map<String, AttributeValue> values) {
        if (fetching()) {
            return null;
        }
        String projected = query.index() == null ? null : projected(names);
        if (options.includeExpired() || query.isKey(table.schema().expires())) {
            return projected;
        }
        names.put(Expressions.EXPIRES, table.schema().expires());
        values.put(Expressions.NOW, EncodedItem.seconds(table.clock().instant()));
        return projected == null ? Expressions.LIVE : Expressions.and(Expressions.LIVE, projected);
    }

    /** What an index is keyed by it projects, and the service takes no key in a filter. */
    private @Nullable String projected(Map<String, String> names) {
        TableSchema schema = table.schema();
        Map<String, String> asked = new LinkedHashMap<>();
        asked.put(Expressions.PAYLOAD, schema.payload());
        asked.put(Expressions.VERSION, schema.version());
        asked.put(Expressions.EXPIRES, schema.expires());
        asked.values().removeIf(query::isKey);
        names.putAll(asked);
        return Expressions.projected(asked.keySet());
    }

    private @Nullable Integer lookAt() {
        if (options.limit() == null) {
            return stream ? bound() : null;
        }
        long growing = (long) options.limit() << doublings;
        // What is cut ends with a position of our own making, which would lack a sort key that was not declared.
        int wanted = doublings == 0 || query.sortKeyUndeclared()
                ? room()
                : (int) Math.max(room(), Math.min(MOST_LOOKED_AT, growing));
        // References stand for items of up to 400 KB: a query of many of them would bring more than memory may hold.
        return stream || fetching() ? (Integer) Math.min(bound(), wanted) : (Integer) wanted;
    }

    private int bound() {
        return fetching() ? BatchReader.CHUNK : MOST_LOOKED_AT;
    }
}
