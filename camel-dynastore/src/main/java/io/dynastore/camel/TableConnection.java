/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel;

import io.dynastore.store.TableSchema;
import java.util.concurrent.Executor;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;

/**
 * A table as the component reaches it, for repositories and cluster services, which have no endpoint.
 *
 * @param client the client of the component or the application; the caller must not close it
 * @param schema the table's layout
 * @param threads runs code of the application
 */
public record TableConnection(DynamoDbAsyncClient client, TableSchema schema, Executor threads) {}
