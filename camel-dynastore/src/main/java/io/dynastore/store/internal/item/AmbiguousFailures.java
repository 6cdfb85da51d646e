/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store.internal.item;

import java.util.Arrays;
import software.amazon.awssdk.core.exception.ApiCallAttemptTimeoutException;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.core.exception.Crc32MismatchException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.exception.SdkServiceException;

/**
 * Decides by the SDK's error whether a failed request may have been applied.
 *
 * <p>The error of the last attempt says nothing about the attempts before it, but the SDK keeps their messages. A
 * request was certainly not applied only if each attempt failed in a way that excludes it.
 *
 * <p>Decision 9 in docs/decisions has the reasons.
 */
public final class AmbiguousFailures {

    /** In the SDK's message of an attempt: the service rejected the request. */
    private static final String REJECTED = "Status Code: 400";

    private AmbiguousFailures() {}

    /**
     * Whether an attempt before the last one may have been applied: there was one, and it was not rejected
     * (throttled).
     */
    public static boolean repeated(Throwable error) {
        return error instanceof SdkException sdk && attempts(sdk) > 1 && !rejectedBefore(sdk);
    }

    private static int attempts(SdkException error) {
        return error.numAttempts() == null ? 1 : error.numAttempts();
    }

    private static boolean rejectedBefore(SdkException error) {
        Throwable[] before = error.getSuppressed();
        return before.length == attempts(error) - 1
                && Arrays.stream(before).allMatch(attempt -> String.valueOf(attempt.getMessage())
                        .contains(REJECTED));
    }

    /** Whether the request may have been applied although it failed. */
    public static boolean mayHaveBeenApplied(Throwable error) {
        if (!(error instanceof SdkException sdk)) {
            return false;
        }
        return ambiguous(sdk) || (repeated(sdk) && !alike(sdk));
    }

    private static boolean ambiguous(SdkException error) {
        if (error instanceof SdkServiceException response) {
            return response.statusCode() >= 500;
        }
        if (error instanceof ApiCallTimeoutException || error instanceof ApiCallAttemptTimeoutException) {
            return true;
        }
        if (error instanceof Crc32MismatchException) {
            return true;
        }
        return NetworkErrors.sent(error);
    }

    private static boolean alike(SdkException error) {
        String message = error.rawMessage();
        return message != null
                && Arrays.stream(error.getSuppressed()).allMatch(attempt -> String.valueOf(attempt.getMessage())
                        .contains(message));
    }
}
