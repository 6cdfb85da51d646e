/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store;

import java.util.concurrent.CompletionException;

/** What futures failed with. */
public final class Failures {

    private Failures() {}

    /** The error that a future failed with, out of the {@link CompletionException} of each of its stages. */
    public static Throwable cause(Throwable error) {
        Throwable cause = error;
        while (cause instanceof CompletionException && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }
}
