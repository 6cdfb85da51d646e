/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store.internal.item;

import software.amazon.awssdk.core.SdkPlugin;
import software.amazon.awssdk.core.client.config.ClientOverrideConfiguration;
import software.amazon.awssdk.retries.api.AcquireInitialTokenRequest;
import software.amazon.awssdk.retries.api.AcquireInitialTokenResponse;
import software.amazon.awssdk.retries.api.RecordSuccessRequest;
import software.amazon.awssdk.retries.api.RecordSuccessResponse;
import software.amazon.awssdk.retries.api.RefreshRetryTokenRequest;
import software.amazon.awssdk.retries.api.RefreshRetryTokenResponse;
import software.amazon.awssdk.retries.api.RetryStrategy;
import software.amazon.awssdk.retries.api.TokenAcquisitionFailedException;

/**
 * The retries of a client, but none after an attempt that may have been applied. Thread safe.
 *
 * @param retries decides everything else
 */
record RetryUnlessApplied(RetryStrategy retries) implements RetryStrategy {

    /** Puts these retries in the place of those that the client has, for one request. */
    static final SdkPlugin PLUGIN = client -> {
        ClientOverrideConfiguration given = client.overrideConfiguration();
        given.retryStrategy()
                .filter(retries -> !(retries instanceof RetryUnlessApplied))
                .ifPresent(retries -> client.overrideConfiguration(given.toBuilder()
                        .retryStrategy(new RetryUnlessApplied(retries))
                        .build()));
    };

    @Override
    public AcquireInitialTokenResponse acquireInitialToken(AcquireInitialTokenRequest request) {
        return retries.acquireInitialToken(request);
    }

    @Override
    public RefreshRetryTokenResponse refreshRetryToken(RefreshRetryTokenRequest request) {
        if (AmbiguousFailures.mayHaveBeenApplied(request.failure())) {
            throw new TokenAcquisitionFailedException(
                    "The request may have been applied", request.token(), request.failure());
        }
        return retries.refreshRetryToken(request);
    }

    @Override
    public RecordSuccessResponse recordSuccess(RecordSuccessRequest request) {
        return retries.recordSuccess(request);
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

    /** The retries belong to the client. */
    @Override
    public void close() {}
}
