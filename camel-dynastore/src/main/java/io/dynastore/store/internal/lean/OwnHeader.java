/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store.internal.lean;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The headers whose values differ from one request of a template to the next. */
enum OwnHeader {
    /** The number of the call. */
    INVOCATION(0, "amz-sdk-invocation-id"),
    /** The number of bytes of the body. */
    LENGTH(1, "content-length"),
    /** The hash of the body. */
    HASH(2, "x-amz-content-sha256"),
    /** The second in which the request is signed. */
    DATE(3, "x-amz-date"),
    /** The signature. */
    AUTHORIZATION(4, "authorization");

    /** The number of these headers. */
    static final int COUNT = 5;

    private final int index;
    private final String text;

    OwnHeader(int index, String text) {
        this.index = index;
        this.text = text;
    }

    /** The header of a name in any case; null if all requests of a template have the same value of it. */
    static @Nullable OwnHeader of(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        for (OwnHeader header : values()) {
            if (header.text.equals(lower)) {
                return header;
            }
        }
        return null;
    }

    /** The value among those of one request, which are in the order of these constants. */
    String in(String[] values) {
        return values[index];
    }

    /** Sets the value among those of one request. */
    void put(String[] values, String value) {
        values[index] = value;
    }
}
