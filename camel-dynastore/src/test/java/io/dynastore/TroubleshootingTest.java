/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Messages that docs/faq.md explains are messages of the component. */
class TroubleshootingTest {

    private static final Path PAGE = Path.of("docs", "faq.md");
    private static final Path SOURCES = Path.of("camel-dynastore", "src", "main", "java");
    private static final Pattern FIRST_CELL = Pattern.compile("(?m)^\\| ([^|]+) \\|");
    private static final Pattern CODE = Pattern.compile("`([^`]+)`");

    /** What is code in the first cells of the tables. */
    private static List<String> codes() {
        String page = DocumentPages.text(PAGE);
        return FIRST_CELL
                .matcher(page.substring(page.indexOf("## Troubleshooting")))
                .results()
                .flatMap((MatchResult cell) -> CODE.matcher(cell.group(1)).results())
                .map((MatchResult code) -> code.group(1))
                .toList();
    }

    private static Predicate<String> sentence() {
        return code -> code.contains(" ");
    }

    @Test
    void everyMessageStandsInTheCode() {
        String code = DocumentPages.named(".java").stream()
                .filter(file -> file.startsWith(SOURCES))
                .map(DocumentPages::text)
                .collect(Collectors.joining())
                .replaceAll("\"\\s*\\+\\s*\"", "");

        assertThat(codes().stream().filter(sentence()))
                .isNotEmpty()
                .flatMap(message -> Arrays.asList(message.split("…", -1)))
                .filteredOn(part -> !code.contains(part.strip()))
                .isEmpty();
    }

    @Test
    void everyErrorIsAClass() {
        assertThat(codes().stream().filter(sentence().negate()))
                .isNotEmpty()
                .allMatch(error ->
                        DocumentPages.named("/" + error + ".java").stream().anyMatch(file -> file.startsWith(SOURCES)));
    }
}
