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

/** How a call has ended, as its metrics tell it. */
public enum CallStatus {
    /** It was carried out. */
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

    /** The name that operators see. */
    public String text() {
        return text;
    }

    /**
     * How a call has ended that failed with this error.
     *
     * @param error as it is, or in a {@link CompletionException}; null if it did not fail
     */
    public static CallStatus of(@Nullable Throwable error) {
        if (error == null) {
            return OK;
        }
        Throwable cause = Failures.cause(error);
        return cause instanceof DynaStoreException refusal ? of(refusal) : ERROR;
    }

    private static CallStatus of(DynaStoreException refusal) {
        if (refusal instanceof VersionConflictException) {
            return VERSION_CONFLICT;
        } else if (refusal instanceof KeyExistsException) {
            return KEY_EXISTS;
        } else if (refusal instanceof KeyNotFoundException) {
            return KEY_NOT_FOUND;
        } else if (refusal instanceof TransactionFailedException) {
            return TRANSACTION_FAILED;
        } else if (refusal instanceof OutcomeUnknownException) {
            return OUTCOME_UNKNOWN;
        }
        return ofInputOrLock(refusal);
    }

    private static CallStatus ofInputOrLock(DynaStoreException refusal) {
        if (refusal instanceof InvalidInputException || refusal instanceof InvalidTokenException) {
            return INVALID_INPUT;
        } else if (refusal instanceof LockNotAcquiredException) {
            return LOCK_NOT_ACQUIRED;
        }
        return refusal instanceof LockLostException ? LOCK_LOST : ERROR;
    }
}
