/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.lease;

import static io.dynastore.lease.LockFixture.got;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dynastore.store.InvalidInputException;
import io.dynastore.store.Key;
import io.dynastore.store.KeyAttribute;
import io.dynastore.store.KeyType;
import io.dynastore.store.LockNotAcquiredException;
import io.dynastore.store.TableSchema;
import io.dynastore.test.DynamoDbExtension;
import io.dynastore.test.TableSpec;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;

/** Locks on tables with keys of every type, with and without sort key, and with other names. */
class LockKeysTest {

    @RegisterExtension
    static final DynamoDbExtension dynamo = DynamoDbExtension.create();

    static Stream<Arguments> tables() {
        byte[] bytes = {0, 1, -1};
        return Stream.of(
                Arguments.of(KeyType.STRING, null, Key.of("a"), Key.of(1)),
                Arguments.of(KeyType.NUMBER, null, Key.of(42), Key.of("a")),
                Arguments.of(KeyType.BINARY, null, Key.of(bytes), Key.of("a")),
                Arguments.of(KeyType.STRING, KeyType.NUMBER, Key.of("a", 7), Key.of("a", "b")),
                Arguments.of(KeyType.NUMBER, KeyType.BINARY, Key.of(42, bytes), Key.of(42)),
                Arguments.of(KeyType.BINARY, KeyType.STRING, Key.of(bytes, "a"), Key.of(bytes, "")));
    }

    @ParameterizedTest
    @MethodSource("tables")
    void lockIsHeldFoundListedAndReleased(KeyType partition, @Nullable KeyType sort, Key key, Key wrong) {
        TableSchema schema = schema(partition, sort);
        Locks locks = Locks.builder(dynamo.client(), schema).build();
        Lease lease = got(locks.acquire(LockRequest.of(key).data("x").build()));

        assertThatThrownBy(() -> got(locks.acquire(LockRequest.of(key).build())))
                .isInstanceOf(LockNotAcquiredException.class);
        assertThatThrownBy(() -> got(locks.acquire(LockRequest.of(wrong).build())))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContainingAll(schema.table(), wrong.toString());
        assertThat(locks.find(key)).containsSame(lease);
        assertThat(locks.list(key.partitionKey())).singleElement().satisfies(info -> {
            assertThat(info.key()).isEqualTo(key);
            assertThat(info.token()).isEqualTo(lease.token());
            assertThat(info.data()).isEqualTo("x");
        });
        got(lease.release());
        Lease any =
                got(locks.acquireAny(LockRequest.of(Key.of(key.partitionKey())).build()));
        assertThat(any.key()).isEqualTo(key);
        got(any.release());
    }

    private static TableSchema schema(KeyType partition, @Nullable KeyType sort) {
        TableSpec keys = TableSpec.partitionKey("pk", scalar(partition));
        String table = dynamo.table("locks", sort == null ? keys : keys.sortKey("sk", scalar(sort)));
        return new TableSchema(
                table,
                new KeyAttribute("pk", partition),
                sort == null ? null : new KeyAttribute("sk", sort),
                "v",
                "x",
                "p");
    }

    private static ScalarAttributeType scalar(KeyType type) {
        return switch (type) {
            case STRING -> ScalarAttributeType.S;
            case NUMBER -> ScalarAttributeType.N;
            case BINARY -> ScalarAttributeType.B;
        };
    }
}
