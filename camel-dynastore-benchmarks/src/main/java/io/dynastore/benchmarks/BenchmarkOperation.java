/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.benchmarks;

import java.util.Locale;

/** The operations that each subject implements. */
enum BenchmarkOperation {
    /** Writes a new item if there is none with its key. */
    CREATE,
    /** Replaces the payload of an item at an expected version. */
    UPDATE,
    /** Reads an item. */
    GET,
    /** Reads a page of 100 items. */
    PAGE;

    String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
