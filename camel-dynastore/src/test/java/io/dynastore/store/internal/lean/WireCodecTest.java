/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store.internal.lean;

import static org.assertj.core.api.Assertions.assertThat;

import io.dynastore.store.internal.item.ForwardingClient;
import io.dynastore.store.internal.item.PageItems;
import io.dynastore.testkit.TestSeed;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.DefaultRetryStrategy;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.DeleteItemRequest;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbRequest;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbResponse;
import software.amazon.awssdk.services.dynamodb.model.GetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;
import software.amazon.awssdk.services.dynamodb.model.ScanRequest;
import software.amazon.awssdk.services.dynamodb.model.ScanResponse;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsRequest;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;

/** Requests and responses are written and read as the SDK does it; what can't be read is left to the SDK. */
@Timeout(600)
class WireCodecTest {

    private static final int ROUNDS = Integer.getInteger("dynastore.test.codec", 2_000);
    private static final int PAGES = Integer.getInteger("dynastore.test.codec", 500);

    private byte[] response = {};
    private final ScriptedHttp http = new ScriptedHttp(sent -> ScriptedHttp.response(200, response));
    private final DynamoDbAsyncClient sdk = DynamoDbAsyncClient.builder()
            .httpClientBuilder(http.builder())
            .region(Region.EU_CENTRAL_1)
            .credentialsProvider(AnonymousCredentialsProvider.create())
            .overrideConfiguration(override -> override.retryStrategy(DefaultRetryStrategy.doNotRetry()))
            .asyncConfiguration(async -> async.advancedOption(
                    software.amazon.awssdk.core.client.config.SdkAdvancedAsyncClientOption.FUTURE_COMPLETION_EXECUTOR,
                    Runnable::run))
            .build();

    private final DynamoDbAsyncClient reading = new ForwardingClient(sdk) {
        @Override
        protected boolean readsPages() {
            return true;
        }

        @Override
        protected <Q extends DynamoDbRequest, A> CompletableFuture<A> send(
                Q request, Function<Q, CompletableFuture<A>> call) {
            return call.apply(request);
        }

        @Override
        public void close() {
            sdk.close();
        }
    };

    @Test
    void requestsAndResponsesAreThoseOfTheSdk() {
        WireExamples examples = new WireExamples(TestSeed.random(TestSeed.value()));
        for (int round = 0; round < ROUNDS; round++) {
            DynamoDbRequest request = examples.request();
            response = examples.response(request).getBytes(StandardCharsets.UTF_8);
            http.sent.clear();

            DynamoDbResponse expected = bySdk(request);

            assertThat(RequestWriter.write(request))
                    .as("request of round %d", round)
                    .isEqualTo(http.sent.get(0).body());
            assertSame("response of round " + round, read(request, response), expected);
        }
    }

    @Test
    void damagedResponsesAreReadAsTheSdkReadsThemOrNotAtAll() {
        WireExamples examples = new WireExamples(TestSeed.random(TestSeed.value() + 1));
        int read = 0;
        for (int round = 0; round < ROUNDS; round++) {
            DynamoDbRequest request = examples.request();
            byte[] whole = examples.response(request).getBytes(StandardCharsets.UTF_8);
            response = examples.damaged(whole);

            DynamoDbResponse own = read(request, response);

            if (own != null) {
                read++;
                assertSame("round " + round, own, bySdk(request));
            }
        }
        assertThat(read).isBetween(1, ROUNDS / 2);
    }

    /** What a list makes of a page is the same whether the items were read for it or by the SDK. */
    @Test
    void itemsOfPagesAreThoseOfTheSdkWithoutTheHistoryOfTheirWrites() {
        WireExamples examples = new WireExamples(TestSeed.random(TestSeed.value() + 3));
        PageAsRead asRead = new PageAsRead(TestSeed.random(TestSeed.value() + 4));
        int items = 0;
        for (int round = 0; round < PAGES; round++) {
            DynamoDbRequest request = examples.page();
            // What is skipped is not looked at: the SDK would find damage there.
            response = round % 2 == 0
                    ? examples.response(request).getBytes(StandardCharsets.UTF_8)
                    : examples.damaged(examples.pageWithoutHistory(request).getBytes(StandardCharsets.UTF_8));
            List<Map<String, AttributeValue>> whole = page(request, response.length);
            List<Map<String, AttributeValue>> parts = page(request, 1 + round % 50);

            assertThat(whole != null || round % 2 == 1).isTrue();
            assertThat(parts).isEqualTo(whole);
            if (whole != null && parts != null) {
                List<Map<String, AttributeValue>> expected = items(bySdk(request));
                assertThat(whole).as("round %d", round).hasSameSizeAs(expected);
                for (int i = 0; i < whole.size(); i++) {
                    asRead.assertSame("round " + round, whole.get(i), expected.get(i));
                    asRead.assertSame("round " + round + ", in parts", parts.get(i), expected.get(i));
                }
                items += whole.size();
            }
        }
        assertThat(items).isPositive();
    }

