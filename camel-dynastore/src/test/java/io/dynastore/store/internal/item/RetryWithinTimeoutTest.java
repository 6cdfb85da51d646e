/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store.internal.item;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttribute;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.retries.api.AcquireInitialTokenRequest;
import software.amazon.awssdk.retries.api.RefreshRetryTokenRequest;
import software.amazon.awssdk.retries.api.RetryToken;
import software.amazon.awssdk.retries.api.TokenAcquisitionFailedException;
import software.amazon.awssdk.services.dynamodb.model.GetItemRequest;

class RetryWithinTimeoutTest {

    private static final ExecutionAttribute<RetryToken> TOKEN = new ExecutionAttribute<>("test-token");
    private static final ExecutionAttribute<RetryWithinTimeout.Begun> BEGUN = new ExecutionAttribute<>("test-begun");
    private static final Duration LIMIT = Duration.ofHours(1);

    private final RetryWithinTimeout retries =
            new RetryWithinTimeout(AwsRetryStrategy.standardRetryStrategy(), Duration.ofHours(9));
    private final RetryToken token =
            retries.acquireInitialToken(AcquireInitialTokenRequest.create("-")).token();

    @Test
    void retryFitsTheLimitOfItsRequest() {
        transmit(null);

        assertThat(retries.refreshRetryToken(failure()).delay()).isLessThan(LIMIT);
    }

    @Test
    void callThatBeganBeforeTheSdkLearnedOfItHasOnlyTheRestOfItsLimit() {
        transmit(new RetryWithinTimeout.Begun(
                System.nanoTime() - LIMIT.minusMillis(1).toNanos(), LIMIT));

        assertThatThrownBy(() -> retries.refreshRetryToken(failure()))
                .isInstanceOf(TokenAcquisitionFailedException.class)
                .hasMessageContaining("does not fit the time limit");
    }

    private RefreshRetryTokenRequest failure() {
        return RefreshRetryTokenRequest.builder()
                .token(token)
                .failure(SdkClientException.create("no connection", new IOException()))
                .build();
    }

    private void transmit(RetryWithinTimeout.@Nullable Begun begun) {
        ExecutionAttributes attributes = new ExecutionAttributes().putAttribute(TOKEN, token);
        if (begun != null) {
            attributes.putAttribute(BEGUN, begun);
        }
        GetItemRequest request = GetItemRequest.builder()
                .overrideConfiguration(own -> own.apiCallTimeout(LIMIT))
                .build();
        Context.BeforeTransmission context = (Context.BeforeTransmission) Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {Context.BeforeTransmission.class},
                (proxy, method, arguments) -> request);
        retries.requestLimits().beforeTransmission(context, attributes);
    }
}
