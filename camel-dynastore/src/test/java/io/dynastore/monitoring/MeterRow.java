/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.monitoring;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A meter as docs/operating.md lists it.
 *
 * @param name the name in Micrometer
 * @param kind counter, timer or gauge
 * @param time whether its values are durations
 * @param tags its tags, those of each meter included
 */
record MeterRow(String name, String kind, boolean time, List<String> tags) {

    private static final Path PAGE = Path.of("..", "docs", "operating.md");

    /** Name, kind and tags. */
    private static final Pattern ROW = Pattern.compile("\\| `(dynastore\\.[a-z.]+)` \\| (\\w+)([^|]*)\\|([^|]*)\\|");

    private static final Pattern NAME = Pattern.compile("\\bdynastore_\\w+");
    private static final Pattern GROUPING = Pattern.compile("\\bby \\(([^)]*)\\)");
    private static final Pattern MATCHER = Pattern.compile("[{,]\\s*(\\w+)\\s*(?:=~|!~|!=|=)\\s*\"");

    /** All meters of the page, by name. */
    static Map<String, MeterRow> documented() throws IOException {
        Matcher row = ROW.matcher(Files.readString(PAGE));
        Map<String, MeterRow> meters = new TreeMap<>();
        while (row.find()) {
            // What is in parentheses are values of a tag.
            String tags = row.group(4).replaceAll("\\([^)]*\\)", "");
            meters.put(
                    row.group(1),
                    new MeterRow(
                            row.group(1),
                            row.group(2),
                            row.group(3).contains("time"),
                            Stream.concat(words(tags), Stream.of("table", "location"))
                                    .toList()));
        }
        return meters;
    }

    private static Stream<String> words(String text) {
        return Pattern.compile("\\w+").matcher(text).results().map(word -> word.group());
    }

    /** The name of the series that a panel shows. */
    String series() {
        String base = name.replace('.', '_');
        return switch (kind) {
            case "counter" -> base + "_total";
            case "timer" -> base + "_seconds_sum";
            case "gauge" -> time ? base + "_seconds" : base;
            default -> throw new IllegalStateException(name + " is of the unknown kind " + kind);
        };
    }

    /** The names of all its series in Prometheus. */
    List<String> allSeries() {
        if (!kind.equals("timer")) {
            return List.of(series());
        }
        String base = name.replace('.', '_') + "_seconds";
        return List.of(base + "_sum", base + "_count", base + "_max", base + "_bucket");
    }

    /** What is wrong with an expression: series that no meter has, and labels that its meters don't have. */
    static List<String> faults(String expression, Map<String, MeterRow> meters) {
        Map<String, MeterRow> bySeries = meters.values().stream()
                .flatMap(meter -> meter.allSeries().stream().map(series -> Map.entry(series, meter)))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
        TreeSet<String> known = new TreeSet<>(List.of("job", "instance", "le"));
        TreeSet<String> faults = new TreeSet<>();
        NAME.matcher(expression).results().forEach(series -> {
            MeterRow meter = bySeries.get(series.group());
            if (meter == null) {
                faults.add("no meter has the series " + series.group());
            } else {
                known.addAll(meter.tags());
            }
        });
        Stream.concat(
                        GROUPING.matcher(expression).results().flatMap(found -> words(found.group(1))),
                        MATCHER.matcher(expression).results().map(found -> found.group(1)))
                .filter(label -> !known.contains(label))
                .forEach(label -> faults.add("no meter of the expression has the tag " + label));
        return List.copyOf(faults);
    }

    /** Whether an expression reads one of its series. */
    boolean isIn(String expression) {
        return NAME.matcher(expression).results().anyMatch(found -> allSeries().contains(found.group()));
    }
}
