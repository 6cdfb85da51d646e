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

/** What the SDK's HTTP clients say when a request gets no response: Netty by Java's exceptions, the AWS CRT by numbers of its own. */
public final class NetworkErrors {

    /** What the SDK's pool of Netty connections says when there was none for a request. */
    private static final String NO_CONNECTION = "Acquire operation took longer";

    private NetworkErrors() {}

    /** Whether the request has left, so that it may have been carried out; not if there is no error of the network in it. */
    static boolean sent(Throwable error) {
        Throwable network = last(error);
        if (network == null) {
            return false;
        }
        return Crt.made(network) ? !Crt.isUnsent(network) : !isUnsent(network);
    }

    private static boolean isUnsent(Throwable network) {
        return network instanceof ConnectException
                || network instanceof UnknownHostException
                || network instanceof SSLHandshakeException
                || String.valueOf(network.getMessage()).startsWith(NO_CONNECTION);
    }

    /** Whether there is no such host. */
    public static boolean unknownHost(Throwable error) {
        Throwable network = last(error);
        return network != null
                && (network instanceof UnknownHostException || (Crt.made(network) && Crt.isUnknownHost(network)));
    }

    /** Whether somebody could not be reached, or did not answer in time, or broke off. */
    public static boolean silent(Throwable error) {
        return last(error) != null;
    }

    /** The innermost error of the network. */
    private static @Nullable Throwable last(Throwable error) {
        Throwable found = null;
        for (Throwable cause = error.getCause(); cause != null && cause != cause.getCause(); cause = cause.getCause()) {
            if (cause instanceof IOException || cause instanceof TimeoutException || Crt.made(cause)) {
                found = cause;
            }
        }
        return found;
    }

    /**
     * The errors of the AWS CRT. Its classes are met only where one of them has been thrown, as they need not be on the class path.
     */
    private static final class Crt {

        private static final String ERROR = "software.amazon.awssdk.crt.http.HttpException";

        private static final Set<String> UNKNOWN_HOST =
                Set.of("AWS_IO_DNS_INVALID_NAME", "AWS_IO_DNS_QUERY_FAILED", "AWS_IO_DNS_NO_ADDRESS_FOR_HOST");

        /**
         * Those that can only come before anything is written. A time-out of the socket is not one of them, though the SDK takes it for one
         * (it makes a {@link ConnectException} of it): a connection in use may time out as well.
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
