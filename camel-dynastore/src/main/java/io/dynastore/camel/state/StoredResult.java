/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.state;

import java.util.Map;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * The result of a message, as it is stored with its key.
 *
 * @param payload the body; NULL for none
 * @param headers the chosen headers
 */
record StoredResult(AttributeValue payload, Map<String, AttributeValue> headers) {

    StoredResult {
        headers = Map.copyOf(headers);
    }
}
