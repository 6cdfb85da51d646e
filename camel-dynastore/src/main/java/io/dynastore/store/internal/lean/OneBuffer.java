/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store.internal.lean;

import java.nio.ByteBuffer;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.http.async.SdkHttpContentPublisher;

/**
 * A body that is in memory: of a request, or of a response that is played again.
 *
 * @param bytes the body
 * @param error what comes after it; null if it is complete
 */
record OneBuffer(SdkBytes bytes, @Nullable Throwable error) implements SdkHttpContentPublisher {

    @Override
    public Optional<Long> contentLength() {
        return Optional.of((long) bytes.asByteArrayUnsafe().length);
    }

    @Override
    public void subscribe(Subscriber<? super ByteBuffer> subscriber) {
        subscriber.onSubscribe(new Subscription() {
            private boolean ended;

            @Override
            public void request(long count) {
                if (ended) {
                    return;
                }
                ended = true;
                if (count <= 0) {
                    subscriber.onError(new IllegalArgumentException("The number of buffers must be positive"));
                    return;
                }
                if (bytes.asByteArrayUnsafe().length > 0) {
                    subscriber.onNext(bytes.asByteBuffer());
                }
                if (error == null) {
                    subscriber.onComplete();
                } else {
                    subscriber.onError(error);
                }
            }

            @Override
            public void cancel() {
                ended = true;
            }
        });
    }
}
