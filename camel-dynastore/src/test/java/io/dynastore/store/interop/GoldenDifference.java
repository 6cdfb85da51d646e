/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store.interop;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.function.Consumer;

/**
 * Something that this store deliberately does in another way than the Go library.
 *
 * @param reason what we do, and what the Go library does
 * @param asserted asserts what we do
 * @param steps where the recording shows the difference
 */
record GoldenDifference(String reason, Consumer<Replayed> asserted, List<String> steps) {

    /** Asserts what we do, and that it still is something else: a difference that has gone must not stay listed. */
    void check(Replayed replayed) {
        asserted.accept(replayed);
        assertThatThrownBy(() -> AsRecorded.check(replayed))
                .as("is it still a difference that %s?", reason)
                .isInstanceOf(AssertionError.class);
    }
}
