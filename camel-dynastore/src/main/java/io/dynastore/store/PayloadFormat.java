/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store;

/** The type of a payload in Java, and in the table. */
public enum PayloadFormat {
    /** Java type and DynamoDB type correspond: text is S, a number N, a map M, for example. */
    AUTO,
    /** JSON text in Java, a DynamoDB document in the table. */
    JSON,
    /** Text in Java, and S in the table. */
    TEXT,
    /** Bytes in Java, and B in the table. */
    BINARY
}
