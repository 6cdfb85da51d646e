/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.lease;

import io.dynastore.store.DynaStoreException;
import io.dynastore.store.Failures;
import io.dynastore.store.Key;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;

/** Lists the locks of a partition. One page is in memory at a time. */
final class LockList {

    private final LockClient client;
    private final LockQuery query;

    LockList(LockClient client, Object partition) {
        this.client = client;
        this.query = new LockQuery(client.schema(), partition);
    }

    CompletableFuture<LockPage> page(@Nullable Key from) {
        Map<String, AttributeValue> start =
                from == null ? Map.of() : client.schema().encode(from);
        return client.query(query.whole(start)).thenApply(this::page);
    }

    Stream<LockInfo> stream() {
        return Stream.iterate(
                        awaited(null), Objects::nonNull, page -> page.next() == null ? null : awaited(page.next()))
                .flatMap(page -> page.locks().stream());
    }

    private LockPage awaited(@Nullable Key from) {
        try {
            return page(from).join();
        } catch (CompletionException e) {
            throw Failures.cause(e) instanceof RuntimeException plain ? plain : e;
        }
    }

    private LockPage page(QueryResponse response) {
        Instant now = client.clock().now().wall();
        List<LockInfo> locks = new ArrayList<>();
        response.items().forEach(attributes -> locks.add(info(attributes, now)));
        return new LockPage(
                locks,
                response.lastEvaluatedKey().isEmpty() ? null : client.schema().decodeKey(response.lastEvaluatedKey()));
    }

    private LockInfo info(Map<String, AttributeValue> attributes, Instant now) {
        Key key = client.schema().decodeKey(attributes);
        if (key == null) {
            throw new DynaStoreException("Table " + client.tableName()
                    + ": a lock's key is not of the declared type. Correct the names and types of the key.");
        }
        LockItem item = LockItem.of(client.schema(), attributes);
        boolean held = item.held() && !item.end().isBefore(now);
        return new LockInfo(
                key,
                held ? LockInfo.State.HELD : LockInfo.State.FREE,
                item.owner(),
                item.fence(),
                item.held() ? item.end() : null,
                client.data(key, item.data()));
    }
}
