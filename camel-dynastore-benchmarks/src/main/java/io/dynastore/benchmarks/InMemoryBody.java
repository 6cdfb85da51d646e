/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.benchmarks;

import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;
import software.amazon.awssdk.http.async.AsyncExecuteRequest;

/** Bodies between the SDK and a client that has them in memory as a whole. */
final class InMemoryBody {

    private InMemoryBody() {}

    /** The body of a request, whose publisher has it in memory and publishes it at once. */
    static byte[] of(AsyncExecuteRequest request) {
        Collector collector = new Collector();
        request.requestContentPublisher().subscribe(collector);
        if (!collector.complete) {
            throw new IllegalStateException("The body is not in memory");
        }
        return collector.bytes;
    }

    /** Publishes the body of a response as one buffer. */
    static Publisher<ByteBuffer> publisher(ByteBuffer body) {
        return subscriber -> subscriber.onSubscribe(new Subscription() {
            private boolean sent;

            @Override
            public void request(long count) {
                if (!sent) {
                    sent = true;
                    if (body.hasRemaining()) {
                        subscriber.onNext(body);
                    }
                    subscriber.onComplete();
                }
            }

            @Override
            public void cancel() {
                sent = true;
            }
        });
    }

    /** Reports an error to both who may wait for it. */
    static void fail(AsyncExecuteRequest request, CompletableFuture<Void> end, Throwable error) {
        request.responseHandler().onError(error);
        end.completeExceptionally(error);
    }

    private static final class Collector implements Subscriber<ByteBuffer> {
        private byte[] bytes = {};
        private boolean complete;

        @Override
        public void onSubscribe(Subscription subscription) {
            subscription.request(Long.MAX_VALUE);
        }

        @Override
        public void onNext(ByteBuffer part) {
            int before = bytes.length;
            byte[] more = new byte[before + part.remaining()];
            System.arraycopy(bytes, 0, more, 0, before);
            part.get(more, before, part.remaining());
            bytes = more;
        }

        @Override
        public void onError(Throwable error) {
            // Then it is not complete.
        }

        @Override
        public void onComplete() {
            complete = true;
        }
    }
}
