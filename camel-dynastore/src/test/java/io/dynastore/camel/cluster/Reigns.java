/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.cluster;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Which node was active when, by the ticks of the nodes' routes on a monotonic clock that all share. No two may be
 * active at the same time. Thread safe.
 */
final class Reigns {

    private final List<Reign> all = new ArrayList<>();

    /** One period of a node's leadership: its first and its last tick. */
    private static final class Reign {
        final String node;
        final long first;
        long last;

        Reign(String node, long first) {
            this.node = node;
            this.first = first;
            this.last = first;
        }

        @Override
        public String toString() {
            return node + " from " + first + " to " + last;
        }
    }

    /** What one node reports. */
    final class Witness {
        private final String node;
        private @Nullable Reign reign;

        private Witness(String node) {
            this.node = node;
        }

        /** The node leads from now on: its next tick begins another reign. */
        void leads() {
            synchronized (all) {
                reign = null;
            }
        }

        /** Its route was active then. */
        void tick(long time) {
            synchronized (all) {
                if (reign == null) {
                    reign = new Reign(node, time);
                    all.add(reign);
                }
                reign.last = time;
            }
        }

        /** Whether it ticked after that time. */
        boolean activeSince(long start) {
            synchronized (all) {
                return reign != null && reign.last - start > 0;
            }
        }
    }

    Witness witness(String node) {
        return new Witness(node);
    }

    int count() {
        synchronized (all) {
            return all.size();
        }
    }

    /** The first tick of the first reign that began after that time. */
    OptionalLong beginAfter(long start) {
        synchronized (all) {
            return all.stream()
                    .mapToLong(reign -> reign.first)
                    .filter(time -> time - start > 0)
                    .min();
        }
    }

    /** Each reign that began not after the last tick of an earlier reign of another node. */
    List<String> overlaps() {
        synchronized (all) {
            List<String> overlaps = new ArrayList<>();
            Reign latest = null;
            for (Reign reign : sorted()) {
                if (latest != null && reign.first - latest.last <= 0 && !reign.node.equals(latest.node)) {
                    overlaps.add(latest + " and " + reign);
                }
                latest = latest == null || reign.last - latest.last > 0 ? reign : latest;
            }
            return overlaps;
        }
    }

    private List<Reign> sorted() {
        return all.stream()
                .sorted(Comparator.comparingLong(reign -> reign.first))
                .toList();
    }
}
