/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.queue;

/** An item that a query found claimable. Its payload was not read. Immutable. */
public final class Candidate {

    private final QueueItem read;

    Candidate(QueueItem read) {
        this.read = read;
    }

    /** A hash code of its key. */
    public int keyHash() {
        return read.key().hashCode();
    }

    QueueItem read() {
        return read;
    }
}