    /** More kinds of items than are remembered, and more attributes. */
    @Test
    void itemsOfManyKindsAreThoseOfTheSdk() {
        Random random = TestSeed.random(TestSeed.value() + 5);
        PageAsRead asRead = new PageAsRead(TestSeed.random(TestSeed.value() + 6));
        StringBuilder page = new StringBuilder("{\"Items\":[");
        for (int item = 0; item < 1_500; item++) {
            page.append(item == 0 ? "{" : ",{");
            for (int place = 0; place < 5; place++) {
                String value = random.nextBoolean() ? "N\":\"1" : "S\":\"" + random.nextInt(3);
                page.append(place == 0 ? "" : ",")
                        .append("\"a%d_%d\":{\"%s\"}".formatted(place, random.nextInt(20), value));
            }
            page.append('}');
        }
        response = page.append("]}").toString().getBytes(StandardCharsets.UTF_8);
        QueryRequest request = QueryRequest.builder().build();

        List<Map<String, AttributeValue>> items = Objects.requireNonNull(page(request, 700));

        List<Map<String, AttributeValue>> expected = items(bySdk(request));
        assertThat(items).hasSameSizeAs(expected);
        for (int i = 0; i < items.size(); i++) {
            asRead.assertSame("item " + i, items.get(i), expected.get(i));
        }
    }

    /** The items of the response, read for a list in parts of this size; null if only the SDK reads it. */
    private @Nullable List<Map<String, AttributeValue>> page(DynamoDbRequest request, int most) {
        PageItems taken = Objects.requireNonNull(PageItems.of(reading));
        ResponseReader<?> reader =
                Objects.requireNonNull(ResponseReader.of(request.getClass())).into(taken);
        return read(reader, response, Math.max(1, most)) == null ? null : PageItems.orElse(taken, List.of());
    }

    private static List<Map<String, AttributeValue>> items(DynamoDbResponse response) {
        return response instanceof QueryResponse query ? query.items() : ((ScanResponse) response).items();
    }

    @Test
    void itemWithANameTwiceIsNotReadForAPage() {
        PageItems taken = Objects.requireNonNull(PageItems.of(reading));
        ResponseReader<?> reader =
                Objects.requireNonNull(ResponseReader.of(QueryRequest.class)).into(taken);
        String twice = "{\"a\":{\"S\":\"1\"},\"a\":{\"S\":\"1\"}}";

        assertThat(read(reader, ("{\"Items\":[" + twice + "]}").getBytes(StandardCharsets.UTF_8)))
                .isNull();
        assertThat(PageItems.orElse(taken, List.of())).isEmpty();
    }

    @Test
    void responseThatIsCutAnywhereIsNotRead() {
        WireExamples examples = new WireExamples(TestSeed.random(TestSeed.value() + 2));
        DynamoDbRequest request = QueryRequest.builder().build();
        byte[] whole = examples.response(request).stripTrailing().getBytes(StandardCharsets.UTF_8);
        for (int length = 0; length < whole.length; length++) {
            assertThat(read(request, Arrays.copyOf(whole, length))).isNull();
        }
    }

    @Test
    void whatDynamoDbDoesNotWriteIsNotRead() {
        for (String body : new String[] {
            "{\"Item\":null}",
            "{\"Item\":{\"a\":null}}",
            "{\"Item\":{\"a\":{}}}",
            "{\"Item\":{\"a\":{\"S\":\"1\",\"N\":\"1\"}}}",
            "{\"Item\":{\"a\":{\"S\":1}}}",
            "{\"Item\":{\"a\":{\"N\":1}}}",
            "{\"Item\":{\"a\":{\"X\":\"1\"}}}",
            "{\"Item\":{\"a\":{\"BOOL\":\"true\"}}}",
            "{\"Item\":{\"a\":{\"B\":\"===\"}}}",
            "{\"Item\":{\"a\":{\"S\":\"1\"},\"a\":{\"S\":\"2\"}}}",
            "{\"Item\":{},\"Item\":{}}",
            "{\"Other\":{}}",
            "{\"ConsumedCapacity\":{\"CapacityUnits\":\"1\"}}",
            "{} {}",
            "[]",
            "null",
            "",
            "<html>",
        }) {
            assertThat(read(GetItemRequest.builder().build(), body.getBytes(StandardCharsets.UTF_8)))
                    .as(body)
                    .isNull();
        }
    }

