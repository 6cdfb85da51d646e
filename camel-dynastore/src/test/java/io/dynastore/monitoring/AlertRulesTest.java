/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.monitoring;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/**
 * docs/monitoring/alerts.yml reads meters that exist, and explains each rule. Whether the rules fire is asked of Prometheus:
 * {@code promtool test rules docs/monitoring/alerts-test.yml}.
 */
class AlertRulesTest {

    private static final Path FOLDER = Path.of("..", "docs", "monitoring");
    private static final Pattern LABEL = Pattern.compile("\\$labels\\.(\\w+)");

    private final Map<String, Map<?, ?>> rules = new TreeMap<>();

    AlertRulesTest() throws IOException {
        Map<?, ?> file = (Map<?, ?>)
                new Load(LoadSettings.builder().build()).loadFromString(Files.readString(FOLDER.resolve("alerts.yml")));
        for (Object group : list(file, "groups")) {
            for (Object rule : list((Map<?, ?>) group, "rules")) {
                assertThat(rules.put(text((Map<?, ?>) rule, "alert"), (Map<?, ?>) rule))
                        .as("another rule of this name")
                        .isNull();
            }
        }
    }

    private static Map<?, ?> map(Map<?, ?> map, String key) {
        return (Map<?, ?>) Objects.requireNonNull(map.get(key), key);
    }

    private static List<?> list(Map<?, ?> map, String key) {
        return (List<?>) Objects.requireNonNull(map.get(key), key);
    }

    private static String text(Map<?, ?> map, String key) {
        return String.valueOf(map.get(key));
    }

    @Test
    void rulesReadSeriesAndTagsOfMetersThatExist() throws IOException {
        Map<String, MeterRow> meters = MeterRow.documented();

        assertThat(rules).isNotEmpty().allSatisfy((name, rule) -> {
            String expression = text(rule, "expr");
            assertThat(expression).as(name).contains("dynastore_");
            assertThat(MeterRow.faults(expression, meters)).as(name).isEmpty();
        });
    }

    @Test
    void eachRuleHasASeverityAndAnExplanation() {
        assertThat(rules).allSatisfy((name, rule) -> {
            assertThat(text(map(rule, "labels"), "severity")).as(name).isIn("warning", "critical");
            Map<?, ?> annotations = map(rule, "annotations");
            assertThat(text(annotations, "summary")).as(name).hasSizeBetween(20, 120);
            assertThat(text(annotations, "description")).as(name).hasSizeGreaterThan(80);
        });
    }

    /** A label that the expression sums away would be empty in the message. */
    @Test
    void messagesNameOnlyLabelsThatTheExpressionKeeps() {
        assertThat(rules).allSatisfy((name, rule) -> {
            String kept = text(rule, "expr").replaceAll("(?s).*?\\bby \\(([^)]*)\\).*", "$1");
            String summary = text(map(rule, "annotations"), "summary");
            assertThat(LABEL.matcher(summary).results().map(label -> label.group(1)))
                    .as(name)
                    .isSubsetOf(kept.split(", "));
        });
    }

    @Test
    void pageExplainsEachRule() throws IOException {
        String page = Files.readString(FOLDER.resolve("../operating.md"));

        assertThat(rules.keySet()).allSatisfy(name -> assertThat(page).contains("| `" + name + "` |"));
    }
}
