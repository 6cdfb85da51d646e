/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel;

import io.dynastore.store.TableSchema;
import java.util.concurrent.Executor;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;

/**
 * How the component reaches a table, for what is no endpoint: repositories and cluster services.
 *
 * @param client belongs to the component or the application, and is not to be closed
 * @param schema the table's layout
 * @param threads where code of the application may run
 */
public record TableConnection(DynamoDbAsyncClient client, TableSchema schema, Executor threads) {}
