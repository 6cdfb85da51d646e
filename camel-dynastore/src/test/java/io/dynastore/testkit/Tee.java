/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.testkit;

import java.nio.ByteBuffer;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;

/**
 * Passes a stream on and keeps a copy.
 *
 * @param next  who the stream is for
 * @param copy  where the copy goes
 * @param atEnd run before {@code next} learns that the stream has ended or failed
 */
record Tee(Subscriber<? super ByteBuffer> next, Bytes copy, Runnable atEnd) implements Subscriber<ByteBuffer> {

    @Override
    public void onSubscribe(Subscription subscription) {
        next.onSubscribe(subscription);
    }

    @Override
    public void onNext(ByteBuffer buffer) {
        copy.add(buffer);
        next.onNext(buffer);
    }

    @Override
    public void onError(Throwable failure) {
        atEnd.run();
        next.onError(failure);
    }

    @Override
    public void onComplete() {
        atEnd.run();
        next.onComplete();
    }
}
