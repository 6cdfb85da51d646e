/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.message;

import io.dynastore.camel.DynaStoreOperation;
import io.dynastore.store.InvalidInputException;
import io.dynastore.store.Key;
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
    static DynaStoreOperation named(String name) {
        return Arrays.stream(DynaStoreOperation.values())
                .filter(operation -> operation.text().equalsIgnoreCase(name.trim())
                        || operation.name().equalsIgnoreCase(name.trim()))
                .findFirst()
                .orElseThrow(() -> new InvalidInputException("There is no operation '" + Key.shown(name)
                        + "': use one of "
                        + Arrays.stream(DynaStoreOperation.values())
                                .map(DynaStoreOperation::text)
                                .collect(Collectors.joining(", "))
                        + "."));
    }

    /** The operations of a list separated by commas; all, if there is no list. */
    static Set<DynaStoreOperation> parse(@Nullable String names) {
        if (names == null) {
            return EnumSet.allOf(DynaStoreOperation.class);
        }
        Set<DynaStoreOperation> operations = EnumSet.noneOf(DynaStoreOperation.class);
        Arrays.stream(names.split(","))
                .filter(name -> !name.isBlank())
                .map(OperationParser::named)
                .forEach(operations::add);
        return operations;
    }
}
