/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Records of decisions have the form that docs/decisions/README.md describes. */
class DecisionsTest {

    private static final Path FOLDER = Path.of("docs", "decisions");
    private static final Pattern LINE =
            Pattern.compile("\\d{4}-\\d\\d-\\d\\d · (accepted|superseded by \\[\\d+]\\(\\S+\\)) · (.+)");
    private static final Pattern TITLE = Pattern.compile("# (\\d+)\\. (.+)");
    private static final Pattern CLASS = Pattern.compile("`(\\w+)`");

    private static List<Path> records() {
        return DocumentPages.markdown().stream()
                .filter(page ->
                        page.startsWith(FOLDER) && page.getFileName().toString().startsWith("0"))
                .toList();
    }

    private static String line(Path record) {
        return DocumentPages.lines(record).get(2);
    }

    @Test
    void everyRecordHasDateStatusAndClasses() {
        assertThat(records()).isNotEmpty().allSatisfy(record -> assertThat(line(record))
                .matches(LINE));
    }

    @Test
    void everyClassOfARecordExists() {
        Set<String> classes = DocumentPages.named(".java").stream()
                .map(file -> file.getFileName().toString().replace(".java", ""))
                .collect(Collectors.toSet());
        assertThat(records()).allSatisfy(record -> assertThat(
                        CLASS.matcher(line(record)).results().map((MatchResult name) -> name.group(1)))
                .allMatch(classes::contains));
    }

    @Test
    void everyClassOfARecordNamesIt() {
        Map<String, Path> sources = sources();
        assertThat(records()).allSatisfy(record -> {
            int number = Integer.parseInt(record.getFileName().toString().substring(0, 4));
            assertThat(CLASS.matcher(line(record)).results().map((MatchResult name) -> name.group(1)))
                    .allSatisfy(name -> assertThat(DocumentPages.text(Objects.requireNonNull(sources.get(name))))
                            .containsPattern("Decisions? [0-9 and]*\\b" + number + "\\b"));
        });
    }

    /** The first file of each name; the tree is walked once, as that takes longer than all the rest. */
    private static Map<String, Path> sources() {
        return DocumentPages.named(".java").stream()
                .collect(Collectors.toMap(
                        file -> file.getFileName().toString().replace(".java", ""),
                        file -> file,
                        (first, second) -> first));
    }

    @Test
    void everyRecordIsInTheTableWithItsTitleAndStatus() {
        String table = DocumentPages.text(FOLDER.resolve("README.md"));
        assertThat(records()).allSatisfy(record -> assertThat(table).contains(row(record)));
    }

    private static String row(Path record) {
        Matcher title = TITLE.matcher(DocumentPages.lines(record).get(0));
        Matcher line = LINE.matcher(line(record));
        assertThat(title.matches()).isTrue();
        assertThat(line.matches()).isTrue();
        return "| [%s](%s) | %s | %s |".formatted(title.group(1), record.getFileName(), title.group(2), line.group(1));
    }
}
