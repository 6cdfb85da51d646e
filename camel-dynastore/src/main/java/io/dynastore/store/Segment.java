/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store;

/**
 * One segment of a parallel scan: the service divides a whole table or index into segments, so that several readers
 * share it. Together, the segments have each item once. Immutable.
 *
 * @param number the number of the segment, from 0
 * @param of the number of segments, 1 to 1,000,000
 */
public record Segment(int number, int of) {

    /** The service's limit of segments. */
    public static final int MOST = 1_000_000;

    /**
     * Checks the numbers.
     *
     * @throws InvalidInputException if there is no such segment
     */
    public Segment {
        if (of < 1 || of > MOST) {
            throw new InvalidInputException("A table has 1 to " + MOST + " segments, not " + of + ".");
        }
        if (number < 0 || number >= of) {
            throw new InvalidInputException("There is no segment " + number + ": of " + of
                    + " segments, the first has number 0, and the last " + (of - 1) + ".");
        }
    }

    /** For messages. */
    @Override
    public String toString() {
        return "segment " + number + " of " + of;
    }
}
