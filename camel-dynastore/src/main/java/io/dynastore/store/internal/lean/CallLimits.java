/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store.internal.lean;

import io.dynastore.store.internal.item.PageItems;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.AwsRequestOverrideConfiguration;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbRequest;

/**
 * The time limits of one call.
 *
 * @param call of the whole call; null if there is none
 * @param attempt of each attempt; null if there is none
 */
record CallLimits(@Nullable Duration call, @Nullable Duration attempt) {

    /**
     * The limits of a request.
     *
     * @param client the limits of requests that have none of their own
     * @return empty if the request has settings other than these
     */
    static Optional<CallLimits> of(DynamoDbRequest request, CallLimits client) {
        AwsRequestOverrideConfiguration own = request.overrideConfiguration().orElse(null);
        if (own == null) {
            return Optional.of(client);
        }
        Duration call = own.apiCallTimeout().orElse(null);
        Duration attempt = own.apiCallAttemptTimeout().orElse(null);
        AwsRequestOverrideConfiguration.Builder limits =
                AwsRequestOverrideConfiguration.builder().apiCallTimeout(call).apiCallAttemptTimeout(attempt);
        PageItems items = PageItems.in(own);
        if (items != null) {
            items.addTo(limits);
        }
        return limits.build().equals(own)
                ? Optional.of(new CallLimits(
                        call == null ? client.call() : call, attempt == null ? client.attempt() : attempt))
                : Optional.empty();
    }

    /** How long the first attempt may take; null if there is no limit. */
    @Nullable
    Duration firstAttempt() {
        if (call == null || attempt == null) {
            return call == null ? attempt : call;
        }
        return endsCall() ? call : attempt;
    }

    /** Whether the call ends with its first attempt, if that reaches its limit. */
    boolean endsCall() {
        return call != null && (attempt == null || call.compareTo(attempt) <= 0);
    }
}
