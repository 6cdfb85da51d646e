/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Code in documents is code that is compiled, loaded or run. */
class CodeBlocksTest {

    private static final Set<String> CHECKED = Set.of("java", "yaml", "xml", "properties", "json");
    private static final Pattern TESTS = Pattern.compile("-Dtest=([\\w,]+)");
    private static final Pattern EXAMPLE = Pattern.compile("-Dexample=([\\w-]+)");
    private static final Pattern COMMAND = Pattern.compile("`(mvn [^`]+)`");
    private static final Pattern VERSION = Pattern.compile("<version>([^<]+)</version>");
    private static final Path EXAMPLES = Path.of("camel-dynastore-examples");

    private final List<CodeBlock> blocks = Stream.concat(
                    DocumentPages.markdown().stream()
                            .flatMap(page -> CodeBlock.ofMarkdown(page, DocumentPages.lines(page)).stream()),
                    CodeBlock.ofAsciiDoc(
                            DocumentPages.COMPONENT_PAGE, DocumentPages.lines(DocumentPages.COMPONENT_PAGE))
                            .stream())
            .filter(block -> CHECKED.contains(block.language()))
            .toList();

    @Test
    void everyBlockNamesTheFileThatItComesFrom() {
        assertThat(blocks)
                .isNotEmpty()
                .allSatisfy(block -> assertThat(block.homes()).isNotEmpty().allMatch(DocumentPages::exists));
    }

    @Test
    void everyBlockStandsInItsFile() {
        assertThat(blocks).isNotEmpty().allSatisfy(block -> assertThat(block.homes())
                .anyMatch(home -> block.isIn(DocumentPages.lines(home))));
    }

    @Test
    void everyDependencyNamesTheVersionThatIsBuilt() {
        String parent = DocumentPages.text(Path.of("pom.xml"));
        String built = found(VERSION, parent).findFirst().orElseThrow();
        assertThat(blocks)
                .filteredOn(block -> block.language().equals("xml"))
                .flatMap(CodeBlock::lines)
                .filteredOn(line -> line.contains("<version>"))
                .isNotEmpty()
                .allMatch(line -> line.strip().equals("<version>" + built + "</version>"));
    }

    @Test
    void everyTestThatACommandNamesExists() {
        Set<String> sources = names(".java");
        assertThat(commands(TESTS))
                .isNotEmpty()
                .flatMap(names -> List.of(names.split(",")))
                .allMatch(name -> sources.contains(name + ".java"));
    }

    /** Without the option, Surefire fails in the modules that do not have the test. */
    @Test
    void everyCommandForATestOfOneModuleGoesThroughTheOthers() {
        assertThat(commands(COMMAND))
                .filteredOn(command -> command.contains("-am") && command.contains("-Dtest="))
                .isNotEmpty()
                .allMatch(command -> command.contains("-Dsurefire.failIfNoSpecifiedTests=false"));
    }

    @Test
    void everyExampleThatACommandNamesExists() {
        assertThat(commands(EXAMPLE)).isNotEmpty().allMatch(CodeBlocksTest::isExample);
    }

    private static boolean isExample(String name) {
        return DocumentPages.exists(EXAMPLES.resolve(name).resolve("pom.xml"))
                || DocumentPages.named("/" + name + ".java").stream().anyMatch(file -> file.startsWith(EXAMPLES));
    }

    private static Set<String> names(String end) {
        return DocumentPages.named(end).stream()
                .map(file -> file.getFileName().toString())
                .collect(java.util.stream.Collectors.toSet());
    }

    private static List<String> commands(Pattern pattern) {
        return DocumentPages.markdown().stream()
                .flatMap(page -> found(pattern, DocumentPages.text(page)))
                .distinct()
                .toList();
    }

    private static Stream<String> found(Pattern pattern, String text) {
        return pattern.matcher(text).results().map((MatchResult match) -> match.group(1));
    }

    @Test
    void linesThatAreNotInTheFileAreFound() {
        CodeBlock block = block("a: 1", "# …", "b:", "  c: 2");

        assertThat(block.isIn(List.of("  a: 1", "  x: 3", "  b:", "    c: 2"))).isTrue();
        assertThat(block.isIn(List.of("a: 1", "b:", "  c: 3"))).isFalse();
        assertThat(block.isIn(List.of("a: 1", "b:", "c: 2"))).isFalse();
        assertThat(block.isIn(List.of("b:", "  c: 2", "a: 1"))).isFalse();
        assertThat(block("a: 1", "b: 2").isIn(List.of("a: 1", "x: 3", "b: 2"))).isFalse();
    }

    private static CodeBlock block(String... lines) {
        return new CodeBlock(Path.of("page.md"), 1, "yaml", List.of(), List.of(lines));
    }
}
