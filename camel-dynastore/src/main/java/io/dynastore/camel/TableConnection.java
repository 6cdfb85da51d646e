/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel;

import io.dynastore.store.TableSchema;
import java.util.concurrent.Executor;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;

/**
 * The component's connection to a table, for repositories and cluster services, which have no endpoint.
 *
 * <p>Decision 14 in docs/decisions has the reasons.
 *
 * @param client the client; it belongs to the component or the application, so don't close it
 * @param schema the table's layout
 * @param threads runs code of the application, which may block
 */
public record TableConnection(DynamoDbAsyncClient client, TableSchema schema, Executor threads) {}
