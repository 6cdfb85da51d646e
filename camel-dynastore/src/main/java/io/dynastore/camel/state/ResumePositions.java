/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.state;

import io.dynastore.store.DynaStoreException;
import io.dynastore.store.Failures;
import io.dynastore.store.Key;
import io.dynastore.store.VersionConflictException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.apache.camel.resume.Deserializable;
import org.apache.camel.resume.Offset;
import org.apache.camel.resume.OffsetKey;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.GetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;

/** The positions of a started resume strategy. Thread safe. */
final class ResumePositions {

    private static final Logger LOG = LoggerFactory.getLogger(DynaStoreResumeStrategy.class);

    private final ResumePlaces places;
    private final ResumeWrites writes;
    private final TableRequests requests;
    private final Clock clock;
    private final Map<String, Versions> versions = new ConcurrentHashMap<>();

    /**
     * The versions of a position without a number.
     *
     * @param loaded the version that was loaded
     * @param written the version that was last sent
     */
    private record Versions(long loaded, long written) {

        Versions next() {
            return new Versions(loaded, written + 1);
        }
    }

    ResumePositions(ResumePlaces places, ResumeWrites writes, TableRequests requests, Clock clock) {
        this.places = places;
        this.writes = writes;
        this.requests = requests;
        this.clock = clock;
    }

    /** This, with what another has loaded and written. */
    ResumePositions knowing(ResumePositions other) {
        versions.putAll(other.versions);
        return this;
    }

    /** Waits for a write. */
    <T> T await(CompletableFuture<T> write) {
        return requests.await(write);
    }

    /** Reads all positions, page by page, and gives them to the adapter. Returns their number. */
    long load(Deserializable adapter) {
        long loaded = 0;
        Map<String, AttributeValue> from = Map.of();
        do {
            QueryResponse page = requests.await(requests.client()
                    .query(writes.page(places.partition(), from)
                            .overrideConfiguration(requests.limits())
                            .build()));
            loaded += page.items().stream()
                    .filter(this::isLive)
                    .peek(item -> load(adapter, item))
                    .count();
            from = page.hasLastEvaluatedKey() ? page.lastEvaluatedKey() : Map.of();
        } while (!from.isEmpty());
        return loaded;
    }

    private boolean isLive(Map<String, AttributeValue> item) {
        return writes.isLive(item, clock.instant());
    }

    private void load(Deserializable adapter, Map<String, AttributeValue> item) {
        String sortKey = writes.sortKey(item);
        long version = writes.version(item);
        if (version > 0) {
            versions.put(sortKey, new Versions(version, version));
        }
        try {
            adapter.deserialize(ByteBuffer.wrap(ResumeWrites.key(item)), ByteBuffer.wrap(writes.offset(item)));
        } catch (RuntimeException e) {
            throw new DynaStoreException(
                    "Table " + requests.schema().table() + ", key " + Key.of(places.partition(), sortKey)
                            + ": the position can't be read by "
                            + adapter.getClass().getName()
                            + ". Use a strategy of its own for each kind of consumer, or delete the item.",
                    e);
        }
    }

    /**
     * Writes a position, unless a later one is stored.
     *
     * @return fails with {@link VersionConflictException} if another instance has written it since it was loaded
     */
    CompletableFuture<Void> write(OffsetKey<?> key, Offset<?> offset) {
        Key place = places.place(key, offset);
        byte[] keyBytes = ResumePlaces.bytes(key, key.getValue());
        byte[] offsetBytes = ResumePlaces.bytes(offset, offset.getValue());
        Instant now = clock.instant();
        BigDecimal number = ResumePlaces.number(offset);
        if (number != null) {
            return send(writes.number(place, keyBytes, offsetBytes, number, now), refused -> overtaken(place));
        }
        if (ResumePlaces.isEntry(offset)) {
            return send(writes.entry(place, keyBytes, offsetBytes, now), refused -> overtaken(place));
        }
        Versions next = versions.compute(
                String.valueOf(place.sortKey()), (text, last) -> last == null ? new Versions(0, 1) : last.next());
        return send(
                writes.versioned(place, keyBytes, offsetBytes, next.loaded(), next.written(), now),
                refused -> refused(place, next, refused));
    }

    private CompletableFuture<Void> send(
            UpdateItemRequest.Builder write,
            Function<ConditionalCheckFailedException, CompletableFuture<Void>> whenRefused) {
        UpdateItemRequest request =
                write.overrideConfiguration(requests.limits()).build();
        try {
            CompletableFuture<CompletableFuture<Void>> outcome = requests.client()
                    .updateItem(request)
                    .handle((written, error) -> {
                        if (error == null) {
                            return CompletableFuture.<Void>completedFuture(null);
                        }
                        Throwable cause = Failures.cause(error);
                        return cause instanceof ConditionalCheckFailedException refused
                                ? whenRefused.apply(refused)
                                : CompletableFuture.<Void>failedFuture(cause);
                    });
            return outcome.thenCompose(either -> either);
        } catch (RuntimeException e) {
            // A closed client throws, instead of failing the future.
            return CompletableFuture.failedFuture(e);
        }
    }

    private CompletableFuture<Void> overtaken(Key place) {
        LOG.debug(
                "Table {}, key {}: a later position is stored already",
                requests.schema().table(),
                place);
        return CompletableFuture.completedFuture(null);
    }

    private CompletableFuture<Void> refused(Key place, Versions sent, ConditionalCheckFailedException refused) {
        return old(place, refused).thenCompose(item -> {
            if (writes.isMine(item)) {
                return overtaken(place);
            }
            return CompletableFuture.failedFuture(new VersionConflictException(
                    requests.schema().table(), place, sent.loaded(), writes.version(item)));
        });
    }

    /** An engine that does not return the item is asked for it. */
    private CompletableFuture<Map<String, AttributeValue>> old(Key place, ConditionalCheckFailedException refused) {
        if (refused.hasItem() && !refused.item().isEmpty()) {
            return CompletableFuture.completedFuture(refused.item());
        }
        return requests.client()
                .getItem(GetItemRequest.builder()
                        .tableName(requests.schema().table())
                        .key(requests.schema().encode(place))
                        .consistentRead(true)
                        .overrideConfiguration(requests.limits())
                        .build())
                .thenApply(response -> response.item());
    }
}
