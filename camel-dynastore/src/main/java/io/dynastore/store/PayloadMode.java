/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store;

/** What a put or update does with the stored payload. A create stores its value in each of these modes. */
public enum PayloadMode {
    /** The value replaces the payload. */
    REPLACE,
    /** The payload stays as it is. The write has no value: it sets fields, adds to numbers, and nothing else. */
    KEEP,
    /**
     * The value is a document: a Map, an object, or JSON text that is one. Its members are set in the stored document,
     * a null removes one, and a document within is merged in the same way. All other members stay. A missing document
     * is created.
     */
    MERGE
}
