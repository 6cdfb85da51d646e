/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store;

/** The three DynamoDB types that a key attribute may have. */
public enum KeyType {
    /** S: text in UTF-8, compared byte by byte. */
    STRING,
    /** N: a decimal number of up to 38 digits, compared as a number. */
    NUMBER,
    /** B: bytes, compared as unsigned numbers. */
    BINARY
}
