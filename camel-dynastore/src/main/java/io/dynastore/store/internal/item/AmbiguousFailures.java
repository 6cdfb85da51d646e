/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store.internal.item;

import java.util.Arrays;
import software.amazon.awssdk.core.exception.ApiCallAttemptTimeoutException;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.core.exception.Crc32MismatchException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.exception.SdkServiceException;

/**
 * Tells from the SDK's error whether a request may have been carried out all the same.
 *
 * <p>The last attempt's error says nothing of those before it, but the SDK keeps their messages: only if all attempts failed
 * in a way in which nothing is carried out, nothing was.
 */
public final class AmbiguousFailures {

    /** How the SDK's message of an attempt tells that the service has answered it, and would not carry it out. */
    private static final String REFUSED = "Status Code: 400";

    private AmbiguousFailures() {}

    /**
     * Whether an attempt before the last one may have been applied: there was one, and it was not refused, as a throttled one
     * is.
     */
    public static boolean repeated(Throwable error) {
        return error instanceof SdkException sdk && attempts(sdk) > 1 && !refusedBefore(sdk);
    }

    private static int attempts(SdkException error) {
        return error.numAttempts() == null ? 1 : error.numAttempts();
    }

    private static boolean refusedBefore(SdkException error) {
        Throwable[] before = error.getSuppressed();
        return before.length == attempts(error) - 1
                && Arrays.stream(before).allMatch(attempt -> String.valueOf(attempt.getMessage())
                        .contains(REFUSED));
    }

    /** Whether the request may have been applied although it failed. */
    public static boolean mayHaveBeenApplied(Throwable error) {
        if (!(error instanceof SdkException sdk)) {
            return false;
        }
        return ambiguous(sdk) || (repeated(sdk) && !alike(sdk));
    }

    private static boolean ambiguous(SdkException error) {
        if (error instanceof SdkServiceException refused) {
            return refused.statusCode() >= 500;
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
