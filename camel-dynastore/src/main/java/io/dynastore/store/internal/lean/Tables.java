/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store.internal.lean;

import java.util.stream.Stream;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbRequest;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsRequest;

/** The tables of requests. */
final class Tables {

    private static final String ARN = "arn:";

    private Tables() {}

    /** Whether a table is named by its ARN. The endpoint of such a request may depend on the ARN. */
    static boolean byArn(DynamoDbRequest request) {
        if (request instanceof BatchGetItemRequest batch) {
            return batch.requestItems().keySet().stream().anyMatch(table -> table.startsWith(ARN));
        }
        if (request instanceof TransactWriteItemsRequest transaction) {
            return transaction.transactItems().stream().flatMap(Tables::of).anyMatch(table -> table.startsWith(ARN));
        }
        return request.getValueForField("TableName", String.class).orElse("").startsWith(ARN);
    }

    private static Stream<String> of(TransactWriteItem write) {
        return Stream.of(
                        write.put() == null ? null : write.put().tableName(),
                        write.update() == null ? null : write.update().tableName(),
                        write.delete() == null ? null : write.delete().tableName(),
                        write.conditionCheck() == null
                                ? null
                                : write.conditionCheck().tableName())
                .filter(table -> table != null);
    }
}
