/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store.internal.lean;

import io.dynastore.store.internal.item.RetryWithinTimeout;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import software.amazon.awssdk.awscore.AwsRequestOverrideConfiguration;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;
import software.amazon.awssdk.identity.spi.IdentityProvider;
import software.amazon.awssdk.identity.spi.ResolveIdentityRequest;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbRequest;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbResponse;

/** One call: a first attempt, and the SDK's call if that did not end it. */
final class LeanCall<Q extends DynamoDbRequest, A> implements FirstAttempt.End {

    private final Q request;
    private final Function<Q, CompletableFuture<A>> sdk;
    private final CallLimits limits;
    private final AwsCredentialsIdentity identity;
    private final ReplayingHttpClient http;
    private final Runnable succeeded;
    private final CompletableFuture<A> response = new CompletableFuture<>();
    private final long began = System.nanoTime();

    /**
     * A call that has not begun.
     *
     * @param sdk sends the request by the SDK's client
     * @param succeeded is told that the first attempt has succeeded
     */
    LeanCall(
            Q request,
            Function<Q, CompletableFuture<A>> sdk,
            CallLimits limits,
            AwsCredentialsIdentity identity,
            ReplayingHttpClient http,
            Runnable succeeded) {
        this.request = request;
        this.sdk = sdk;
        this.limits = limits;
        this.identity = identity;
        this.http = http;
        this.succeeded = succeeded;
    }

    /** What the caller gets. If it is cancelled, the request is given up. */
    CompletableFuture<A> response() {
        return response;
    }

    /**
     * Sends the request for the first time.
     *
     * @param signed the request as it is sent
     * @param body its body
     */
    void begin(ResponseReader<?> reader, SdkHttpRequest signed, SdkBytes body, Threads threads) {
        FirstAttempt attempt = new FirstAttempt(reader, this, threads.readers());
        var unused = response.whenComplete((result, error) -> {
            if (error != null) {
                attempt.abort(error);
            }
        });
        attempt.begin(http, signed, body, limits, threads.timer());
    }

    @Override
    @SuppressWarnings("unchecked")
    public void succeeded(DynamoDbResponse result) {
        try {
            succeeded.run();
        } finally {
            response.complete((A) result);
        }
    }

    @Override
    public void failed(Throwable unforeseen) {
        fail(unforeseen);
    }

    @Override
    public void outOfTime() {
        fail(new CompletionException(ApiCallTimeoutException.create(limit())));
    }

    /** Milliseconds. */
    private long limit() {
        Duration call = limits.call();
        return call == null ? 0 : call.toMillis();
    }

    private void fail(Throwable error) {
        response.completeExceptionally(error);
    }

    @Override
    public void ended(AttemptOutcome outcome) {
        AttemptObserver.Replay replay = new AttemptObserver.Replay(http, outcome);
        CompletableFuture<A> rest;
        try {
            rest = sdk.apply(again(replay));
        } catch (RuntimeException | Error e) {
            replay.end();
            fail(e);
            return;
        }
        var unused = rest.whenComplete((result, error) -> {
            replay.end();
            if (error == null) {
                response.complete(result);
            } else {
                fail(withWholeLimit(error));
            }
        });
        var unusedEither = response.whenComplete((result, error) -> {
            if (error != null) {
                rest.completeExceptionally(error);
            }
        });
    }

    /** The request, with what is left of the time of the call and the credentials of the first attempt. */
    @SuppressWarnings("unchecked")
    private Q again(AttemptObserver.Replay replay) {
        AwsRequestOverrideConfiguration.Builder settings = request.overrideConfiguration()
                .map(AwsRequestOverrideConfiguration::toBuilder)
                .orElseGet(AwsRequestOverrideConfiguration::builder);
        settings.credentialsProvider(new Known(identity)).putExecutionAttribute(AttemptObserver.REPLAY, replay);
        Duration call = limits.call();
        if (call != null) {
            Duration left = call.minusNanos(System.nanoTime() - began);
            settings.putExecutionAttribute(AttemptObserver.BEGUN, new RetryWithinTimeout.Begun(began, call));
            settings.apiCallTimeout(left.compareTo(Duration.ofMillis(1)) < 0 ? Duration.ofMillis(1) : left);
        }
        return (Q) request.toBuilder().overrideConfiguration(settings.build()).build();
    }

    /**
     * The SDK names the limit that it was given, which is what was left after the first attempt. Its error, to which it
     * adds the attempts later, is kept as a suppressed one.
     */
    private Throwable withWholeLimit(Throwable error) {
        Throwable cause = error instanceof CompletionException && error.getCause() != null ? error.getCause() : error;
        if (!(cause instanceof ApiCallTimeoutException)) {
            return error;
        }
        ApiCallTimeoutException whole = ApiCallTimeoutException.create(limit());
        whole.addSuppressed(cause);
        return new CompletionException(whole);
    }

    /** So that no credentials are looked for on a thread of the HTTP client: a call has the same ones to its end. */
    private record Known(AwsCredentialsIdentity identity) implements IdentityProvider<AwsCredentialsIdentity> {

        @Override
        public Class<AwsCredentialsIdentity> identityType() {
            return AwsCredentialsIdentity.class;
        }

        @Override
        public CompletableFuture<AwsCredentialsIdentity> resolveIdentity(ResolveIdentityRequest unused) {
            return CompletableFuture.completedFuture(identity);
        }

        /** Without the credentials. */
        @Override
        public String toString() {
            return "credentials of the first attempt";
        }
    }
}
