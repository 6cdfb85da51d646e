/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store;

/**
 * What a put or update does with the stored payload. A create stores its value in each of these modes.
 *
 * <p>If the payload of a table's items {@linkplain TableSchema#flat is their attributes}, {@link #FLAT} and
 * {@link #REPLACE} mean the same there, and so do {@link #FLAT_MERGE} and {@link #MERGE}.
 */
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
    MERGE,
    /** As {@link #REPLACE}, in a table of flat items: attributes that the value does not name are removed. */
    FLAT,
    /** As {@link #MERGE}, in a table of flat items: attributes that the value does not name stay. */
    FLAT_MERGE;

    /** Whether this describes a table of flat items. */
    public boolean flat() {
        return this == FLAT || this == FLAT_MERGE;
    }

    /** What is done, whatever the layout: one of {@link #REPLACE}, {@link #KEEP} and {@link #MERGE}. */
    public PayloadMode change() {
        return switch (this) {
            case REPLACE, FLAT -> REPLACE;
            case KEEP -> KEEP;
            case MERGE, FLAT_MERGE -> MERGE;
        };
    }
}
