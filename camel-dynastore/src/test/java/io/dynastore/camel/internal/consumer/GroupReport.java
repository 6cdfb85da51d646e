/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.consumer;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/** What {@link GroupNodeMain processes of a group} have reported, and what that breaks. Thread safe. */
final class GroupReport {

    /**
     * A line of a report.
     *
     * @param what D: a delivery begins; S: an item is processed; F: a write was refused by its token
     * @param nanos when, by the clock that all processes share
     */
    record Line(String what, String partition, int item, long token, long nanos) {}

    private final List<Line> lines = new ArrayList<>();
    private final TreeMap<String, TreeSet<Integer>> processed = new TreeMap<>();
    private int distinct;

    /** Takes a line in, if it is part of a report. */
    synchronized void line(String text) {
        String[] words = text.split(" ", -1);
        if (words.length == 5 && words[0].length() == 1) {
            Line line = new Line(
                    words[0], words[1], Integer.parseInt(words[2]), Long.parseLong(words[3]), Long.parseLong(words[4]));
            lines.add(line);
            if (line.what().equals("S")
                    && processed
                            .computeIfAbsent(line.partition(), first -> new TreeSet<>())
                            .add(line.item())) {
                distinct++;
            }
        }
    }

    /** How many items have been processed. */
    synchronized int distinct() {
        return distinct;
    }

    synchronized long count(String what) {
        return lines.stream().filter(line -> line.what().equals(what)).count();
    }

    /** The lines of one kind of a partition, in the order of time. */
    synchronized List<Line> of(String what, String partition) {
        return lines.stream()
                .filter(line -> line.what().equals(what) && line.partition().equals(partition))
                .sorted(Comparator.comparing(Line::nanos))
                .toList();
    }

    /** What is broken in a partition of this many items. */
    List<String> broken(String partition, int items) {
        List<String> broken = new ArrayList<>();
        List<Line> deliveries = of("D", partition);
        oneReader(deliveries, broken);
        order(deliveries, broken);
        int next = 0;
        for (Line one : of("S", partition)) {
            if (one.item() > next) {
                broken.add("processed before item " + next + ": " + one);
            }
            next = Math.max(next, one.item() + 1);
        }
        if (next != items) {
            broken.add(partition + ": processed up to " + next + " of " + items);
        }
        return broken;
    }

    /**
     * After a later lease has begun to deliver, an earlier one delivers no item. One is allowed: the process may have
     * stood still between its look at the deadline and its report.
     */
    private static void oneReader(List<Line> deliveries, List<String> broken) {
        Map<Long, Integer> late = new TreeMap<>();
        long latest = 0;
        for (Line one : deliveries) {
            latest = Math.max(latest, one.token());
            if (one.token() < latest && late.merge(one.token(), 1, Integer::sum) > 1) {
                broken.add("delivered after a reader with token " + latest + ": " + one);
            }
        }
    }

    /** Under one lease, the next item follows, or the same one comes again. */
    private static void order(List<Line> deliveries, List<String> broken) {
        Map<Long, Integer> last = new TreeMap<>();
        for (Line one : deliveries) {
            Integer before = last.put(one.token(), one.item());
            if (before != null && one.item() != before && one.item() != before + 1) {
                broken.add("delivered after item " + before + ": " + one);
            }
        }
    }
}
