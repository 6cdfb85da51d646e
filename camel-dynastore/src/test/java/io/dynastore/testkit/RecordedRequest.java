/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.testkit;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * One request that went over the wire and what came back. A retry is a request of its own.
 *
 * @param operation     DynamoDB's name of the operation, {@code PutItem}
 * @param request       what was sent
 * @param status        the HTTP status, 0 if no response came
 * @param response      what came back; a missing node if nothing did
 * @param requestBytes  size of the sent body
 * @param responseBytes size of the received body
 */
public record RecordedRequest(
        String operation, JsonNode request, int status, JsonNode response, long requestBytes, long responseBytes) {}
