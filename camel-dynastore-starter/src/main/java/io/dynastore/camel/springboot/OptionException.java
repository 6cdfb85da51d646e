/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.springboot;

import java.io.Serial;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/** A property that names no option, or whose value does not fit. Spring Boot prints it in place of a stack trace. */
final class OptionException extends IllegalArgumentException {

    @Serial
    private static final long serialVersionUID = 1;

    /** The remedy for the user. */
    private final String action;

    private OptionException(String message, String action, @Nullable Throwable cause) {
        super(message, cause);
        this.action = action;
    }

    /**
     * For a name that is no option's. The message does not contain the value, which may be a credential.
     *
     * @param similar names that the user may have meant
     */
    static OptionException unknown(String prefix, String name, Collection<String> similar) {
        return new OptionException(
                "There is no option " + prefix + "." + name + ".",
                similar.isEmpty()
                        ? "Remove it, or correct its name."
                        : "Remove it, or correct its name: did you mean " + String.join(" or ", similar) + "?",
                null);
    }

    /** For a value that Camel could not set. It is no credential: those are text, which can always be set. */
    static OptionException unusable(String prefix, String name, String value, String type, Throwable cause) {
        return new OptionException(
                "The option " + prefix + "." + name + " can't be set to '" + value + "'.",
                "Give it a value of type " + type + ", or #bean:name for a bean of that type.",
                cause);
    }

    String action() {
        return action;
    }
}
