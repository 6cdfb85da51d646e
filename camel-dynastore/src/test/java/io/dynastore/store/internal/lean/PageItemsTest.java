/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store.internal.lean;

import static org.assertj.core.api.Assertions.assertThat;

import io.dynastore.store.internal.item.PageItems;
import io.dynastore.testkit.LeanClients;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;

/** Pages are read without the history of writes, and are else those of the SDK, whatever becomes of the request. */
@Timeout(60)
class PageItemsTest {

    private static final String PAGE =
            "{\"Items\":[{\"id\":{\"S\":\"1\"},\"_dsw0\":{\"B\":\"AAAA\"},\"_dsv0\":{\"N\":\"1\"},"
                    + "\"_dsx\":{\"S\":\"not of the history\"},\"list\":{\"L\":[{\"M\":{\"_dsw0\":{\"N\":\"2\"}}}]}},{}],"
                    + "\"Count\":2,\"ScannedCount\":3,\"LastEvaluatedKey\":{\"id\":{\"S\":\"1\"}}}";

    private static final List<Map<String, AttributeValue>> ITEMS = List.of(
            Map.of(
                    "id", AttributeValue.fromS("1"),
                    "_dsx", AttributeValue.fromS("not of the history"),
                    "list",
                            AttributeValue.fromL(
                                    List.of(AttributeValue.fromM(Map.of("_dsw0", AttributeValue.fromN("2")))))),
            Map.of());

    @SuppressWarnings("NullAway.Init") // by connect
    private DynamoDbAsyncClient client;

    private int requests;

    @AfterEach
    void close() {
        client.close();
    }

    private void connect(LeanClients kind, IntFunction<ScriptedHttp.Reply> script) {
        client = kind.client(
                DynamoDbAsyncClient.builder()
                        .region(Region.EU_CENTRAL_1)
                        .credentialsProvider(
                                StaticCredentialsProvider.create(AwsBasicCredentials.create("AKID", "secret"))),
                new ScriptedHttp(sent -> script.apply(requests++)).builder(),
                override -> {});
        // The SDK sends the first request of an operation.
        client.query(QueryRequest.builder().build()).join();
    }

    private static ScriptedHttp.Reply page(String body) {
        return ScriptedHttp.response(200, body.getBytes(StandardCharsets.UTF_8));
    }

    private QueryResponse query(@Nullable PageItems items) {
        return client.query(QueryRequest.builder()
                        .overrideConfiguration(PageItems.settings(items))
                        .build())
                .join();
    }

    @Test
    void itemsAreTakenWithoutTheHistoryOfTheirWrites() {
        connect(LeanClients.LEAN, request -> page(PAGE));
        PageItems items = PageItems.of(client);

        QueryResponse response = query(items);

        assertThat(PageItems.orElse(items, response.items())).isEqualTo(ITEMS);
        assertThat(response.hasItems()).isFalse();
        assertThat(response.count()).isEqualTo(2);
        assertThat(response.scannedCount()).isEqualTo(3);
        assertThat(response.lastEvaluatedKey()).containsOnlyKeys("id");
        assertThat(((LeanClient) client).attempts()).isOne();
    }

    @Test
    void itemsOfAPageThatTheSdkReadsAreInTheResponse() {
        connect(LeanClients.LEAN, request -> page(PAGE.replace("\"Count\"", "\"Unknown\":1,\"Count\"")));
        PageItems items = PageItems.of(client);

        QueryResponse response = query(items);

        assertThat(PageItems.orElse(items, response.items())).isSameAs(response.items());
        assertThat(response.items().get(0)).containsKeys("id", "_dsw0", "_dsv0", "_dsx", "list");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void itemsOfALaterAttemptAreInTheResponse(boolean broken) {
        connect(
                LeanClients.LEAN,
                request -> request == 1
                        ? broken
                                ? ScriptedHttp.broken(
                                        PAGE.getBytes(StandardCharsets.UTF_8), new IOException("by the test"))
                                : ScriptedHttp.response(500, new byte[0])
                        : page(PAGE));
        PageItems items = PageItems.of(client);

        QueryResponse response = query(items);

        assertThat(requests).isEqualTo(3);
        assertThat(PageItems.orElse(items, response.items()))
                .isSameAs(response.items())
                .hasSize(2);
    }

    @Test
    void requestWithoutItHasItsItemsInTheResponse() {
        connect(LeanClients.LEAN, request -> page(PAGE));

        assertThat(query(null).items())
                .hasSize(2)
                .first(InstanceOfAssertFactories.MAP)
                .containsKey("_dsw0");
        assertThat(((LeanClient) client).attempts()).isOne();
    }

    @Test
    void otherClientsTakeNothing() {
        connect(LeanClients.SDK, request -> page(PAGE));

        assertThat(PageItems.of(client)).isNull();
        assertThat(query(null).items()).hasSize(2);
    }
}
