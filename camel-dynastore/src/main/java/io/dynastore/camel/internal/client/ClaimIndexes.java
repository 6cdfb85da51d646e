/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.client;

import io.dynastore.camel.DynaStoreConfiguration;
import io.dynastore.store.ClaimIndex;
import io.dynastore.store.InvalidInputException;
import org.jspecify.annotations.Nullable;

/** Reads the index of a work queue from the options. */
public final class ClaimIndexes {

    private ClaimIndexes() {}

    /**
     * The index that these options describe; null if they name none.
     *
     * @throws InvalidInputException naming the table, the option and the remedy
     */
    public static @Nullable ClaimIndex of(DynaStoreConfiguration options) {
        if (options.getClaimIndex() == null) {
            return null;
        }
        try {
            if (options.getSortKeyName().equals(TableSchemas.NO_SORT_KEY)) {
                throw new InvalidInputException(
                        "The option claimIndex needs a table with a sort key, since otherwise each partition has one"
                                + " item: leave it out.");
            }
            return new ClaimIndex(options.getClaimIndex(), options.getClaimShards());
        } catch (InvalidInputException e) {
            throw e.at("Table " + options.getTableName());
        }
    }
}
