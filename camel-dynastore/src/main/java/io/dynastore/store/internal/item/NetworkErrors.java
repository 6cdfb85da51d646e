/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store.internal.item;

import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLHandshakeException;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.crt.CRT;
import software.amazon.awssdk.crt.http.HttpException;

/**
 * Network errors of the SDK's HTTP clients. Netty reports Java's exceptions, the AWS CRT reports error codes of its
 * own.
 *
 * <p>Decision 15 in docs/decisions has the reasons.
 */
public final class NetworkErrors {

    /** Message of the SDK's pool of Netty connections if none was free for a request. */
    private static final String NO_CONNECTION = "Acquire operation took longer";

    private NetworkErrors() {}

    /** Whether a network error occurred that excludes that the request was sent. */
    static boolean unsent(Throwable error) {
        Throwable network = last(error);
        if (network == null) {
            return false;
        }
        return Crt.made(network) ? Crt.isUnsent(network) : isUnsent(network);
    }

    private static boolean isUnsent(Throwable network) {
        return network instanceof ConnectException
                || network instanceof UnknownHostException
                || network instanceof SSLHandshakeException
                || String.valueOf(network.getMessage()).startsWith(NO_CONNECTION);
    }

    /** Whether the host name could not be resolved. */
    public static boolean unknownHost(Throwable error) {
        Throwable network = last(error);
        return network != null
                && (network instanceof UnknownHostException || (Crt.made(network) && Crt.isUnknownHost(network)));
    }

    /** Whether there was a network error: no connection, no response in time, or a broken connection. */
    public static boolean silent(Throwable error) {
        return last(error) != null;
    }

    /** The innermost network error; null if there is none. */
    private static @Nullable Throwable last(Throwable error) {
        Throwable found = null;
        for (Throwable cause = error.getCause(); cause != null && cause != cause.getCause(); cause = cause.getCause()) {
            if (cause instanceof IOException || cause instanceof TimeoutException || Crt.made(cause)) {
                found = cause;
            }
        }
        return found;
    }

    /** The errors of the AWS CRT. Its classes are loaded only after one was thrown, since they are optional. */
    private static final class Crt {

        private static final String ERROR = "software.amazon.awssdk.crt.http.HttpException";

        private static final Set<String> UNKNOWN_HOST =
                Set.of("AWS_IO_DNS_INVALID_NAME", "AWS_IO_DNS_QUERY_FAILED", "AWS_IO_DNS_NO_ADDRESS_FOR_HOST");

        /**
         * Errors that only occur before any byte is written. A socket time-out is not among them, since a connection
         * in use may time out as well. The SDK nevertheless converts it to a {@link ConnectException}.
         */
        private static final Set<String> UNSENT = Set.of(
                "AWS_IO_SOCKET_CONNECTION_REFUSED",
                "AWS_IO_DNS_QUERY_AGAIN",
                "AWS_IO_TLS_ERROR_NEGOTIATION_FAILURE",
                "AWS_IO_TLS_NEGOTIATION_TIMEOUT",
                "AWS_ERROR_HTTP_PROXY_CONNECT_FAILED",
                "AWS_ERROR_HTTP_PROXY_CONNECT_FAILED_RETRYABLE",
                "AWS_ERROR_HTTP_CONNECTION_MANAGER_ACQUISITION_TIMEOUT",
                "AWS_ERROR_HTTP_CONNECTION_MANAGER_MAX_PENDING_ACQUISITIONS_EXCEEDED");

        static boolean made(Throwable error) {
            return error.getClass().getName().equals(ERROR);
        }

        static boolean isUnsent(Throwable error) {
            return UNSENT.contains(name(error)) || isUnknownHost(error);
        }

        static boolean isUnknownHost(Throwable error) {
            return UNKNOWN_HOST.contains(name(error));
        }

        private static String name(Throwable error) {
            return CRT.awsErrorName(((HttpException) error).getErrorCode());
        }
    }
}
