/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromN;
import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromS;
import static software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType.S;

import io.dynastore.store.Call;
import io.dynastore.store.DynaStore;
import io.dynastore.store.Key;
import io.dynastore.store.Outcome;
import io.dynastore.store.TableSchema;
import io.dynastore.store.VersionConflictException;
import io.dynastore.store.WriteCall;
import io.dynastore.test.DynamoDbExtension;
import io.dynastore.test.TableSpec;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** The Go library's writes go over items of ours, and keep attributes of ours that it knows nothing of. */
class AlternatingWritersTest {

    @RegisterExtension
    static final DynamoDbExtension dynamo = DynamoDbExtension.create();

    private static final Map<String, AttributeValue> KEY = Map.of("id", fromS("a"), "name", fromS("1"));

    private static final Key OURS = Key.of("a", "1");

    private static String table = "";

    @BeforeAll
    static void makeTable() {
        table = dynamo.table("alternating", TableSpec.partitionKey("id", S).sortKey("name", S));
    }

    @Test
    void bothGoOnFromEachOthersVersion() {
        DynaStore store =
                DynaStore.builder(dynamo.client(), TableSchema.named(table)).build();

        assertThat(write(store, Call.create(OURS, "ours 1"))).isEqualTo(1);
        updateAsTheGoLibraryDoes("theirs 2", 1);
        assertThat(write(store, Call.update(OURS, "ours 3").expectedVersion(2L)))
                .isEqualTo(3);
        updateAsTheGoLibraryDoes("theirs 4", 3);
        assertThatThrownBy(() -> write(store, Call.update(OURS, "stale").expectedVersion(3L)))
                .isInstanceOfSatisfying(VersionConflictException.class, conflict -> assertThat(conflict.actual())
                        .isEqualTo(4));
        assertThat(write(store, Call.put(OURS, "ours 5"))).isEqualTo(5);
        updateAsTheGoLibraryDoes("theirs 6", 5);

        Outcome.Read read = Replayed.execute(store, Call.get(OURS));
        assertThat(Objects.requireNonNull(read.item()))
                .extracting("version", "payload", "fields")
                .containsExactly(6L, "theirs 6", Map.of());
    }

    private static long write(DynaStore store, WriteCall.Builder call) {
        Outcome.Written written = Replayed.execute(store, call);
        return Objects.requireNonNull(written.version());
    }

    /** The expressions are those of the recorded step {@code update-version-ok}. */
    private static void updateAsTheGoLibraryDoes(String payload, long version) {
        dynamo.client()
                .updateItem(update -> update.tableName(table)
                        .key(KEY)
                        .updateExpression("ADD version :one SET payload = :payload")
                        .conditionExpression(
                                "(attribute_exists(id)) AND (attribute_exists(#name)) AND (version = :version)")
                        .expressionAttributeNames(Map.of("#name", "name"))
                        .expressionAttributeValues(Map.of(
                                ":one", fromN("1"),
                                ":payload", fromS(payload),
                                ":version", fromN(Long.toString(version)))))
                .join();
    }
}
