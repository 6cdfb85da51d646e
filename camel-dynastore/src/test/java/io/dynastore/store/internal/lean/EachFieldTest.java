/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store.internal.lean;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.protocol.MarshallingType;
import software.amazon.awssdk.core.traits.ListTrait;
import software.amazon.awssdk.core.traits.MapTrait;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.DeleteItemRequest;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbRequest;
import software.amazon.awssdk.services.dynamodb.model.GetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.ScanRequest;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsRequest;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;
import software.amazon.awssdk.utils.builder.Buildable;

/** No field of a request is dropped, whether this library uses it yet or not: the fields are those of the SDK. */
class EachFieldTest {

    private final ScriptedHttp http =
            new ScriptedHttp(sent -> ScriptedHttp.response(200, "{}".getBytes(StandardCharsets.UTF_8)));

    private final DynamoDbAsyncClient sdk = DynamoDbAsyncClient.builder()
            .httpClientBuilder(http.builder())
            .region(Region.EU_CENTRAL_1)
            .credentialsProvider(AnonymousCredentialsProvider.create())
            .build();

    @TestFactory
    Stream<DynamicTest> fieldIsWrittenAsTheSdkWritesIt() {
        return Stream.of(
                        of(GetItemRequest.builder().build(), request -> sdk.getItem(request)),
                        of(PutItemRequest.builder().build(), request -> sdk.putItem(request)),
                        of(UpdateItemRequest.builder().build(), request -> sdk.updateItem(request)),
                        of(DeleteItemRequest.builder().build(), request -> sdk.deleteItem(request)),
                        of(QueryRequest.builder().build(), request -> sdk.query(request)),
                        of(ScanRequest.builder().build(), request -> sdk.scan(request)),
                        of(BatchGetItemRequest.builder().build(), request -> sdk.batchGetItem(request)),
                        of(TransactWriteItemsRequest.builder().build(), request -> sdk.transactWriteItems(request)))
                .flatMap(tests -> tests);
    }

    /** One test for each field of a request, and one for all of them. */
    private <Q extends DynamoDbRequest> Stream<DynamicTest> of(Q empty, Function<Q, CompletableFuture<?>> send) {
        String name = empty.getClass().getSimpleName();
        Stream<DynamicTest> each = empty.sdkFields().stream()
                .map(field -> DynamicTest.dynamicTest(
                        name + " " + field.locationName(), () -> compare(with(empty, List.of(field)), send)));
        return Stream.concat(
                each,
                Stream.of(DynamicTest.dynamicTest(
                        name + " with all fields", () -> compare(with(empty, empty.sdkFields()), send))));
    }

    @SuppressWarnings("unchecked")
    private static <Q extends DynamoDbRequest> Q with(Q empty, List<SdkField<?>> fields) {
        DynamoDbRequest.Builder builder = empty.toBuilder();
        fields.forEach(field -> set(builder, field));
        return (Q) builder.build();
    }

    private <Q extends DynamoDbRequest> void compare(Q request, Function<Q, CompletableFuture<?>> send) {
        http.sent.clear();
        send.apply(withToken(request)).join();
        String body = http.sent.get(0).body().asUtf8String();

        assertThat(RequestWriter.write(withToken(request))).isEqualTo(SdkBytes.fromUtf8String(body));
        assertThat(body.length()).isGreaterThan(2);
    }

    /** The SDK would draw one. */
    @SuppressWarnings("unchecked")
    private static <Q extends DynamoDbRequest> Q withToken(Q request) {
        return request instanceof TransactWriteItemsRequest transaction
                ? (Q) transaction.toBuilder().clientRequestToken("token").build()
                : request;
    }

    private static void set(Object builder, SdkField<?> field) {
        field.set(builder, value(field));
    }

    private static Object value(SdkField<?> field) {
        MarshallingType<?> type = field.marshallingType();
        if (type == MarshallingType.STRING) {
            return "text of " + field.locationName();
        } else if (type == MarshallingType.INTEGER) {
            return 7;
        } else if (type == MarshallingType.BOOLEAN) {
            return true;
        } else if (type == MarshallingType.LIST) {
            return List.of(value(field.getTrait(ListTrait.class).memberFieldInfo()));
        } else if (type == MarshallingType.MAP) {
            return Map.of("name", value(field.getTrait(MapTrait.class).valueFieldInfo()));
        } else if (type == MarshallingType.SDK_POJO) {
            return pojo(field.constructor().get());
        }
        throw new AssertionError("A field of a new type: " + field.locationName() + " is a " + type);
    }

    private static Object pojo(SdkPojo builder) {
        if (builder instanceof AttributeValue.Builder value) {
            return value.s("value").build();
        }
        builder.sdkFields().forEach(field -> set(builder, field));
        return ((Buildable) builder).build();
    }
}
