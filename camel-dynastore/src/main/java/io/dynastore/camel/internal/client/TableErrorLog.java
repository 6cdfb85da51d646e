/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.client;

import io.dynastore.store.Failures;
import io.dynastore.store.ThrottlingReasons;
import io.dynastore.store.internal.item.KeySchemaErrors;
import io.dynastore.store.internal.item.NetworkErrors;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import javax.net.ssl.SSLHandshakeException;
import org.apache.camel.util.ObjectHelper;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.ApiCallAttemptTimeoutException;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.ResourceNotFoundException;
import software.amazon.awssdk.services.dynamodb.model.TableDescription;

/**
 * Logs in one line which table can't be used, where it is, and what to do. The SDK's errors, which pass through
 * unchanged, often name neither. It logs a remedy once. It logs again only after the table was usable in between, or
 * if the remedy is another. Thread safe.
 */
public final class TableErrorLog {

    private static final Logger LOG = LoggerFactory.getLogger("io.dynastore.camel.DynaStoreEndpoint");

    private static final Set<String> CREDENTIALS_REJECTED = Set.of(
            "UnrecognizedClientException",
            "InvalidSignatureException",
            "IncompleteSignatureException",
            "MissingAuthenticationTokenException",
            "InvalidClientTokenId",
            "ExpiredTokenException",
            "ExpiredToken");

    private final String table;
    private final AtomicReference<@Nullable String> reported = new AtomicReference<>();

    /**
     * A log that has reported nothing yet.
     *
     * @param table the table's name, and where it is if that is known
     */
    private TableErrorLog(String table) {
        this.table = table;
    }

    public static TableErrorLog of(TableLocation location) {
        return new TableErrorLog(location.table() + " (" + location.place() + ")");
    }

    /** For a table of an endpoint that has not started: the location is that of the client. */
    public static TableErrorLog of(String table, DynamoDbAsyncClient client) {
        return of(TableLocation.of(table, client));
    }

    /** For a table without a client: the location is unknown. */
    public static TableErrorLog of(String table) {
        return new TableErrorLog(table);
    }

    /** Logs the remedy for an error, if the user can do something about it. */
    public void report(@Nullable Throwable error) {
        String remedy = remedy(error);
        if (remedy != null && !Objects.equals(remedy, reported.getAndSet(remedy))) {
            LOG.warn("Table {} can't be used: {}", table, remedy);
        }
    }

    /** The table has responded: the next error is reported, even if it is the same. */
    public void clear() {
        if (reported.get() != null) {
            reported.set(null);
        }
    }

    /** Reports the error that an attempt ended with, or clears if it ended without one. */
    public void after(@Nullable Throwable error) {
        if (error == null) {
            clear();
        } else {
            report(error);
        }
    }

    /**
     * What the user can do about an error of the SDK, in one or two sentences. Names no credential.
     *
     * @return null if nothing is known that the user can do
     */
    public static @Nullable String remedy(@Nullable Throwable error) {
        Throwable cause = error == null ? null : Failures.cause(error);
        if (cause instanceof ResourceNotFoundException) {
            return "there is none. Create it, or set autoCreateTable=true; "
                    + "or correct its name, the region or the endpoint.";
        }
        if (cause != null && KeySchemaErrors.isOne(cause)) {
            return "its key is not the one that the options describe. " + KeySchemaErrors.remedy(cause);
        }
        if (cause instanceof AwsServiceException rejected) {
            return service(rejected);
        }
        return cause instanceof SdkClientException || cause instanceof TimeoutException ? client(cause) : null;
    }

    /** The options that describe the keys of an index. */
    public static String indexOptions(TableDescription table, String index) {
        return KeySchemaErrors.indexOptions(table, index);
    }

    private static @Nullable String service(AwsServiceException error) {
        // A response of something before the service, a proxy for example, has no error code.
        String code = error.awsErrorDetails() == null
                ? ""
                : Objects.requireNonNullElse(error.awsErrorDetails().errorCode(), "");
        if (CREDENTIALS_REJECTED.contains(code)) {
            return "the credentials are refused (" + code
                    + "). Correct accessKey and secretKey, or what the SDK's default chain finds.";
        }
        if (error.isThrottlingException()) {
            String reasons = ThrottlingReasons.shown(error);
            return "its requests are throttled" + (reasons.isEmpty() ? "" : " (" + reasons + ")")
                    + ". Raise the limit that is exceeded, or send less.";
        }
        return "AccessDeniedException".equals(code)
                ? "the credentials do not allow it (" + code + "). Allow the IAM action that the error names."
                : null;
    }

    private static @Nullable String client(Throwable error) {
        String message = String.valueOf(error.getMessage());
        if (message.startsWith("Unable to load region")) {
            return "no region is known. Set region, or the environment variable AWS_REGION.";
        }
        if (message.startsWith("Unable to load credentials")) {
            return "no credentials are found. Set accessKey and secretKey, a profile, "
                    + "or what the SDK's default chain looks for.";
        }
        if (NetworkErrors.unknownHost(error)) {
            return "its address does not exist. Correct the region, or uriEndpointOverride.";
        }
        if (ObjectHelper.getException(SSLHandshakeException.class, error) != null) {
            return "no secure connection comes about. Check its certificate: the AWS CRT trusts those of the "
                    + "operating system, Netty those of the JVM (see httpClient).";
        }
        return silent(error)
                ? "it can't be reached. Correct the region or the endpoint, or check the network; "
                        + "proxyHost names a proxy, httpClient whose certificates are trusted."
                : null;
    }

    private static boolean silent(Throwable error) {
        return NetworkErrors.silent(error)
                || Stream.of(
                                TimeoutException.class,
                                ApiCallTimeoutException.class,
                                ApiCallAttemptTimeoutException.class)
                        .anyMatch(type -> ObjectHelper.getException(type, error) != null);
    }
}
