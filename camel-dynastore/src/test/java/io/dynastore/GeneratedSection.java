/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A part of a document that a test writes.
 *
 * @param document its file
 * @param start the line before it
 * @param end the line after it
 */
record GeneratedSection(Path document, String start, String end) {

    /** Compares it, or writes it if {@code dynastore.docs.write} is set. */
    void is(String expected) throws IOException {
        String text = Files.readString(document);
        assertThat(text).contains(start, end);
        int from = text.indexOf(start) + start.length();
        int to = text.indexOf(end, from);
        if (Boolean.getBoolean("dynastore.docs.write")) {
            Files.writeString(document, text.substring(0, from) + expected + text.substring(to));
        } else {
            assertThat(text.substring(from, to)).isEqualTo(expected);
        }
    }
}
