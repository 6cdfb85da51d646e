/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What became of the writes of a bulk call. Those that succeeded are counted, those that failed are listed too: so it
 * does not grow with the number of writes. Immutable.
 *
 * @param taken the number of entries that were taken; each is among the written or the failed ones
 * @param written the number of writes that were applied; with mustExist=false also deletes that found nothing
 * @param failures the writes that failed, in the order of the entries
 * @param complete whether all entries were taken. If not, the ones behind were neither read nor written
 */
public record BulkOutcomes(long taken, long written, List<Failure> failures, boolean complete) {

    public BulkOutcomes {
        failures = List.copyOf(failures);
    }

    /** The number of writes that failed. */
    public int failed() {
        return failures.size();
    }

    /**
     * A write that failed.
     *
     * @param index the place of its entry, counted from 0
     * @param key its key; null if the entry could not be read
     * @param error as that of the single operation: a {@link DynaStoreException}, or the SDK's own exception
     */
    public record Failure(long index, @Nullable Key key, Throwable error) {

        /** Place, key and kind of error, for logs. */
        @Override
        public String toString() {
            return "Entry " + index + (key == null ? "" : ", key " + key) + ": "
                    + error.getClass().getSimpleName();
        }
    }
}
