/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store.internal.lean;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.async.AsyncExecuteRequest;
import software.amazon.awssdk.http.async.SdkAsyncHttpClient;

/**
 * The HTTP client of the SDK's client. It sends each request, unless the request stands for an attempt that was made
 * already: then it reports what came of that. Thread safe.
 *
 * <p>Decision 21 in docs/decisions has the reasons.
 */
final class ReplayingHttpClient implements SdkAsyncHttpClient {

    /** A header of each request of the SDK. Its value is a random number of the call. */
    private static final String INVOCATION = "amz-sdk-invocation-id";

    private final SdkAsyncHttpClient http;
    private final Map<String, AttemptOutcome> outcomes = new ConcurrentHashMap<>();

    ReplayingHttpClient(SdkAsyncHttpClient http) {
        this.http = http;
    }

    /** The number that the SDK has given to the call of a request; empty if it has none. */
    static String invocation(SdkHttpRequest request) {
        return request.firstMatchingHeader(INVOCATION).orElse("");
    }

    /** Reports this outcome for the next request of a call, instead of sending it. */
    void instead(String invocation, AttemptOutcome outcome) {
        outcomes.put(invocation, outcome);
    }

    /** The call has ended. */
    void forget(String invocation) {
        outcomes.remove(invocation);
    }

    @Override
    public CompletableFuture<Void> execute(AsyncExecuteRequest request) {
        AttemptOutcome outcome = outcomes.isEmpty() ? null : outcomes.remove(invocation(request.request()));
        return outcome == null ? http.execute(request) : outcome.play(request.responseHandler());
    }

    /** Sends a request that is none of the SDK's client. */
    CompletableFuture<Void> send(AsyncExecuteRequest request) {
        return http.execute(request);
    }

    @Override
    public String clientName() {
        return http.clientName();
    }

    @Override
    public void close() {
        http.close();
    }
}
