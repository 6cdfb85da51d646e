/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Comparisons of attributes with values. A list returns the items for which all of them hold. Immutable.
 *
 * <p>The text form is a list of comparisons that are separated by commas:
 *
 * <pre>
 * status=open, priority&gt;=3, owner!='jo', code^=DE, due, !archived, payload.customer.vip=true
 * </pre>
 *
 * <ul>
 *   <li>The operators are those of {@link Operator}. A name alone asks whether the attribute is there, a name behind
 *       {@code !} whether it is not.
 *   <li>A name is that of an extra field, the version, the expiry or the payload. The payload's name, a dot and more
 *       names is a path into a document.
 *   <li>If items are {@linkplain TableSchema#flat flat}, any name is a path as {@link DocumentPath} has it: a dot that
 *       is part of a name has a backslash before it.
 *   <li>A value that JSON would read as a number, true, false or null is that; any other is text. Quotes of either kind
 *       make it text, and enclose commas, blanks and, doubled, themselves. Behind {@code ^=} a value is always text.
 * </ul>
 *
 * <p>Values are compared as DynamoDB compares them. With another type than the attribute's, or without the attribute,
 * {@code !=} holds and no other comparison does.
 *
 * @param comparisons all of them have to hold; empty: each item is returned
 */
public record FieldFilter(List<Comparison> comparisons) {

    /** No comparison. */
    public static final FieldFilter NONE = new FieldFilter(List.of());

    /** The service bounds the length of an expression. */
    static final int MOST = 50;

    public FieldFilter {
        comparisons = List.copyOf(comparisons);
        if (comparisons.size() > MOST) {
            throw new InvalidInputException("The filter has " + comparisons.size() + " comparisons: give " + MOST
                    + " at most, and filter the rest in the route.");
        }
    }

    /**
     * Reads the text form.
     *
     * @throws InvalidInputException naming the place in the text, and never what stands there
     */
    public static FieldFilter parse(String text) {
        return new FilterParser(text).parse();
    }

    /**
     * A filter that each of these attributes has this value. Nothing in a value is parsed, and nothing in a name but a
     * path.
     *
     * @param values text, numbers, booleans, bytes or null, by name
     */
    public static FieldFilter equal(Map<String, ? extends @Nullable Object> values) {
        List<Comparison> comparisons = new ArrayList<>();
        values.forEach((name, value) -> comparisons.add(new Comparison(name, Operator.EQUAL, value)));
        return new FieldFilter(comparisons);
    }

    /** Whether each item is returned. */
    public boolean isEmpty() {
        return comparisons.isEmpty();
    }

    /**
     * Checks the names against what is read.
     *
     * @param isKey whether an attribute is a key by which the list reads, which the service accepts in no filter
     * @throws InvalidInputException if a name can't be filtered by
     */
    public void check(TableSchema schema, Predicate<String> isKey) {
        for (Comparison comparison : comparisons) {
            String attribute = comparison.path(schema).get(0);
            if (isKey.test(attribute)) {
                throw new InvalidInputException("The filter compares the key attribute '"
                        + Key.shown(attribute)
                        + "': use sortKeyPrefix, sortKeyFrom and sortKeyTo for keys, and the filter for fields.");
            }
            if (attribute.startsWith(TableSchema.OWN_PREFIX)) {
                throw new InvalidInputException("The filter compares the attribute '" + Key.shown(attribute)
                        + "', which is the component's own: leave it out.");
            }
        }
    }

    /** How an attribute is compared. */
    public enum Operator {
        /** Is the same. */
        EQUAL("="),
        /** Is another, of another type or not there. */
        NOT_EQUAL("!="),
        /** Is less: text by its bytes in UTF-8. */
        LESS("<"),
        /** Is less or the same. */
        AT_MOST("<="),
        /** Is greater. */
        GREATER(">"),
        /** Is greater or the same. */
        AT_LEAST(">="),
        /** Is text that begins with this. */
        BEGINS_WITH("^="),
        /** Is there. */
        EXISTS(""),
        /** Is not there. */
        ABSENT("!");

        private final String text;

        Operator(String text) {
            this.text = text;
        }

        /** How a filter's text has it. */
        public String text() {
            return text;
        }

        /** Whether a value belongs to it. */
        public boolean compares() {
            return this != EXISTS && this != ABSENT;
        }

        private boolean orders() {
            return switch (this) {
                case LESS, AT_MOST, GREATER, AT_LEAST -> true;
                case EQUAL, NOT_EQUAL, BEGINS_WITH, EXISTS, ABSENT -> false;
            };
        }
    }

    /**
     * One comparison. Immutable, except for bytes that are its value.
     *
     * @param name the attribute, or the path into a document
     * @param operator how it is compared
     * @param value text, a number, a boolean, bytes, or null for NULL; null too if the operator takes none
     */
    public record Comparison(
            String name, Operator operator, @Nullable Object value) {

        /** Throws an {@link InvalidInputException} if the value doesn't fit the operator. */
        public Comparison {
            if (name.isEmpty()) {
                throw new InvalidInputException("The filter compares an attribute with an empty name: name a field.");
            }
            Texts.sound(name);
            if (operator.orders() && !(value instanceof String || value instanceof Number || value instanceof byte[])) {
                throw new InvalidInputException("The filter's comparison of '" + Key.shown(name) + "' with "
                        + operator.text() + " needs text, a number or bytes: give one, or use = or !=.");
            }
            if (operator == Operator.BEGINS_WITH && !(value instanceof String || value instanceof byte[])) {
                throw new InvalidInputException("The filter's comparison of '" + Key.shown(name)
                        + "' with ^= needs text or bytes: give some, or use another operator.");
            }
            if (operator.compares()
                    && value != null
                    && !(value instanceof String
                            || value instanceof Number
                            || value instanceof Boolean
                            || value instanceof byte[])) {
                throw new InvalidInputException("The filter compares '" + Key.shown(name) + "' with a "
                        + value.getClass().getName() + ": give text, a number, a boolean, bytes or null.");
            }
        }

        /**
         * The names from the item to the value: one, or several for a path into a document.
         *
         * @throws InvalidInputException if the name is no path, though it has the form of one
         */
        public List<String> path(TableSchema schema) {
            if (schema.flat()) {
                return flatPath();
            }
            if (!name.startsWith(schema.payload() + ".")) {
                return List.of(name);
            }
            List<String> path = new ArrayList<>(List.of(schema.payload()));
            path.addAll(List.of(name.substring(schema.payload().length() + 1).split("\\.", -1)));
            if (path.contains("")) {
                throw new InvalidInputException("The filter's path '" + Key.shown(name)
                        + "' has an empty name: put one dot between two names.");
            }
            return List.copyOf(path);
        }

        private List<String> flatPath() {
            try {
                return DocumentPath.parse(name).names();
            } catch (InvalidInputException e) {
                throw e.at("The filter's name '" + Key.shown(name) + "'");
            }
        }
    }
}
