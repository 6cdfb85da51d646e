/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store.internal.lean;

import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.http.SdkHttpResponse;
import software.amazon.awssdk.http.async.SdkAsyncHttpResponseHandler;

/**
 * What came of an attempt, as its HTTP client has reported it. The end of its time is reported in the same way.
 *
 * @param head status and headers; null if there was no response
 * @param body what was received of the body
 * @param error what the attempt ended with; null if the response is complete
 */
record AttemptOutcome(
        @Nullable SdkHttpResponse head,
        SdkBytes body,
        @Nullable Throwable error) {

    private static final SdkBytes NOTHING = SdkBytes.fromByteArrayUnsafe(new byte[0]);

    static AttemptOutcome of(SdkHttpResponse head, SdkBytes body) {
        return new AttemptOutcome(head, body, null);
    }

    static AttemptOutcome of(Throwable error) {
        return new AttemptOutcome(null, NOTHING, error);
    }

    /** Reports all of it again, now to a handler of the SDK. */
    CompletableFuture<Void> play(SdkAsyncHttpResponseHandler handler) {
        if (head == null && error != null) {
            handler.onError(error);
        } else if (head != null) {
            handler.onHeaders(head);
            handler.onStream(new OneBuffer(body, error));
        }
        return error == null ? CompletableFuture.completedFuture(null) : CompletableFuture.failedFuture(error);
    }
}
