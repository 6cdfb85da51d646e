/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store;

import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which extra fields a read returns. Key, payload, version and expiry are read in any case. What is left out is not
 * sent by the service, and neither are the attributes that the component keeps for itself. Immutable.
 *
 * @param names the names of the fields; null: all fields
 */
public record FieldSelection(@Nullable Set<String> names) {

    /** All fields. */
    public static final FieldSelection ALL = new FieldSelection(null);

    /** No field. */
    public static final FieldSelection NONE = new FieldSelection(Set.of());

    public FieldSelection {
        if (names != null) {
            for (String name : names) {
                if (name.isEmpty()) {
                    throw new InvalidInputException(
                            "The fields to read include an empty name: name fields, or use all or none.");
                }
                Texts.sound(name);
            }
            names = Collections.unmodifiableSet(new LinkedHashSet<>(names));
        }
    }

    /** These fields. A name is that of an attribute as a whole, whatever dots and brackets it has. */
    public static FieldSelection of(Collection<String> names) {
        return new FieldSelection(new LinkedHashSet<>(names));
    }

    /** Whether all fields are read. */
    public boolean all() {
        return names == null;
    }

    /** Whether this field is read. */
    public boolean includes(String name) {
        return names == null || names.contains(name);
    }

    /**
     * Checks the names against a table.
     *
     * @throws InvalidInputException if one is reserved in it
     */
    public void check(TableSchema schema) {
        if (names == null) {
            return;
        }
        for (String name : names) {
            if (schema.reserves(name)) {
                throw new InvalidInputException("The fields to read include '" + Key.shown(name)
                        + "', which is no extra field: leave it out. Key, payload, version and expiry are read in any"
                        + " case.");
            }
        }
    }
}
