/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.dynastore.testkit.EngineAbility;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import software.amazon.dynamodb.services.local.main.ServerRunner;

/**
 * The table of docs/engines.md says what each engine has. The engine of the tests is asked.
 *
 * <p>The property {@code dynastore.test.engine.name} names the column of an engine that {@code dynastore.test.endpoint}
 * names. Without it such an engine is not asked.
 */
class EngineTableTest {

    private static final Path PAGE = Path.of("docs", "engines.md");

    @ParameterizedTest
    @EnumSource
    void theEngineHasWhatTheTableSays(EngineAbility ability) {
        String engine = engine();
        assumeFalse(engine.isEmpty(), "The engine has no name");
        List<String> engines = row("what a test may need");
        assertThat(engines).contains(engine);

        assertThat(row("`" + ability + "`").get(engines.indexOf(engine))).isEqualTo(ability.ask() ? "yes" : "no");
    }

    @Test
    void theTableNamesTheEmbeddedEngine() {
        assertThat(row("what a test may need")).contains(embedded());
    }

    private static String engine() {
        boolean other = !System.getProperty("dynastore.test.endpoint", "").isBlank();
        return other ? System.getProperty("dynastore.test.engine.name", "") : embedded();
    }

    /** By the name of its jar. */
    private static String embedded() {
        String jar = ServerRunner.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .getPath();
        return jar.replaceAll(".*DynamoDBLocal-(.*)\\.jar", "DynamoDB Local $1");
    }

    /** The cells of the row with this first cell. */
    private static List<String> row(String first) {
        Map<String, List<String>> rows = new LinkedHashMap<>();
        for (String line : DocumentPages.lines(PAGE)) {
            List<String> cells = Stream.of(line.split("\\|")).map(String::strip).toList();
            if (cells.size() > 2) {
                rows.putIfAbsent(cells.get(1), cells);
            }
        }
        assertThat(rows).containsKey(first);
        return rows.getOrDefault(first, List.of());
    }
}
