/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.message;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.dynastore.camel.DynaStoreConstants;
import io.dynastore.camel.RouteContract;
import io.dynastore.store.Item;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.camel.Message;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** A list with payloadFormat=json becomes a JSON array if text or bytes are asked for. */
class ListAsJsonInRoutesTest extends RouteContract {

    private static final String LIST = "operation=list&partitionKey=customer&payloadFormat=json";

    private static final String BOTH = "[{\"key\":{\"partitionKey\":\"customer\",\"sortKey\":\"1\"},"
            + "\"payload\":{\"n\":12345678901234567890.5,\"t\":\"größer \\\"x\\\"\"},\"version\":3,"
            + "\"expires\":\"2096-01-01T00:00:00Z\",\"fields\":{\"bytes\":\"AQI=\",\"status\":\"open\"}},"
            + "{\"key\":{\"partitionKey\":\"customer\",\"sortKey\":\"2\"},\"payload\":null,\"version\":1,"
            + "\"expires\":null,\"fields\":{}}]";

    private void twoItems() {
        Map<String, AttributeValue> item = new HashMap<>(key("customer", "1"));
        item.put("version", number(3));
        item.put("expires", number(3_976_214_400L));
        item.put(
                "payload",
                AttributeValue.fromM(
                        Map.of("n", AttributeValue.fromN("12345678901234567890.5"), "t", text("größer \"x\""))));
        item.put("status", text("open"));
        item.put("bytes", AttributeValue.fromB(SdkBytes.fromByteArray(new byte[] {1, 2})));
        dynamo.rawPut(table, item);
        Map<String, AttributeValue> bare = new HashMap<>(key("customer", "2"));
        bare.put("version", number(1));
        dynamo.rawPut(table, bare);
    }

    private static JsonNode json(String text) throws Exception {
        return JsonMapper.builder().build().readTree(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"operation=list", "operation=batchGet"})
    void textAndBytesAreOneArray(String operation) throws Exception {
        twoItems();

        Message message = done(through(
                null,
                Map.of(DynaStoreConstants.KEYS, List.of("1", "2")),
                store(operation + "&partitionKey=customer&payloadFormat=json")));

        String text = message.getBody(String.class);
        assertThat(json(text)).isEqualTo(json(BOTH));
        assertThat(text).contains("12345678901234567890.5", "größer");
        assertThat(message.getBody(byte[].class)).isEqualTo(text.getBytes(StandardCharsets.UTF_8));
        try (InputStream stream = message.getBody(InputStream.class)) {
            assertThat(stream).hasBinaryContent(text.getBytes(StandardCharsets.UTF_8));
        }
    }

    @Test
    void characterSetOfTheExchangeDoesNotChangeJson() throws Exception {
        twoItems();

        Message message = done(through(null, Map.of("CamelCharsetName", "ISO-8859-1"), store(LIST)));

        assertThat(new String(message.getBody(byte[].class), StandardCharsets.UTF_8))
                .contains("größer");
    }

    @Test
    void bodyIsStillAListOfItems() throws Exception {
        twoItems();
        List<Object> split = new ArrayList<>();
        String start = route((builder, from) -> from.to(store(LIST))
                .split(builder.body())
                .process(exchange -> split.add(exchange.getMessage().getBody()))
                .end());

        Message message = done(send(start, null, Map.of()));

        assertThat(items(message)).isEqualTo(split).hasSize(2);
        assertThat(split).allSatisfy(item -> assertThat(item).isInstanceOf(Item.class));
        assertThat(message.getHeader(DynaStoreConstants.COUNT)).isEqualTo(2);
    }

    @Test
    void emptyListIsAnEmptyArray() throws Exception {
        assertThat(done(through(null, Map.of(), store(LIST))).getBody(String.class))
                .isEqualTo("[]");
    }

    /** Or a log of the body would contain payloads that it did not contain before. */
    @Test
    void otherFormatsAreNotConverted() throws Exception {
        given("customer", "1", "SECRET");

        assertThat(done(through(null, Map.of(), store("operation=list&partitionKey=customer")))
                        .getBody(String.class))
                .doesNotContain("SECRET");
    }
}
