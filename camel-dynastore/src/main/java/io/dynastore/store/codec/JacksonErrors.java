/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store.codec;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.exc.InvalidDefinitionException;
import com.fasterxml.jackson.databind.exc.PropertyBindingException;
import java.util.List;
import java.util.Map;

/** Describes errors of Jackson without any data, which Jackson's own messages quote. Stateless. */
final class JacksonErrors {

    private JacksonErrors() {}

    /** How and where Jackson failed. */
    static String place(Throwable error) {
        Throwable cause =
                error instanceof IllegalArgumentException && error.getCause() != null ? error.getCause() : error;
        StringBuilder place = new StringBuilder(cause.getClass().getSimpleName());
        if (cause instanceof JsonMappingException mapping && !mapping.getPath().isEmpty()) {
            place.append(property(mapping));
        } else if (cause instanceof JsonProcessingException parsing
                && parsing.getLocation() != null
                && parsing.getLocation().getLineNr() > 0) {
            JsonLocation location = parsing.getLocation();
            place.append(" at line ")
                    .append(location.getLineNr())
                    .append(", column ")
                    .append(location.getColumnNr());
        }
        return place + (cause instanceof InvalidDefinitionException definition ? remedy(definition) : "");
    }

    private static String property(JsonMappingException error) {
        List<JsonMappingException.Reference> path = error.getPath();
        JsonMappingException.Reference last = path.get(path.size() - 1);
        // A map's key is data, and so is a property that the bean doesn't have. A property of the bean is not.
        boolean data = last.getFrom() instanceof Map || error instanceof PropertyBindingException;
        return data ? "" : " at " + last.getDescription();
    }

    /** A definition is of a class, and so no data. */
    private static String remedy(InvalidDefinitionException error) {
        return " for "
                + (error.getType() == null
                        ? "a class"
                        : error.getType().getRawClass().getName())
                + ". Give the class what Jackson needs (properties to write; a constructor without parameters or with"
                + " @JsonCreator to read), register a module that knows it, or use a record";
    }
}
