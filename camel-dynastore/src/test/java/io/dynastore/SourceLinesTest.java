/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the formatter leaves as it is: the length of lines of comments and of text. */
class SourceLinesTest {

    private static final int LONGEST = 120;

    @Test
    void lineOfMainCodeHasNoMoreThan120Columns() throws IOException {
        try (Stream<Path> files = Files.walk(Path.of("src", "main", "java"))) {
            List<Path> sources =
                    files.filter(file -> file.toString().endsWith(".java")).toList();

            assertThat(sources).isNotEmpty();
            assertThat(sources.stream().flatMap(SourceLinesTest::tooLong)).isEmpty();
        }
    }

    private static Stream<String> tooLong(Path file) {
        try {
            List<String> lines = Files.readAllLines(file);
            return IntStream.range(0, lines.size())
                    .filter(index -> lines.get(index).length() > LONGEST)
                    .mapToObj(index -> file + ":" + (index + 1));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
