/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store;

/**
 * A page token is malformed, or was made for another table, index, partition or range. Nothing was read. Begin again
 * without a token, or ask in the same way as for the page that the token came with.
 */
public class InvalidTokenException extends InvalidInputException {

    private static final long serialVersionUID = 1L;

    public InvalidTokenException(String table, String reason) {
        super(
                "Table " + table + ": the page token " + reason
                        + ". Begin again without a token, or repeat the query that the token came from.",
                null);
    }
}
