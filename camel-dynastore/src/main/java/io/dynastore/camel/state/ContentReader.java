/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.state;

import io.dynastore.store.DynaStoreException;
import io.dynastore.store.Key;
import java.io.ByteArrayOutputStream;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Reads items and the parts of their contents. Thread safe; callers wait for responses. */
final class ContentReader {

    private final TableRequests requests;
    private final AggregationPlaces places;

    ContentReader(TableRequests requests, AggregationPlaces places) {
        this.requests = requests;
        this.places = places;
    }

    /** An item by a consistent read; empty if there is none. */
    Map<String, AttributeValue> item(Key place) {
        return requests.read(place);
    }

    /**
     * The attributes of the exchange in an item.
     *
     * @throws DynaStoreException if a part is missing, as the content was replaced meanwhile, or if it is damaged
     */
    Map<String, AttributeValue> attributes(Map<String, AttributeValue> item) {
        int parts = StoredContent.partsOf(item);
        return StoredContent.unpacked(item, parts == 0 ? null : joined(StoredContent.partsId(item), parts));
    }

    private byte[] joined(String id, int parts) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int i = 0; i < parts; i++) {
            AttributeValue part = item(places.part(id, i)).get(StoredContent.PACKED);
            if (part == null) {
                throw new MissingPartException();
            }
            bytes.writeBytes(part.b().asByteArrayUnsafe());
        }
        return bytes.toByteArray();
    }

    /** A content was replaced while it was read. */
    static final class MissingPartException extends DynaStoreException {

        private static final long serialVersionUID = 1L;

        MissingPartException() {
            super("A part of its content is missing.");
        }
    }
}
