/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.message;

import static org.assertj.core.api.Assertions.assertThat;

import io.dynastore.camel.DynaStoreConstants;
import io.dynastore.camel.RouteContract;
import io.dynastore.store.InvalidInputException;
import io.dynastore.store.VersionConflictException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.camel.Message;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** What a route author gets of payloadMode=merge. */
class MergeInRoutesTest extends RouteContract {

    private static final String KEY = "partitionKey=customer&sortKey=1";

    @BeforeEach
    void storeADocument() {
        Map<String, AttributeValue> item = new LinkedHashMap<>(item("customer", "1", "", 1));
        item.put(
                "payload",
                AttributeValue.fromM(Map.of(
                        "status",
                        text("open"),
                        "text",
                        text("t"),
                        "address",
                        AttributeValue.fromM(Map.of("city", text("Bonn"))))));
        dynamo.rawPut(table, item);
    }

    @ParameterizedTest
    @ValueSource(strings = {"update", "put"})
    void bodyIsMergedByOneRequestThatHasOnlyWhatChanges(String operation) throws Exception {
        Map<String, @Nullable Object> body = new LinkedHashMap<>();
        body.put("status", "closed");
        body.put("text", null);
        body.put("address", Map.of("zip", "53111"));

        Message message = done(through(body, Map.of(), store("operation=" + operation + "&payloadMode=merge&" + KEY)));

        assertThat(sent()).containsExactly("UpdateItem");
        assertThat(message.getBody()).isSameAs(body);
        assertThat(message.getHeader(DynaStoreConstants.VERSION)).isEqualTo(2L);
        assertThat(payload())
                .isEqualTo(Map.of(
                        "status",
                        text("closed"),
                        "address",
                        AttributeValue.fromM(Map.of("city", text("Bonn"), "zip", text("53111")))));
    }

    @Test
    void jsonTextIsMergedByTheHeaderWhichIsRemovedAfterwards() throws Exception {
        Message message = done(through(
                "{\"status\": null}",
                Map.of(DynaStoreConstants.PAYLOAD_MODE, "merge"),
                store("operation=update&payloadFormat=json&" + KEY)));

        assertThat(message.getHeaders()).doesNotContainKey(DynaStoreConstants.PAYLOAD_MODE);
        assertThat(payload()).containsOnlyKeys("text", "address");
    }

    @Test
    void mergeExpectsTheVersionThatWasSeen() throws Exception {
        String endpoint = route((builder, from) -> from.to(store("operation=get&" + KEY))
                .process(exchange -> {
                    dynamo.rawPut(table, item("customer", "1", "theirs", 2));
                    exchange.getMessage().setBody(Map.of("status", "closed"));
                })
                .to(store("operation=update&payloadMode=merge&" + KEY)));

        failure(send(endpoint, null, Map.of()), VersionConflictException.class);
        assertThat(stored("customer", "1")).containsEntry("payload", text("theirs"));
    }

    @Test
    void shapeConflictIsNamedAndNothingIsChanged() throws Exception {
        Map<String, AttributeValue> before = stored("customer", "1");

        assertThat(failure(
                        through(
                                Map.of("status", Map.of("code", "SECRET"), "other", 1),
                                Map.of(),
                                store("operation=update&payloadMode=merge&" + KEY)),
                        InvalidInputException.class))
                .hasMessageContainingAll(table, "customer", "'payload.status'", "replace")
                .hasMessageNotContaining("SECRET");
        assertThat(stored("customer", "1")).isEqualTo(before);
    }

    @Test
    void whatIsNoDocumentIsRefusedBeforeAnythingIsSent() throws Exception {
        for (Object body : Arrays.asList("SECRET", 5, null, List.of(Map.of()))) {
            assertThat(refusal(
                            through(body, Map.of(), store("operation=update&payloadMode=merge&" + KEY)),
                            InvalidInputException.class))
                    .hasMessageContainingAll(table, "customer", "payloadMode=merge")
                    .hasMessageNotContaining("SECRET");
        }
    }

    @Test
    void transactionMergesWhereAWriteSaysSo() throws Exception {
        List<Map<String, ?>> writes = List.of(
                Map.of("operation", "update", "sortKey", "1", "payloadMode", "merge", "value", Map.of("status", "x")),
                Map.of("operation", "put", "sortKey", "2", "value", "whole"));

        done(through(writes, Map.of(), store("operation=transact&partitionKey=customer")));

        assertThat(payload()).containsEntry("status", text("x")).containsEntry("text", text("t"));
        assertThat(stored("customer", "2")).containsEntry("payload", text("whole"));
    }

    private Map<String, AttributeValue> payload() {
        return dynamo.rawGet(table, key("customer", "1"))
                .getOrDefault("payload", AttributeValue.fromNul(true))
                .m();
    }
}
