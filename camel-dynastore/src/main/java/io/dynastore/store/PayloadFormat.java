/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store;

/** What a payload is on the route's side, and how it is stored. */
public enum PayloadFormat {
    /** Each Java type as the DynamoDB type that is closest to it, and back. */
    AUTO,
    /** JSON text on the route's side, a DynamoDB document in the table. */
    JSON,
    /** Text on both sides. */
    TEXT,
    /** Bytes on both sides. */
    BINARY
}
