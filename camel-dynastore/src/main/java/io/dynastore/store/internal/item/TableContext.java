/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store.internal.item;

import io.dynastore.store.Pause;
import io.dynastore.store.TableSchema;
import io.dynastore.store.codec.PayloadCodec;
import java.time.Clock;
import java.util.random.RandomGenerator;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;

/**
 * What each operation on a table needs.
 *
 * <p>Decision 7 in docs/decisions has the reasons.
 *
 * @param client sends the requests; the caller closes it
 * @param schema the table's layout
 * @param codec encodes and decodes payloads and fields
 * @param clock decides whether items have expired
 * @param random draws pauses and write ids
 * @param pause waits without a thread
 */
public record TableContext(
        DynamoDbAsyncClient client,
        TableSchema schema,
        PayloadCodec codec,
        Clock clock,
        RandomGenerator random,
        Pause pause) {

    /** The table's name, for messages and requests. */
    public String name() {
        return schema.table();
    }
}
