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
 * Positions that are kept in a table: one item for each partition, {@code _ds/position/<resumeId>}.
 *
 * <ol>
 *   <li>A position is read once, and from then on known: nobody else is meant to move it.
 *   <li>Each save expects the version that was last known. So whoever comes late, a consumer that was thought dead for example,
 *       can't move a position back: its save is refused, and it reads the position again at its next poll.
 *   <li>After a save whose outcome is unknown, or which failed otherwise, the position is read again before the next poll. If it
 *       is as it was, it is saved once more; if it is as this consumer left it, all is well; else the stored one counts.
 * </ol>
 */
final class TablePositionStore implements PositionStore {

    private static final String PREFIX = TableSchema.OWN_PARTITIONS + "position/";
    private static final int LONGEST_NAME = 512;

    /**
     * What is known of a position.
     *
     * @param token where the consumer is
     * @param version of the item that keeps it; null if there is none
     * @param sure whether the item is known to hold this token
     */
    private record Known(@Nullable String token, @Nullable Long version, boolean sure) {}

    private final DynaStore store;
    private final String resumeId;
    private final Map<Partition, Known> positions = new ConcurrentHashMap<>();

    TablePositionStore(DynaStore store, String resumeId) {
        this.store = store;
        this.resumeId = resumeId;
    }

    @Override
    public CompletableFuture<@Nullable String> behind(Partition partition) {
        Known known = positions.get(partition);
        return known != null && known.sure
                ? CompletableFuture.completedFuture(known.token)
                : stored(partition).thenCompose(stored -> {
                    Known agreed = agreed(known, stored);
                    positions.put(partition, agreed);
                    return agreed.token == null || agreed.token.equals(stored.token)
                            ? CompletableFuture.completedFuture(agreed.token)
                            : passed(partition, agreed.token).thenApply(saved -> agreed.token);
                });
    }

    @Override
    public CompletableFuture<Void> passed(Partition partition, @Nullable String token) {
        Known known = positions.getOrDefault(partition, new Known(null, null, true));
        WriteCall.Builder call = known.version == null
                ? Call.create(key(partition), token)
                : Call.update(key(partition), token).expectedVersion(known.version);
        return store.execute(call.build()).handle((written, error) -> {
            if (error == null) {
                positions.put(partition, new Known(token, written.version(), true));
                return null;
            }
            throw failed(partition, token, known, error);
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
    public RuntimeException unfit(Partition partition, InvalidTokenException error) {
        return new DynaStoreException(
                "Table " + store.schema().table() + ", key " + key(partition) + ": the position of " + partition
                        + " was saved by a consumer that reads another table, index or range. Set another resumeId, or delete that"
                        + " item to begin at the start.",
                error);
    }

    private CompletionException failed(Partition partition, @Nullable String token, Known known, Throwable error) {
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
                        + " was moved or removed by somebody else, and is read again at the next poll. If another consumer uses the"
                        + " resumeId " + Key.shown(resumeId) + ", give each its own.",
                cause));
    }

    private static Known agreed(@Nullable Known known, Known stored) {
        if (known == null || known.token == null) {
            return stored;
        }
        boolean mine = known.token.equals(stored.token) || Objects.equals(known.version, stored.version);
        return mine ? new Known(known.token, stored.version, true) : stored;
    }

    private CompletableFuture<Known> stored(Partition partition) {
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
                ? Key.of(PREFIX + resumeId + "/" + name)
                : Key.of(PREFIX + resumeId, name);
    }

    /** A partition key may be longer than a sort key. */
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
