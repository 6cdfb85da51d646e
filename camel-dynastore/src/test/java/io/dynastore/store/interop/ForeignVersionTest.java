/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromS;
import static software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType.S;

import io.dynastore.store.Call;
import io.dynastore.store.ConditionalCall;
import io.dynastore.store.DynaStore;
import io.dynastore.store.DynaStoreException;
import io.dynastore.store.Key;
import io.dynastore.store.Operation;
import io.dynastore.store.TableSchema;
import io.dynastore.store.WriteCall;
import io.dynastore.test.DynamoDbExtension;
import io.dynastore.test.TableSpec;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** An item that somebody else wrote, with a version that is no number. */
class ForeignVersionTest {

    @RegisterExtension
    static final DynamoDbExtension dynamo = DynamoDbExtension.create();

    @ParameterizedTest
    @CsvSource({"UPDATE,", "PUT,", "UPDATE,1", "PUT,1", "DELETE,1"})
    void writeThatNeedsVersionSaysWhichItemHasNone(Operation operation, @Nullable Long expectedVersion) {
        String table = dynamo.table("foreign", TableSpec.partitionKey("id", S).sortKey("name", S));
        DynaStore store =
                DynaStore.builder(dynamo.client(), TableSchema.named(table)).build();
        Map<String, AttributeValue> item =
                Map.of("id", fromS("a"), "name", fromS("1"), "version", fromS("first"), "payload", fromS("secret"));
        dynamo.rawPut(table, item);

        Key key = Key.of("a", "1");
        ConditionalCall.Builder<?> call = operation == Operation.DELETE
                ? Call.delete(key)
                : WriteCall.builder(WriteCall.Kind.valueOf(operation.name()))
                        .key(key)
                        .value("new");

        assertThatThrownBy(() -> store.execute(
                                call.expectedVersion(expectedVersion).build())
                        .join())
                .cause()
                .isInstanceOf(DynaStoreException.class)
                .hasMessageContainingAll(table, "[a, 1]", "'version'", "versionName")
                .hasMessageNotContaining("secret");
        assertThat(dynamo.rawScan(table)).containsExactly(item);
    }
}
