/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store.internal.item;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.dynastore.store.InvalidInputException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import javax.net.ssl.SSLHandshakeException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProviderChain;
import software.amazon.awssdk.auth.credentials.ProfileCredentialsProvider;
import software.amazon.awssdk.core.exception.ApiCallAttemptTimeoutException;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.core.exception.Crc32MismatchException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.profiles.ProfileFile;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;

class AmbiguousFailuresTest {

    static Stream<Throwable> ambiguous() {
        return Stream.of(
                ApiCallTimeoutException.create(100),
                ApiCallAttemptTimeoutException.create(100),
                Crc32MismatchException.builder().message("damaged").build(),
                client(new IOException("connection reset")),
                client(new TimeoutException("no response")),
                client(new IllegalStateException(new IOException("connection reset"))),
                client(new IllegalStateException("the connection pool is closed")),
                client(new RejectedExecutionException("the executor is shut down")),
                client(null),
                new IllegalStateException("not from the SDK"),
                new CancellationException(),
                new NoClassDefFoundError("software/amazon/awssdk/Any"),
                responded(500),
                responded(503));
    }

    static Stream<Throwable> notSent() {
        return Stream.of(
                client(new ConnectException("refused")),
                client(new UnknownHostException("nobody")),
                client(new SSLHandshakeException("unknown certificate")),
                client(new IOException(new ConnectException("refused"))),
                client(new TimeoutException("Acquire operation took longer than 10000 milliseconds.")),
                responded(400),
                responded(499),
                withoutCredentials(),
                new InvalidInputException("not of the SDK", null));
    }

    @ParameterizedTest
    @MethodSource("ambiguous")
    void errorAfterTheRequestWasSentIsAmbiguous(Throwable error) {
        assertThat(AmbiguousFailures.mayHaveBeenApplied(error)).isTrue();
    }

    @ParameterizedTest
    @MethodSource("notSent")
    void requestThatWasRejectedOrNeverSentWasNotApplied(Throwable error) {
        assertThat(AmbiguousFailures.mayHaveBeenApplied(error)).isFalse();
    }

    @Test
    void requestWhoseAttemptsAllFailedInTheSameWayWasNotApplied() {
        Throwable error = refusedAfter(
                "Request attempt 1 failure: refused by the test", "Request attempt 2 failure: refused by the test");

        assertThat(AmbiguousFailures.mayHaveBeenApplied(error)).isFalse();
    }

    @Test
    void attemptThatFailedInAnotherWayIsAmbiguous() {
        Throwable error =
                refusedAfter("Request attempt 1 failure: refused by the test", "Request attempt 2 failure: reset");

        assertThat(AmbiguousFailures.mayHaveBeenApplied(error)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"1,false", "2,true", ",false"})
    void requestIsRepeatedIfItTookMoreThanOneAttempt(@Nullable Integer attempts, boolean repeated) {
        assertThat(AmbiguousFailures.repeated(
                        SdkClientException.builder().numAttempts(attempts).build()))
                .isEqualTo(repeated);
        assertThat(AmbiguousFailures.repeated(new IllegalStateException())).isFalse();
    }

    private static Throwable refusedAfter(String... attempts) {
        SdkClientException error = SdkClientException.builder()
                .message("refused by the test")
                .cause(new ConnectException())
                .numAttempts(attempts.length + 1)
                .build();
        for (String attempt : attempts) {
            error.addSuppressed(new IllegalStateException(attempt));
        }
        return error;
    }

    private static Throwable withoutCredentials() {
        return catchThrowable(() -> AwsCredentialsProviderChain.of(ProfileCredentialsProvider.builder()
                        .profileFile(ProfileFile.aggregator().build())
                        .build())
                .resolveCredentials());
    }

    private static SdkClientException client(@Nullable Throwable cause) {
        return SdkClientException.builder().message("failed").cause(cause).build();
    }

    private static Throwable responded(int status) {
        return DynamoDbException.builder().statusCode(status).message("no").build();
    }
}
