/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** The repository's documents, and the files that they may name. Paths are relative to the root. */
final class DocumentPages {

    static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    static final Path README = Path.of("README.md");
    static final Path COMPONENT_PAGE = Path.of("camel-dynastore", "src", "main", "docs", "dynastore-component.adoc");

    private static final Set<String> LEFT_OUT = Set.of("target", ".git");

    private DocumentPages() {}

    /** Every Markdown file. */
    static List<Path> markdown() {
        return named(".md");
    }

    /** Every file whose name ends like this. */
    static List<Path> named(String end) {
        try (Stream<Path> files = Files.walk(ROOT)) {
            return files.map(ROOT::relativize)
                    .filter(file -> file.toString().endsWith(end))
                    .filter(DocumentPages::isSource)
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isSource(Path file) {
        for (Path part : file) {
            if (LEFT_OUT.contains(part.toString())) {
                return false;
            }
        }
        return true;
    }

    static boolean exists(Path file) {
        return Files.exists(ROOT.resolve(file));
    }

    static String text(Path file) {
        try {
            return Files.readString(ROOT.resolve(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static List<String> lines(Path file) {
        return text(file).lines().toList();
    }
}
