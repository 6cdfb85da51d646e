/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store.internal.page;

import io.dynastore.store.IndexSchema;
import io.dynastore.store.KeyAttribute;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * A digest of a query and a position in it. Each part is preceded by its length, so that parts can't be confused.
 *
 * <p>Decision 4 in docs/decisions has the reasons.
 */
final class QueryDigest {

    private final MessageDigest digest;

    private QueryDigest() {
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }

    static byte[] of(ListQuery query, byte[] position) {
        QueryDigest parts = new QueryDigest();
        parts.add(query.schema().table());
        parts.add(query.index() == null ? "" : query.index().name());
        List<AttributeValue> partition = query.partition();
        parts.add(query.partitionKeys().get(0));
        parts.add(query.sortKeys().isEmpty() ? null : query.sortKeys().get(0));
        Stream.of(
                        partition == null ? null : partition.get(0),
                        query.range().prefix(),
                        query.range().from(),
                        query.range().to())
                .forEach(parts::add);
        if (query.segment() != null) {
            parts.add(query.segment().toString());
        }
        if (query.index() != null && query.index().hasSeveralAttributes()) {
            parts.addAll(query, query.index());
        }
        parts.add(position);
        return parts.digest.digest();
    }

    /** The attributes behind the first of each key, and their values. Tokens of other lists don't change by them. */
    private void addAll(ListQuery query, IndexSchema index) {
        Stream.of(index.partitionKeys(), index.sortKeys()).forEach(keys -> {
            add(Integer.toString(keys.size()));
            keys.forEach(this::add);
        });
        List<AttributeValue> partition = query.partition();
        Stream.of(
                        partition == null ? List.<AttributeValue>of() : partition,
                        query.range().leading())
                .forEach(values -> {
                    add(Integer.toString(values.size()));
                    values.forEach(this::add);
                });
    }

    private void add(@Nullable KeyAttribute attribute) {
        add(attribute == null ? "" : attribute.name());
        add(attribute == null ? "" : attribute.type().name());
    }

    private void add(@Nullable AttributeValue value) {
        add(value == null ? "" : value.type().name());
        if (value != null) {
            add(value.b() != null ? value.b().asByteArrayUnsafe() : text(value).getBytes(StandardCharsets.UTF_8));
        }
    }

    private static String text(AttributeValue value) {
        return value.n() != null ? value.n() : value.s();
    }

    private void add(String part) {
        add(part.getBytes(StandardCharsets.UTF_8));
    }

    private void add(byte[] part) {
        digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(part.length).flip());
        digest.update(part);
    }
}
