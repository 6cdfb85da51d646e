/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel;

/** Where a consumer's poll begins in each partition. */
public enum ResumeMode {
    /** At the start of the partition. */
    NONE,
    /** After the last item that was processed since the route started. */
    MEMORY,
    /** After the last item that was ever processed: the position is kept in a table. */
    TABLE
}
