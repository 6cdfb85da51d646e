/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store;

/**
 * A page token is malformed, or belongs to another table, index, partition or range. Nothing was read. Begin again
 * without a token, or repeat the query that returned it.
 */
public class InvalidTokenException extends InvalidInputException {

    private static final long serialVersionUID = 1L;

    /**
     * An error about a page token.
     *
     * @param reason completes "the page token ..."
     */
    public InvalidTokenException(String table, String reason) {
        super(
                "Table " + table + ": the page token " + reason
                        + ". Begin again without a token, or repeat the query that returned it.",
                null);
    }
}
