/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store.internal.item;

import io.dynastore.store.DynaStoreException;
import java.util.Arrays;
import java.util.List;
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

    /** Where the SDK looks for credentials and regions, without which it sends nothing. */
    private static final List<String> BEFORE_SENDING = List.of(
            "software.amazon.awssdk.auth.",
            "software.amazon.awssdk.regions.",
            "software.amazon.awssdk.profiles.",
            "software.amazon.awssdk.services.sts.",
            "software.amazon.awssdk.services.sso");

    private static final String EXCEPTIONS = "software.amazon.awssdk.core.exception.";

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

    /**
     * Whether the request may have been applied although it failed: unless the error excludes it. So an error that
     * nobody foresaw, of a client that was closed meanwhile for example, leaves the outcome open.
     */
    public static boolean mayHaveBeenApplied(Throwable error) {
        if (error instanceof DynaStoreException) {
            // Ours, before the request is sent.
            return false;
        }
        if (!(error instanceof SdkException sdk)) {
            return true;
        }
        return ambiguous(sdk) || (repeated(sdk) && !alike(sdk));
    }

    private static boolean ambiguous(SdkException error) {
        if (error instanceof SdkServiceException response) {
            return response.statusCode() >= 500;
        }
        return !beforeSending(error) && !NetworkErrors.unsent(error);
    }

    /** Whether the error arose where the SDK looks for credentials or a region. */
    private static boolean beforeSending(Throwable error) {
        for (Throwable cause = error; cause != null && cause != cause.getCause(); cause = cause.getCause()) {
            String origin = origin(cause);
            if (BEFORE_SENDING.stream().anyMatch(origin::startsWith)) {
                return true;
            }
        }
        return false;
    }

    private static String origin(Throwable error) {
        return Arrays.stream(error.getStackTrace())
                .map(StackTraceElement::getClassName)
                .filter(name -> !name.startsWith(EXCEPTIONS))
                .findFirst()
                .orElse("");
    }

    private static boolean alike(SdkException error) {
        String message = error.rawMessage();
        return message != null
                && Arrays.stream(error.getSuppressed()).allMatch(attempt -> String.valueOf(attempt.getMessage())
                        .contains(message));
    }
}
