/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** A transaction failed because of at least one of its writes or checks. None of them changed anything. */
public class TransactionFailedException extends DynaStoreException {

    private static final long serialVersionUID = 1L;

    /** A message names no more writes than these; {@link #reasons()} has all. */
    private static final int MOST_NAMED = 5;

    private final @Nullable DynaStoreException[] reasons;

    /**
     * An error of a transaction.
     *
     * @param table the table
     * @param reasons one for each write, in their order; null for a write that did not fail
     * @param cause the SDK's error
     */
    public TransactionFailedException(
            String table, List<? extends @Nullable DynaStoreException> reasons, Throwable cause) {
        super(message(table, reasons), cause);
        this.reasons = reasons.toArray(new @Nullable DynaStoreException[0]);
    }

    /**
     * The reason of each write, in the order of the call; null for a write that did not fail.
     *
     * @return unmodifiable. {@link KeyExistsException}, {@link KeyNotFoundException},
     *     {@link VersionConflictException}, {@link LockLostException} and {@link InvalidInputException} as for a
     *     single write; {@link WriteRefusedException} for all other reasons
     */
    public List<@Nullable DynaStoreException> reasons() {
        return Collections.unmodifiableList(Arrays.asList(reasons.clone()));
    }

    private static String message(String table, List<? extends @Nullable DynaStoreException> reasons) {
        List<String> named = IntStream.range(0, reasons.size())
                .filter(i -> reasons.get(i) != null)
                .mapToObj(i -> "Write " + (i + 1) + " of " + reasons.size() + ", " + text(table, reasons.get(i)))
                .toList();
        return "Table " + table + ": the transaction failed, and nothing was changed. "
                + named.stream().limit(MOST_NAMED).collect(Collectors.joining(" "))
                + (named.size() > MOST_NAMED ? " And " + (named.size() - MOST_NAMED) + " more." : "");
    }

    private static String text(String table, @Nullable DynaStoreException reason) {
        String text = Objects.toString(reason == null ? null : reason.getMessage(), "");
        String place = "Table " + table + ", ";
        return text.startsWith(place) ? text.substring(place.length()) : text;
    }
}
