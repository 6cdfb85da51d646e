/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store.metrics;

import io.dynastore.store.DynaStoreException;
import io.dynastore.store.Failures;
import io.dynastore.store.InvalidInputException;
import io.dynastore.store.InvalidTokenException;
import io.dynastore.store.KeyExistsException;
import io.dynastore.store.KeyNotFoundException;
import io.dynastore.store.LockLostException;
import io.dynastore.store.LockNotAcquiredException;
import io.dynastore.store.OutcomeUnknownException;
import io.dynastore.store.TransactionFailedException;
import io.dynastore.store.VersionConflictException;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** How a call ended, as its metrics report it. */
public enum CallStatus {
    /** It succeeded. */
    OK("ok"),
    /** {@link VersionConflictException}. */
    VERSION_CONFLICT("versionConflict"),
    /** {@link KeyExistsException}. */
    KEY_EXISTS("keyExists"),
    /** {@link KeyNotFoundException}. */
    KEY_NOT_FOUND("keyNotFound"),
    /** {@link TransactionFailedException}. */
    TRANSACTION_FAILED("transactionFailed"),
    /** {@link LockNotAcquiredException}. */
    LOCK_NOT_ACQUIRED("lockNotAcquired"),
    /** {@link LockLostException}: by a lock operation, or by a fenced write. */
    LOCK_LOST("lockLost"),
    /** {@link OutcomeUnknownException}. */
    OUTCOME_UNKNOWN("outcomeUnknown"),
    /** {@link InvalidInputException} and {@link InvalidTokenException}. */
    INVALID_INPUT("invalidInput"),
    /** Anything else: throttling, access, network. */
    ERROR("error");

    private final String text;

    CallStatus(String text) {
        this.text = text;
    }

    /** The value of the metrics' tag. */
    public String text() {
        return text;
    }

    /**
     * The status of a call with this error.
     *
     * @param error as it is, or in a {@link CompletionException}; null if the call succeeded
     */
    public static CallStatus of(@Nullable Throwable error) {
        if (error == null) {
            return OK;
        }
        Throwable cause = Failures.cause(error);
        return cause instanceof DynaStoreException ours ? of(ours) : ERROR;
    }

    private static CallStatus of(DynaStoreException error) {
        if (error instanceof VersionConflictException) {
            return VERSION_CONFLICT;
        } else if (error instanceof KeyExistsException) {
            return KEY_EXISTS;
        } else if (error instanceof KeyNotFoundException) {
            return KEY_NOT_FOUND;
        } else if (error instanceof TransactionFailedException) {
            return TRANSACTION_FAILED;
        } else if (error instanceof OutcomeUnknownException) {
            return OUTCOME_UNKNOWN;
        }
        return ofInputOrLock(error);
    }

    private static CallStatus ofInputOrLock(DynaStoreException error) {
        if (error instanceof InvalidInputException || error instanceof InvalidTokenException) {
            return INVALID_INPUT;
        } else if (error instanceof LockNotAcquiredException) {
            return LOCK_NOT_ACQUIRED;
        }
        return error instanceof LockLostException ? LOCK_LOST : ERROR;
    }
}
