/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store.internal.item;

import java.time.Duration;
import java.util.Collection;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkPlugin;
import software.amazon.awssdk.core.SdkServiceClientConfiguration;
import software.amazon.awssdk.core.client.config.ClientOverrideConfiguration;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.retries.api.AcquireInitialTokenRequest;
import software.amazon.awssdk.retries.api.AcquireInitialTokenResponse;
import software.amazon.awssdk.retries.api.RecordSuccessRequest;
import software.amazon.awssdk.retries.api.RecordSuccessResponse;
import software.amazon.awssdk.retries.api.RefreshRetryTokenRequest;
import software.amazon.awssdk.retries.api.RefreshRetryTokenResponse;
import software.amazon.awssdk.retries.api.RetryStrategy;
import software.amazon.awssdk.retries.api.RetryToken;
import software.amazon.awssdk.retries.api.TokenAcquisitionFailedException;

/**
 * The retries of a client, as long as they fit the time limit of a call. If the pause before the next attempt reaches
 * beyond the limit, the call fails at once with the error of its last attempt.
 *
 * <p>Without it, the SDK (2.54.13) waits until the limit passes, and fails with an {@code ApiCallTimeoutException} that
 * does not know the attempts. A write that the service has throttled each time then looks as if it may have been
 * applied.
 *
 * <p>Thread safe.
 */
public final class RetryWithinTimeout implements RetryStrategy {

    /** An attempt begins only if it has this part of the limit, at most {@link #LONGEST_ATTEMPT}, to get a response. */
    private static final int PARTS = 20;

    private static final Duration LONGEST_ATTEMPT = Duration.ofSeconds(1);

    private final RetryStrategy retries;
    private final Duration limit;

    /**
     * Retries within a time limit.
     *
     * @param retries decides everything else
     * @param limit the time limit of a call that has none of its own
     */
    public RetryWithinTimeout(RetryStrategy retries, Duration limit) {
        this.retries = retries;
        this.limit = limit;
    }

    /**
     * An attribute of a call whose first attempt was made before the SDK's call began.
     *
     * @param at when the call began, by {@link System#nanoTime}
     * @param limit its whole time limit
     */
    public record Begun(long at, Duration limit) {}

    /** One call: the token of its retries, and when it has to end. */
    private static final class CallToken implements RetryToken {
        private volatile long began;
        private volatile RetryToken token;
        private volatile Duration limit;

        CallToken(RetryToken token, Duration limit) {
            this.began = System.nanoTime();
            this.token = token;
            this.limit = limit;
        }

        boolean fits(Duration pause) {
            Duration attempt = limit.dividedBy(PARTS);
            Duration least = attempt.compareTo(LONGEST_ATTEMPT) < 0 ? attempt : LONGEST_ATTEMPT;
            Duration passed = Duration.ofNanos(System.nanoTime() - began);
            return passed.plus(pause).plus(least).compareTo(limit) < 0;
        }
    }

    /**
     * For the requests of a client that the component did not make.
     *
     * @param limit the time limit of the request
     * @return empty if the client has no retries, or if they fit the limit already
     */
    public static Optional<SdkPlugin> plugin(SdkServiceClientConfiguration client, Duration limit) {
        Optional<RetryStrategy> retries = client.overrideConfiguration().retryStrategy();
        if (retries.isEmpty() || retries.get() instanceof RetryWithinTimeout) {
            return Optional.empty();
        }
        RetryStrategy within = new RetryWithinTimeout(retries.get(), limit);
        return Optional.of(request -> {
            ClientOverrideConfiguration given = request.overrideConfiguration();
            request.overrideConfiguration(
                    given.toBuilder().retryStrategy(within).build());
        });
    }

    /** For the client of these retries: heeds the time limits of single requests. */
    public ExecutionInterceptor requestLimits() {
        return new LaterAttempts() {
            @Override
            public void beforeTransmission(Context.BeforeTransmission context, ExecutionAttributes attributes) {
                context.request()
                        .overrideConfiguration()
                        .flatMap(request -> request.apiCallTimeout())
                        .ifPresent(own -> limit(attributes, own));
            }
        };
    }

    private static void limit(ExecutionAttributes attributes, Duration limit) {
        Collection<Object> all = attributes.getAttributes().values();
        Begun begun = only(all, Begun.class);
        CallToken call = only(all, CallToken.class);
        if (call != null) {
            call.limit = begun == null ? limit : begun.limit();
            call.began = begun == null ? call.began : begun.at();
        }
    }

    private static <T> @Nullable T only(Collection<Object> attributes, Class<T> type) {
        for (Object attribute : attributes) {
            if (type.isInstance(attribute)) {
                return type.cast(attribute);
            }
        }
        return null;
    }

    @Override
    public AcquireInitialTokenResponse acquireInitialToken(AcquireInitialTokenRequest request) {
        AcquireInitialTokenResponse response = retries.acquireInitialToken(request);
        return AcquireInitialTokenResponse.create(new CallToken(response.token(), limit), response.delay());
    }

    @Override
    public RefreshRetryTokenResponse refreshRetryToken(RefreshRetryTokenRequest request) {
        CallToken call = (CallToken) request.token();
        RefreshRetryTokenResponse response;
        try {
            response = retries.refreshRetryToken(
                    request.toBuilder().token(call.token).build());
        } catch (TokenAcquisitionFailedException e) {
            throw failed(String.valueOf(e.getMessage()), call, e.token(), request.failure());
        }
        if (!call.fits(response.delay())) {
            throw failed("The next attempt does not fit the time limit", call, response.token(), request.failure());
        }
        call.token = response.token();
        return RefreshRetryTokenResponse.create(call, response.delay());
    }

    private static TokenAcquisitionFailedException failed(
            String message, CallToken call, @Nullable RetryToken token, Throwable failure) {
        if (token != null) {
            call.token = token;
        }
        return new TokenAcquisitionFailedException(message, call, failure);
    }

    @Override
    public RecordSuccessResponse recordSuccess(RecordSuccessRequest request) {
        CallToken call = (CallToken) request.token();
        RecordSuccessResponse response = retries.recordSuccess(RecordSuccessRequest.create(call.token));
        call.token = response.token();
        return RecordSuccessResponse.create(call);
    }

    @Override
    public int maxAttempts() {
        return retries.maxAttempts();
    }

    /** They have them already. */
    @Override
    public boolean useClientDefaults() {
        return false;
    }

    @Override
    public Builder<?, ?> toBuilder() {
        return retries.toBuilder();
    }

    @Override
    public void close() {
        retries.close();
    }
}
