/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.message;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.apache.camel.Converter;
import org.jspecify.annotations.NullUnmarked;

/** Converts the items of a list with payloadFormat=json to one JSON array. Thread safe. */
@Converter(generateBulkLoader = true)
@NullUnmarked
public final class ListedItemsConverter {

    private ListedItemsConverter() {}

    /** The array as bytes in UTF-8. */
    @Converter
    public static byte[] toBytes(ListedItems items) {
        return items.json();
    }

    /** The array as text. */
    @Converter
    public static String toString(ListedItems items) {
        return new String(items.json(), StandardCharsets.UTF_8);
    }

    /** The array as a stream of bytes in UTF-8. */
    @Converter
    public static InputStream toInputStream(ListedItems items) {
        return new ByteArrayInputStream(items.json());
    }
}
