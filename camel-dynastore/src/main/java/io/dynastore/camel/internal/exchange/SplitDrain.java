/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.exchange;

import java.lang.StackWalker.StackFrame;
import org.jspecify.annotations.Nullable;

/**
 * Whether Camel's split has ended and takes the rest out of its iterator, only to release exchanges that it never sent.
 *
 * <p>A split ends before its elements do at its time-out, or if too many of them failed. Nothing on the exchange shows
 * that. The caller of the iterator does: the end of the split, rather than a task that sends the next element. If a
 * version of Camel calls that method by another name, the iteration is read to its end, as any other iterator is.
 *
 * <p>Any thread may ask. A look takes about a microsecond. So it is taken if the thread has changed, as at a time-out,
 * and else only at every {@value #ITEMS}th item.
 *
 * <p>Decision 10 in docs/decisions has the reasons.
 */
final class SplitDrain {

    private static final int ITEMS = 64;

    private static final String SPLIT = "org.apache.camel.processor.MulticastProcessor";
    private static final String END = "doDone";

    private static final StackWalker STACK = StackWalker.getInstance();

    private volatile boolean begun;
    private volatile @Nullable Thread reader;
    private int items;

    /** Whether a look has shown that the split has ended. */
    boolean hasBegun() {
        return begun;
    }

    /** Looks who calls the iterator, if it is time to. */
    void look() {
        Thread current = Thread.currentThread();
        if (begun || (current == reader && ++items < ITEMS)) {
            return;
        }
        reader = current;
        items = 0;
        begun = STACK.walk(frames -> frames.dropWhile(SplitDrain::iterates)
                .findFirst()
                .filter(SplitDrain::ends)
                .isPresent());
    }

    /** Whether this is a call of an iterator or of this class. */
    private static boolean iterates(StackFrame frame) {
        return frame.getMethodName().equals("hasNext")
                || frame.getMethodName().equals("next")
                || frame.getClassName().equals(SplitDrain.class.getName());
    }

    private static boolean ends(StackFrame frame) {
        return frame.getMethodName().equals(END) && frame.getClassName().equals(SPLIT);
    }
}
