/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.benchmarks;

import java.util.Locale;

/** What every subject does, in its own way. */
enum Step {
    /** Writes a new item, if there is none of its key. */
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
