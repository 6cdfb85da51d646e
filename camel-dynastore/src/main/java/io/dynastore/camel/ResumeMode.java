/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel;

/** Where a consumer's poll begins in each partition. */
public enum ResumeMode {
    /** At the start. */
    NONE,
    /** Behind the last item that was processed since the route has started. */
    MEMORY,
    /** Behind the last item that was ever processed; kept in a table. */
    TABLE
}
