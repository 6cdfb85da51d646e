/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.queue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * DynamoDB's expressions, as far as claims and groups use them: conditions, and updates by SET and REMOVE, and by ADD
 * or DELETE of one set of texts. So the simulation runs
 * the very texts that are sent. {@link ExpressionTest} compares it with the real engine.
 */
public final class Expression {

    private static final Pattern TOKEN = Pattern.compile("[#:]?\\w+|<>|<=|>=|[=<>(),+-]");
    private static final Map<String, Condition> CONDITIONS = new ConcurrentHashMap<>();
    private static final Map<String, List<Change>> UPDATES = new ConcurrentHashMap<>();

    private final List<String> tokens = new ArrayList<>();
    private int at;

    /** An item, and what the placeholders stand for. */
    public record Scope(
            Map<String, AttributeValue> item, Map<String, String> names, Map<String, AttributeValue> values) {

        @Nullable
        AttributeValue get(String operand) {
            return operand.startsWith("#") ? item.get(names.get(operand)) : values.get(operand);
        }
    }

    interface Condition {
        boolean holds(Scope scope);
    }

    private interface Term {
        @Nullable
        AttributeValue in(Scope scope);
    }

    /** Sets an attribute, or removes it if the term has no value. */
    private record Change(String name, Term term) {}

    private static final Term NOTHING = scope -> null;

    private Expression(String text) {
        Matcher matcher = TOKEN.matcher(text);
        while (matcher.find()) {
            tokens.add(matcher.group());
        }
    }

    /** Whether a condition holds; an absent item is an empty one. */
    public static boolean holds(String condition, Scope scope) {
        return CONDITIONS
                .computeIfAbsent(condition, text -> new Expression(text).whole())
                .holds(scope);
    }

    /** The item after an update. */
    public static Map<String, AttributeValue> updated(String update, Scope scope) {
        Map<String, AttributeValue> item = new HashMap<>(scope.item());
        for (Change change : UPDATES.computeIfAbsent(update, text -> new Expression(text).changes())) {
            String name = scope.names().get(change.name());
            AttributeValue value = change.term().in(scope);
            if (value == null) {
                item.remove(name);
            } else {
                item.put(name, value);
            }
        }
        return item;
    }

    private Condition whole() {
        Condition condition = or();
        if (at < tokens.size()) {
            throw new IllegalStateException("Left over: " + tokens.subList(at, tokens.size()));
        }
        return condition;
    }

    private Condition or() {
        Condition left = and();
        while (took("OR")) {
            Condition one = left;
            Condition other = and();
            left = scope -> one.holds(scope) || other.holds(scope);
        }
        return left;
    }

    private Condition and() {
        Condition left = not();
        while (took("AND")) {
            Condition one = left;
            Condition other = not();
            left = scope -> one.holds(scope) && other.holds(scope);
        }
        return left;
    }

    private Condition not() {
        if (took("NOT")) {
            Condition denied = not();
            return scope -> !denied.holds(scope);
        }
        if (took("(")) {
            Condition inner = or();
            take(")");
            return inner;
        }
        if (took("attribute_exists")) {
            String name = argument();
            return scope -> scope.get(name) != null;
        }
        if (took("attribute_not_exists")) {
            String name = argument();
            return scope -> scope.get(name) == null;
        }
        String left = next();
        if (took("IN")) {
            return in(left);
        }
        return comparison(left, next(), next());
    }

    private Condition in(String left) {
        List<String> others = new ArrayList<>();
        take("(");
        do {
            others.add(next());
        } while (took(","));
        take(")");
        return scope -> {
            AttributeValue value = scope.get(left);
            return value != null && others.stream().anyMatch(other -> value.equals(scope.get(other)));
        };
    }

    private String argument() {
        take("(");
        String name = next();
        take(")");
        return name;
    }

    private static Condition comparison(String left, String operator, String right) {
        return scope -> {
            AttributeValue one = scope.get(left);
            AttributeValue other = scope.get(right);
            if (operator.equals("=")) {
                return one != null && other != null && same(one, other);
            }
            if (operator.equals("<>")) {
                return one == null || other == null || !same(one, other);
            }
            if (one == null || other == null || one.n() == null || other.n() == null) {
                return false;
            }
            int order = order(one, other);
            return switch (operator) {
                case "<" -> order < 0;
                case "<=" -> order <= 0;
                case ">" -> order > 0;
                default -> order >= 0;
            };
        };
    }

    private static boolean same(AttributeValue one, AttributeValue other) {
        if (one.s() != null && other.s() != null) {
            return one.s().equals(other.s());
        }
        return (one.n() != null && other.n() != null) ? order(one, other) == 0 : one.equals(other);
    }

    private static int order(AttributeValue one, AttributeValue other) {
        return Long.compare(Long.parseLong(one.n()), Long.parseLong(other.n()));
    }

    private List<Change> changes() {
        List<Change> changes = new ArrayList<>();
        if (took("SET")) {
            do {
                String name = next();
                take("=");
                Term sum = sum();
                changes.add(new Change(name, scope -> present(sum.in(scope), name)));
            } while (took(","));
        }
        if (took("REMOVE")) {
            do {
                changes.add(new Change(next(), NOTHING));
            } while (took(","));
        }
        boolean add = took("ADD");
        if (add || took("DELETE")) {
            String name = next();
            String elements = next();
            changes.add(new Change(name, scope -> set(scope.get(name), present(scope.get(elements), elements), add)));
        }
        return changes;
    }

    private static AttributeValue present(@Nullable AttributeValue value, String name) {
        if (value == null) {
            throw new IllegalStateException("No value for " + name);
        }
        return value;
    }

    /** A set with elements, or without them; null if none is left. */
    private static @Nullable AttributeValue set(@Nullable AttributeValue before, AttributeValue elements, boolean add) {
        Set<String> set = new TreeSet<>(before == null ? List.of() : before.ss());
        boolean unused = add ? set.addAll(elements.ss()) : set.removeAll(elements.ss());
        return set.isEmpty() ? null : AttributeValue.fromSs(List.copyOf(set));
    }

    private Term sum() {
        Term left = term();
        boolean plus = took("+");
        if (!plus && !took("-")) {
            return left;
        }
        Term right = term();
        return scope -> {
            long one = Long.parseLong(Objects.requireNonNull(left.in(scope)).n());
            long other = Long.parseLong(Objects.requireNonNull(right.in(scope)).n());
            return AttributeValue.fromN(Long.toString(plus ? one + other : one - other));
        };
    }

    private Term term() {
        if (took("if_not_exists")) {
            take("(");
            String name = next();
            take(",");
            Term otherwise = term();
            take(")");
            return scope -> scope.get(name) == null ? otherwise.in(scope) : scope.get(name);
        }
        String operand = next();
        return scope -> scope.get(operand);
    }

    private String next() {
        return tokens.get(at++);
    }

    private boolean took(String token) {
        boolean there = at < tokens.size() && tokens.get(at).equals(token);
        at += there ? 1 : 0;
        return there;
    }

    private void take(String token) {
        if (!took(token)) {
            throw new IllegalStateException("Expected " + token + " in " + tokens + " at " + at);
        }
    }
}
