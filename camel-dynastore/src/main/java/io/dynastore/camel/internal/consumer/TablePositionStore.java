/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.consumer;

import io.dynastore.store.Call;
import io.dynastore.store.DynaStore;
import io.dynastore.store.DynaStoreException;
import io.dynastore.store.Failures;
import io.dynastore.store.GetCall;
import io.dynastore.store.InvalidTokenException;
import io.dynastore.store.Key;
import io.dynastore.store.KeyExistsException;
import io.dynastore.store.KeyNotFoundException;
import io.dynastore.store.TableSchema;
import io.dynastore.store.VersionConflictException;
import io.dynastore.store.WriteCall;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Positions that outlive the process: one item per partition, in the consumed table or in a state table.
 *
 * <pre>
 * | partition key            | sort key      | version | payload                      |
 * |--------------------------|---------------|---------|------------------------------|
 * | _ds/position/&lt;resumeId&gt; | &lt;partition&gt;   | N       | S: the token of the position |
 * </pre>
 *
 * <p>A table without sort key has the partition key {@code _ds/position/<resumeId>/<partition>}. There, a slash of the
 * resumeId is stored as {@code %2F} and a percent sign as {@code %25}, so that two positions never share an item. A
 * partition name over 512 bytes is stored as {@code sha256/<hash>}.
 *
 * <ol>
 *   <li>A position is loaded once and known from then on, because one consumer alone moves it.
 *   <li>Each save expects the version that was known last. So a late consumer, for example one that seemed to have
 *       crashed, can't move the position back: its condition fails, and the next poll loads the position again.
 *   <li>If a save fails otherwise, its outcome is unknown, and the next poll loads the position again.
 *   <li>If the loaded item holds the version from before that save, the position is saved once more.
 *   <li>If the loaded item holds the token of that save, the save had succeeded.
 *   <li>In all other cases the loaded position counts.
 * </ol>
 */
final class TablePositionStore implements PositionStore {

    private static final String PREFIX = TableSchema.OWN_PARTITIONS + "position/";
    private static final int LONGEST_NAME = 512;

    /**
     * A position as this consumer knows it.
     *
     * @param token the position of the consumer; null at the start of the partition
     * @param version the version of the stored item; null if there is none
     * @param stored whether the item is known to hold this token
     */
    private record Known(@Nullable String token, @Nullable Long version, boolean stored) {}

    private final DynaStore store;
    private final String resumeId;
    private final Map<Partition, Known> positions = new ConcurrentHashMap<>();

    TablePositionStore(DynaStore store, String resumeId) {
        this.store = store;
        this.resumeId = resumeId;
    }

    @Override
    public CompletableFuture<@Nullable String> load(Partition partition) {
        Known known = positions.get(partition);
        return known != null && known.stored
                ? CompletableFuture.completedFuture(known.token)
                : read(partition).thenCompose(loaded -> {
                    Known current = reconcile(known, loaded);
                    positions.put(partition, current);
                    return current.token == null || current.token.equals(loaded.token)
                            ? CompletableFuture.completedFuture(current.token)
                            : save(partition, current.token).thenApply(saved -> current.token);
                });
    }

    @Override
    public CompletableFuture<Void> save(Partition partition, @Nullable String token) {
        Known known = positions.getOrDefault(partition, new Known(null, null, true));
        WriteCall.Builder call = known.version == null
                ? Call.create(key(partition), token)
                : Call.update(key(partition), token).expectedVersion(known.version);
        return store.execute(call.build()).handle((written, error) -> {
            if (error == null) {
                positions.put(partition, new Known(token, written.version(), true));
                return null;
            }
            throw saveFailed(partition, token, known, error);
        });
    }

    @Override
    public void completed(Partition partition) {}

    @Override
    public void retain(Collection<Partition> listed) {
        positions.keySet().retainAll(listed);
    }

    @Override
    public Map<Partition, String> known() {
        Map<Partition, String> tokens = new HashMap<>();
        positions.forEach((partition, known) -> {
            if (known.token != null) {
                tokens.put(partition, known.token);
            }
        });
        return tokens;
    }

    @Override
    public RuntimeException invalid(Partition partition, InvalidTokenException error) {
        return new DynaStoreException(
                "Table " + store.schema().table() + ", key " + key(partition) + ": the position of " + partition
                        + " was saved by a consumer that reads another table, index or range. Set another resumeId,"
                        + " or delete this item to begin at the start.",
                error);
    }

    private CompletionException saveFailed(Partition partition, @Nullable String token, Known known, Throwable error) {
        Throwable cause = Failures.cause(error);
        boolean moved = cause instanceof VersionConflictException
                || cause instanceof KeyExistsException
                || cause instanceof KeyNotFoundException;
        if (!moved) {
            positions.put(partition, new Known(token, known.version, false));
            return new CompletionException(cause);
        }
        positions.remove(partition);
        return new CompletionException(new DynaStoreException(
                "Table " + store.schema().table() + ", key " + key(partition) + ": the position of " + partition
                        + " was moved or removed by another process. The next poll loads it again. If another consumer"
                        + " uses the resumeId " + Key.shown(resumeId) + ", give each its own.",
                cause));
    }

    private static Known reconcile(@Nullable Known known, Known loaded) {
        if (known == null || known.token == null) {
            return loaded;
        }
        boolean own = known.token.equals(loaded.token) || Objects.equals(known.version, loaded.version);
        return own ? new Known(known.token, loaded.version, true) : loaded;
    }

    private CompletableFuture<Known> read(Partition partition) {
        GetCall get = Call.get(key(partition))
                .consistentRead(true)
                .failIfMissing(false)
                .build();
        return store.execute(get)
                .thenApply(read -> read.item() == null
                        ? new Known(null, null, true)
                        : new Known(token(read.item().payload()), read.item().version(), true));
    }

    private static @Nullable String token(@Nullable Object payload) {
        return payload == null ? null : payload.toString();
    }

    private Key key(Partition partition) {
        String name = shortened(partition.name());
        return store.schema().sortKey() == null
                ? Key.of(PREFIX + resumeId.replace("%", "%25").replace("/", "%2F") + "/" + name)
                : Key.of(PREFIX + resumeId, name);
    }

    /** A partition key may be longer than the longest sort key. */
    private static String shortened(String name) {
        byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
        if (bytes.length <= LONGEST_NAME) {
            return name;
        }
        try {
            return "sha256/"
                    + HexFormat.of()
                            .formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }
}
