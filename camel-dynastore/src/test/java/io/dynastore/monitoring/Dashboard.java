/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.monitoring;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The dashboard as Grafana imports it. */
final class Dashboard {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Map<String, Object> SOURCE = ordered("type", "prometheus", "uid", "${datasource}");
    private static final int WIDTH = 8;
    private static final int HEIGHT = 8;

    private Dashboard() {}

    /** The rows with their panels, three side by side. */
    static JsonNode of(List<Map.Entry<String, List<Panel>>> rows) {
        List<Object> panels = new ArrayList<>();
        int y = 0;
        for (Map.Entry<String, List<Panel>> row : rows) {
            panels.add(ordered(
                    "id",
                    panels.size() + 1,
                    "type",
                    "row",
                    "title",
                    row.getKey(),
                    "collapsed",
                    false,
                    "gridPos",
                    place(0, y++, 24, 1),
                    "panels",
                    List.of()));
            int x = 0;
            for (Panel panel : row.getValue()) {
                if (x + WIDTH > 24) {
                    x = 0;
                    y += HEIGHT;
                }
                panels.add(graph(panels.size() + 1, panel, place(x, y, WIDTH, HEIGHT)));
                x += WIDTH;
            }
            y += HEIGHT;
        }
        return JSON.valueToTree(ordered(
                "uid",
                "camel-dynastore",
                "title",
                "camel-dynastore",
                "tags",
                List.of("camel", "dynamodb"),
                "timezone",
                "",
                "schemaVersion",
                39,
                "editable",
                true,
                "refresh",
                "30s",
                "time",
                ordered("from", "now-1h", "to", "now"),
                "templating",
                ordered("list", List.of(sourceVariable(), tableVariable())),
                "panels",
                panels));
    }

    /** Text as it stands in the file. */
    static String text(JsonNode json) throws JsonProcessingException {
        DefaultIndenter indent = new DefaultIndenter("  ", "\n");
        return JSON.writer(new DefaultPrettyPrinter().withObjectIndenter(indent).withArrayIndenter(indent))
                        .writeValueAsString(json)
                + "\n";
    }

    private static Map<String, Object> graph(int id, Panel panel, Map<String, Object> place) {
        List<Object> targets = new ArrayList<>();
        for (Panel.Query query : panel.queries()) {
            targets.add(ordered(
                    "refId", String.valueOf((char) ('A' + targets.size())),
                    "datasource", SOURCE,
                    "expr", query.expression(),
                    "legendFormat", query.legend()));
        }
        return ordered(
                "id",
                id,
                "type",
                "timeseries",
                "title",
                panel.title(),
                "description",
                panel.help(),
                "datasource",
                SOURCE,
                "gridPos",
                place,
                "fieldConfig",
                ordered("defaults", ordered("unit", panel.unit(), "min", 0), "overrides", List.of()),
                "options",
                ordered(
                        "legend", ordered("displayMode", "list", "placement", "bottom"),
                        "tooltip", ordered("mode", "multi", "sort", "desc")),
                "targets",
                targets);
    }

    private static Map<String, Object> sourceVariable() {
        return ordered("type", "datasource", "name", "datasource", "label", "Data source", "query", "prometheus");
    }

    /** Each table has this gauge from its first endpoint on. */
    private static Map<String, Object> tableVariable() {
        String tables = "label_values(dynastore_locks_held, table)";
        return ordered(
                "type",
                "query",
                "name",
                "table",
                "label",
                "Table",
                "datasource",
                SOURCE,
                "definition",
                tables,
                "query",
                ordered("query", tables, "refId", "tables"),
                "refresh",
                2,
                "multi",
                true,
                "includeAll",
                true,
                "allValue",
                ".*",
                "current",
                ordered("text", "All", "value", "$__all"));
    }

    private static Map<String, Object> place(int x, int y, int width, int height) {
        return ordered("x", x, "y", y, "w", width, "h", height);
    }

    private static Map<String, Object> ordered(Object... namesAndValues) {
        Map<String, Object> map = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            map.put((String) namesAndValues[i], namesAndValues[i + 1]);
        }
        return map;
    }
}
