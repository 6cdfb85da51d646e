/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;

/** The loggers that docs/operating.md lists are those of the component. */
class LoggersTest {

    private static final Pattern ROW = Pattern.compile("(?m)^\\| `(io\\.dynastore[^`]+)` \\|");

    private static final Set<String> USED = used();

    private static Set<String> used() {
        return new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS).importPackages("io.dynastore").stream()
                        .flatMap(type -> type.getFields().stream())
                        .filter(field -> field.getRawType().isEquivalentTo(Logger.class))
                        .map(LoggersTest::name)
                        .collect(Collectors.toSet());
    }

    private static String name(JavaField logger) {
        try {
            Field field = logger.reflect();
            field.setAccessible(true);
            return ((Logger) Objects.requireNonNull(field.get(null))).getName();
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Set<String> listed() throws IOException {
        String page = Files.readString(Path.of("..", "docs", "operating.md"));
        String table = page.substring(page.indexOf("<!-- loggers:"), page.indexOf("<!-- end of loggers -->"));
        return ROW.matcher(table)
                .results()
                .map((MatchResult row) -> row.group(1))
                .collect(Collectors.toSet());
    }

    @Test
    void operatingPageListsEachLoggerAndNoOther() throws IOException {
        assertThat(listed()).isEqualTo(USED).isNotEmpty();
    }

    @Test
    void eachIsNamedByAClassThatUsersKnow() {
        assertThat(USED).allSatisfy(name -> assertThat(Class.forName(name)).isPublic());
    }
}
