/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store;

import java.util.ArrayList;
import java.util.List;

/**
 * The place of a value in an item: the name of an attribute, then the names of members of documents. Immutable.
 *
 * <p>As text, points separate the names, as in {@code payload.stats.views}. A backslash before a point, a bracket or a
 * backslash makes it a part of the name. Elements of lists have no paths, since their places change with the list.
 *
 * @param names at least one, none empty
 */
public record DocumentPath(List<String> names) {

    private static final String SPECIAL = ".[]\\";

    /**
     * Checks the names.
     *
     * @throws InvalidInputException if there is none, or one is empty or no sound text
     */
    public DocumentPath {
        names = List.copyOf(names);
        if (names.isEmpty() || names.stream().anyMatch(String::isEmpty)) {
            throw new InvalidInputException(
                    "A path has an empty name: give names that are separated by points, as in payload.stats.views.");
        }
        names.forEach(Texts::sound);
    }

    /**
     * The path that a text describes.
     *
     * @throws InvalidInputException if it has an empty name or a bracket
     */
    public static DocumentPath parse(String text) {
        if (text.indexOf('.') < 0 && text.indexOf('\\') < 0 && text.indexOf('[') < 0 && text.indexOf(']') < 0) {
            return new DocumentPath(List.of(text));
        }
        List<String> names = new ArrayList<>();
        StringBuilder name = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\' && i + 1 < text.length() && SPECIAL.indexOf(text.charAt(i + 1)) >= 0) {
                name.append(text.charAt(++i));
            } else if (c == '[' || c == ']') {
                throw new InvalidInputException("The path '" + Key.shown(text)
                        + "' has a bracket, and elements of lists have no paths. Put a backslash before it if it is a"
                        + " part of a name.");
            } else if (c == '.') {
                names.add(name.toString());
                name.setLength(0);
            } else {
                name.append(c);
            }
        }
        names.add(name.toString());
        return new DocumentPath(names);
    }

    /** The path of a member of the document here. */
    public DocumentPath member(String name) {
        List<String> longer = new ArrayList<>(names);
        longer.add(name);
        return new DocumentPath(longer);
    }

    /** The name of the attribute. */
    public String attribute() {
        return names.get(0);
    }

    /** The text for messages: control characters are escaped, and a long one is cut off. */
    public String shown() {
        return Key.shown(toString());
    }

    /** The text that {@link #parse} reads. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (String name : names) {
            text.append(text.isEmpty() ? "" : ".");
            name.chars().forEach(c -> text.append(SPECIAL.indexOf(c) < 0 ? "" : "\\")
                    .append((char) c));
        }
        return text.toString();
    }
}
