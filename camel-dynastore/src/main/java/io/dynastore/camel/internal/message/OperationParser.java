/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.message;

import io.dynastore.store.InvalidInputException;
import io.dynastore.store.Key;
import io.dynastore.store.Operation;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads operations by the names that routes use, whatever their case. */
final class OperationParser {

    private OperationParser() {}

    /**
     * The operation of that name.
     *
     * @throws InvalidInputException naming all there are, if there is none
     */
    static Operation named(String name) {
        return Arrays.stream(Operation.values())
                .filter(operation -> operation.text().equalsIgnoreCase(name.trim())
                        || operation.name().equalsIgnoreCase(name.trim()))
                .findFirst()
                .orElseThrow(() -> new InvalidInputException("There is no operation '" + Key.shown(name)
                        + "': use one of "
                        + Arrays.stream(Operation.values()).map(Operation::text).collect(Collectors.joining(", "))
                        + "."));
    }

    /** The operations of a list separated by commas; all, if there is no list. */
    static Set<Operation> parse(@Nullable String names) {
        if (names == null) {
            return EnumSet.allOf(Operation.class);
        }
        Set<Operation> operations = EnumSet.noneOf(Operation.class);
        Arrays.stream(names.split(","))
                .filter(name -> !name.isBlank())
                .map(OperationParser::named)
                .forEach(operations::add);
        return operations;
    }
}
