/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store.internal.item;

import io.dynastore.store.FieldSelection;
import io.dynastore.store.TableSchema;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The attributes that a read asks for, if it does not ask for all of them. Immutable.
 *
 * @param expression the projection expression
 * @param names the names in it
 */
public record Projection(String expression, Map<String, String> names) {

    /**
     * The projection of a read.
     *
     * @param more attributes that the reader needs besides key, payload, version, expiry and the selected fields
     * @return null if all attributes are read
     * @throws io.dynastore.store.InvalidInputException if a selected field is none
     */
    public static @Nullable Projection of(TableSchema schema, FieldSelection fields, Collection<String> more) {
        Set<String> selected = fields.names();
        if (selected == null) {
            return null;
        }
        fields.check(schema);
        Set<String> attributes = new LinkedHashSet<>();
        attributes.add(schema.partitionKey().name());
        if (schema.sortKey() != null) {
            attributes.add(schema.sortKey().name());
        }
        attributes.add(schema.version());
        attributes.add(schema.expires());
        if (!schema.flat()) {
            attributes.add(schema.payload());
        }
        attributes.addAll(more);
        attributes.addAll(selected);
        return of(attributes);
    }

    /** The projection of these attributes alone. */
    public static Projection of(Set<String> attributes) {
        Map<String, String> names = new LinkedHashMap<>();
        attributes.forEach(attribute -> names.put("#p" + names.size(), attribute));
        return new Projection(String.join(",", names.keySet()), names);
    }
}
