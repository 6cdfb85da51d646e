/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.monitoring;

import java.util.List;
import java.util.Map;

/**
 * A panel of the dashboard.
 *
 * @param title says what it shows
 * @param help how to read it
 * @param unit Grafana's name of the unit
 * @param queries each an expression, and the legend of its lines
 */
record Panel(String title, String help, String unit, List<Query> queries) {

    private static final String TABLE = "{table=~\"$table\"}";

    /**
     * A query of a panel.
     *
     * @param expression in PromQL
     * @param legend with labels in double braces
     */
    record Query(String expression, String legend) {}

    /** A panel with one query that is written by hand. */
    static Panel of(String title, String help, String unit, String legend, String expression) {
        return new Panel(title, help, unit, List.of(new Query(expression, legend)));
    }

    /**
     * The panel of one meter, from what the list says of it: the rate of a counter, the mean of a timer, or a
     * gauge.
     *
     * @param by the tags that make a line of their own
     * @param over how a gauge is combined over the processes
     */
    static Panel of(MeterRow meter, String title, String help, List<String> by, String over) {
        String group = by.isEmpty() ? " " : " by (" + String.join(", ", by) + ") ";
        String expression =
                switch (meter.kind()) {
                    case "counter" -> "sum" + group + "(rate(" + meter.series() + TABLE + "[$__rate_interval]))";
                    case "timer" -> mean(meter, group);
                    default -> over + group + "(" + meter.series() + TABLE + ")";
                };
        String legend = by.isEmpty() ? title : "{{" + String.join("}} {{", by) + "}}";
        return of(title, help, unit(meter), legend, expression);
    }

    private static String mean(MeterRow timer, String group) {
        return "sum" + group + "(rate(" + timer.series() + TABLE + "[$__rate_interval]))\n/\nsum" + group + "(rate("
                + timer.series().replace("_sum", "_count") + TABLE + "[$__rate_interval]))";
    }

    private static String unit(MeterRow meter) {
        return meter.kind().equals("timer") || meter.time() ? "s" : meter.kind().equals("counter") ? "ops" : "short";
    }

    /** A row of the dashboard. */
    static Map.Entry<String, List<Panel>> row(String title, Panel... panels) {
        return Map.entry(title, List.of(panels));
    }
}
