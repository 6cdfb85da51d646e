/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store;

/**
 * One of the parts into which the service divides a whole table or index, so that several readers share it. Together the
 * segments hold every item once.
 *
 * @param number from 0
 * @param of how many there are, 1 to 1,000,000
 */
public record Segment(int number, int of) {

    /** The most segments that the service makes. */
    public static final int MOST = 1_000_000;

    /**
     * Checks the numbers.
     *
     * @throws InvalidInputException if there is no such segment
     */
    public Segment {
        if (of < 1 || of > MOST) {
            throw new InvalidInputException("A table is read in 1 to " + MOST + " segments, not in " + of + ".");
        }
        if (number < 0 || number >= of) {
            throw new InvalidInputException("Of " + of + " segments the first is 0 and the last " + (of - 1)
                    + ", there is none with number " + number + ".");
        }
    }

    /** For messages. */
    @Override
    public String toString() {
        return "segment " + number + " of " + of;
    }
}
