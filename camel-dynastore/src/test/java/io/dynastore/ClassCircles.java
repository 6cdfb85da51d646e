/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Circles of top-level classes that know each other, directly or through others. A nested class counts as its
 * outermost one.
 */
final class ClassCircles {

    private final Map<String, Set<String>> known = new TreeMap<>();

    private ClassCircles(JavaClasses classes) {
        for (JavaClass type : classes) {
            for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
                JavaClass target = dependency.getTargetClass().getBaseComponentType();
                if (classes.contain(target.getName())) {
                    known.computeIfAbsent(outermost(type), name -> new TreeSet<>())
                            .add(outermost(target));
                }
            }
        }
    }

    private static String outermost(JavaClass type) {
        return type.getEnclosingClass().map(ClassCircles::outermost).orElse(type.getName());
    }

    /** Each dependency that leaves a package and comes back to its class, as "A -> B -> ... -> A". */
    static List<String> acrossPackages(JavaClasses classes) {
        ClassCircles circles = new ClassCircles(classes);
        List<String> found = new ArrayList<>();
        circles.known.forEach((from, targets) -> targets.stream()
                .filter(to -> !packageOf(from).equals(packageOf(to)))
                .map(to -> circles.way(to, from))
                .filter(way -> !way.isEmpty())
                .forEach(way -> found.add(from + " -> " + String.join(" -> ", way))));
        return found;
    }

    /** The shortest way; empty if there is none. */
    private List<String> way(String from, String to) {
        Map<String, List<String>> ways = new TreeMap<>(Map.of(from, List.of(from)));
        Deque<String> queue = new ArrayDeque<>(List.of(from));
        while (!queue.isEmpty()) {
            String at = queue.remove();
            List<String> way = ways.getOrDefault(at, List.of());
            if (at.equals(to)) {
                return way;
            }
            for (String next : known.getOrDefault(at, Set.of())) {
                List<String> longer = new ArrayList<>(way);
                longer.add(next);
                if (ways.putIfAbsent(next, longer) == null) {
                    queue.add(next);
                }
            }
        }
        return List.of();
    }

    private static String packageOf(String type) {
        return type.substring(0, type.lastIndexOf('.'));
    }
}
