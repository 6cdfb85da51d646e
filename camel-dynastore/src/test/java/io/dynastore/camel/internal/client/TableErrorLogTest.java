/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import javax.net.ssl.SSLHandshakeException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.core.exception.ApiCallAttemptTimeoutException;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;
import software.amazon.awssdk.services.dynamodb.model.ResourceNotFoundException;

/** The remedies for errors of the SDK. The tests of the starter check what is logged of them, and how often. */
class TableErrorLogTest {

    private static Throwable rejected(String code) {
        return DynamoDbException.builder()
                .awsErrorDetails(AwsErrorDetails.builder().errorCode(code).build())
                .statusCode(400)
                .build();
    }

    private static SdkClientException client(String message, @Nullable Throwable cause) {
        return SdkClientException.create(message, cause);
    }

    private static Stream<Arguments> errors() {
        return Stream.of(
                Arguments.of(ResourceNotFoundException.builder().build(), "there is none. Create it"),
                Arguments.of(
                        rejected("UnrecognizedClientException"),
                        "refused (UnrecognizedClientException). Correct accessKey"),
                Arguments.of(rejected("ExpiredTokenException"), "refused (ExpiredTokenException)"),
                Arguments.of(
                        rejected("AccessDeniedException"),
                        "do not allow it (AccessDeniedException). Allow the IAM action"),
                Arguments.of(client("Unable to load region from any of", null), "Set region"),
                Arguments.of(client("Unable to load credentials from any of", null), "Set accessKey and secretKey"),
                Arguments.of(
                        client(
                                "Received an UnknownHostException",
                                client("no", new UnknownHostException("dynamodb.eu"))),
                        "Correct the region, or uriEndpointOverride"),
                Arguments.of(client("no", new ConnectException("Connection refused")), "can't be reached"),
                Arguments.of(client("no", new IOException("closed")), "can't be reached"),
                Arguments.of(client("no", new SSLHandshakeException("unknown")), "(see httpClient)"),
                Arguments.of(ApiCallTimeoutException.create(30_000), "can't be reached"),
                Arguments.of(client("no", ApiCallAttemptTimeoutException.create(10_000)), "can't be reached"),
                Arguments.of(new TimeoutException(), "can't be reached"),
                Arguments.of(rejected("ProvisionedThroughputExceededException"), "Raise the limit"));
    }

    @ParameterizedTest
    @MethodSource("errors")
    void remedyIsKnownEvenIfTheErrorIsWrapped(Throwable error, String remedy) {
        assertThat(TableErrorLog.remedy(error)).contains(remedy);
        assertThat(TableErrorLog.remedy(new CompletionException(error))).contains(remedy);
    }

    @Test
    void transientErrorsAndErrorsOfOthersHaveNoRemedy() {
        assertThat(TableErrorLog.remedy(
                        DynamoDbException.builder().statusCode(500).build()))
                .isNull();
        assertThat(TableErrorLog.remedy(client("Unable to marshall request", null)))
                .isNull();
        assertThat(TableErrorLog.remedy(new IllegalStateException(new ConnectException())))
                .isNull();
        assertThat(TableErrorLog.remedy(null)).isNull();
    }
}