    @Test
    void deepResponseIsLeftToTheSdk() {
        String deep = "{\"L\":[".repeat(100_000);

        assertThat(read(
                        GetItemRequest.builder().build(),
                        ("{\"Item\":{\"a\":" + deep).getBytes(StandardCharsets.UTF_8)))
                .isNull();
    }

    @Test
    void deepRequestIsLeftToTheSdk() {
        AttributeValue deep = AttributeValue.fromS("end");
        for (int level = 0; level < 200; level++) {
            deep = AttributeValue.fromL(java.util.List.of(deep));
        }

        assertThat(RequestWriter.write(
                        PutItemRequest.builder().item(Map.of("a", deep)).build()))
                .isNull();
    }

    @Test
    void attributeValueWithSeveralMembersIsLeftToTheSdk() {
        AttributeValue both = AttributeValue.builder().s("1").n("1").build();

        assertThat(RequestWriter.write(
                        PutItemRequest.builder().item(Map.of("a", both)).build()))
                .isNull();
    }

    /** Also in the order of names. Shows where they begin to differ. */
    private static void assertSame(String what, @Nullable DynamoDbResponse own, DynamoDbResponse sdk) {
        String one = String.valueOf(own);
        String other = sdk.toString();
        int from = Arrays.mismatch(one.toCharArray(), other.toCharArray());
        assertThat(from)
                .as("%s: %s / %s", what, near(one, from), near(other, from))
                .isNegative();
        assertThat(sdk.equalsBySdkFields(own)).as(what).isTrue();
    }

    private static String near(String text, int at) {
        return at < 0 ? "" : text.substring(Math.max(0, at - 40), Math.min(text.length(), at + 20));
    }

    private static @Nullable DynamoDbResponse read(DynamoDbRequest request, byte[] body) {
        return read(Objects.requireNonNull(ResponseReader.of(request.getClass())), body);
    }

    /** Reads it twice: in one part, and in parts and windows that differ from body to body. */
    private static @Nullable DynamoDbResponse read(ResponseReader<?> reader, byte[] body) {
        DynamoDbResponse whole = read(reader, body, body.length);
        DynamoDbResponse parts = read(reader, body, 1 + Math.floorMod(Arrays.hashCode(body), 50));
        assertThat(parts).isEqualTo(whole);
        return whole;
    }

    private static @Nullable DynamoDbResponse read(ResponseReader<?> reader, byte[] body, int most) {
        ResponseBody arrived = new ResponseBody(most);
        for (int from = 0; from < body.length; from += most) {
            arrived.add(ByteBuffer.wrap(body, from, Math.min(most, body.length - from)));
        }
        assertThat(arrived.bytes().asByteArray()).isEqualTo(body);
        try {
            return reader.read(arrived, false).build();
        } catch (IOException e) {
            return null;
        }
    }

    private DynamoDbResponse bySdk(DynamoDbRequest request) {
        return send(sdk, request).join();
    }

    private static CompletableFuture<? extends DynamoDbResponse> send(
            DynamoDbAsyncClient client, DynamoDbRequest request) {
        if (request instanceof GetItemRequest get) {
            return client.getItem(get);
        } else if (request instanceof PutItemRequest put) {
            return client.putItem(put);
        } else if (request instanceof UpdateItemRequest update) {
            return client.updateItem(update);
        } else if (request instanceof DeleteItemRequest delete) {
            return client.deleteItem(delete);
        } else if (request instanceof QueryRequest query) {
            return client.query(query);
        } else if (request instanceof ScanRequest scan) {
            return client.scan(scan);
        } else if (request instanceof BatchGetItemRequest batch) {
            return client.batchGetItem(batch);
        }
        return client.transactWriteItems((TransactWriteItemsRequest) request);
    }
}
