/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.client;

import io.dynastore.camel.DynaStoreConfiguration;
import io.dynastore.store.InvalidInputException;
import io.dynastore.store.KeyAttribute;
import io.dynastore.store.TableSchema;

/** Reads the table's layout from the options. */
public final class TableSchemas {

    /** The value of the option sortKeyName for a table without a sort key. */
    static final String NO_SORT_KEY = "none";

    private TableSchemas() {}

    /**
     * The layout that these options describe.
     *
     * @throws InvalidInputException if they name no table
     */
    public static TableSchema of(DynaStoreConfiguration options) {
        String table = options.getTableName();
        if (table == null) {
            throw new InvalidInputException("Name the table: dynastore:tableName");
        }
        KeyAttribute sortKey = options.getSortKeyName().equals(NO_SORT_KEY)
                ? null
                : new KeyAttribute(options.getSortKeyName(), options.getSortKeyType());
        return new TableSchema(
                table,
                new KeyAttribute(options.getPartitionKeyName(), options.getPartitionKeyType()),
                sortKey,
                options.getVersionName(),
                options.getExpiresName(),
                options.getPayloadName(),
                options.getPayloadMode().flat());
    }
}
