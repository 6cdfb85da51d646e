/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store;

/** Checks text that is sent as UTF-8. */
public final class Texts {

    private Texts() {}

    /**
     * Checks a text for unpaired surrogates. UTF-8 can't encode them: a question mark would be stored instead, and two
     * different keys could become equal.
     *
     * @return the same text
     * @throws InvalidInputException if it contains half of a surrogate pair
     */
    public static String sound(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (!Character.isSurrogate(c)) {
                continue;
            }
            if (!Character.isHighSurrogate(c)
                    || i + 1 == text.length()
                    || !Character.isLowSurrogate(text.charAt(++i))) {
                throw new InvalidInputException(
                        "A text contains half of a surrogate pair, which UTF-8 can't hold: remove it, or send bytes.");
            }
        }
        return text;
    }
}
