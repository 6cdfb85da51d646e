/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.message;

import static org.assertj.core.api.Assertions.assertThat;

import io.dynastore.camel.DynaStoreConstants;
import io.dynastore.camel.RouteContract;
import io.dynastore.store.InvalidInputException;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.apache.camel.converter.stream.CachedOutputStream;
import org.apache.camel.converter.stream.InputStreamCache;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

class StreamsInRoutesTest extends RouteContract {

    private static final String CREATE = "partitionKey=customer&sortKey=1&operation=create";

    private static final byte[] CONTENT = "what the stream says".getBytes(StandardCharsets.UTF_8);

    private static final AttributeValue STORED = AttributeValue.fromB(SdkBytes.fromByteArray(CONTENT));

    private static InputStream unmarkable(byte[] content) {
        return new FilterInputStream(new ByteArrayInputStream(content)) {
            @Override
            public boolean markSupported() {
                return false;
            }
        };
    }

    static Stream<Object> streams() {
        return Stream.of(
                unmarkable(CONTENT),
                new ByteArrayInputStream(CONTENT),
                new InputStreamCache(CONTENT),
                new StringReader(new String(CONTENT, StandardCharsets.UTF_8)),
                ByteBuffer.wrap(CONTENT));
    }

    @ParameterizedTest
    @MethodSource("streams")
    void aStreamIsStoredAsBytesAndCanBeReadAgainAfterwards(Object body) throws Exception {
        Exchange exchange = through(body, Map.of(), store(CREATE));

        assertThat(done(exchange).getBody(String.class)).isEqualTo("what the stream says");
        assertThat(stored("customer", "1")).containsEntry("payload", STORED);
    }

    @ParameterizedTest
    @MethodSource("streams")
    void aSecondWriteOfTheSameBodyStoresTheSame(Object body) throws Exception {
        done(through(body, Map.of(), store(CREATE), store("partitionKey=customer&sortKey=2&operation=create")));

        assertThat(stored("customer", "2")).containsEntry("payload", STORED);
    }

    @ParameterizedTest
    @MethodSource("streams")
    void aRedeliveryStoresTheSame(Object body) throws Exception {
        AtomicInteger attempts = new AtomicInteger();
        String subroute = route((builder, from) -> from.errorHandler(builder.noErrorHandler())
                .process(exchange ->
                        exchange.getMessage().setHeader(DynaStoreConstants.SORT_KEY, attempts.incrementAndGet()))
                .to(store("partitionKey=customer&operation=create"))
                .process(exchange -> {
                    if (attempts.get() < 3) {
                        throw new IOException("try again");
                    }
                }));
        String start = route((builder, from) -> from.errorHandler(
                        builder.defaultErrorHandler().maximumRedeliveries(3).redeliveryDelay(0))
                .to(subroute));

        done(send(start, body, Map.of()));

        for (String sortKey : new String[] {"1", "2", "3"}) {
            assertThat(stored("customer", sortKey)).containsEntry("payload", STORED);
        }
    }

    @ParameterizedTest
    @MethodSource("streams")
    void aRedeliveryOfTheWriteAloneStoresTheSame(Object body) throws Exception {
        given("customer", "0", "in the way");
        AtomicInteger attempts = new AtomicInteger();
        String start = route((builder, from) -> from.errorHandler(builder.defaultErrorHandler()
                        .maximumRedeliveries(3)
                        .redeliveryDelay(0)
                        .onRedelivery(exchange -> exchange.getMessage()
                                .setHeader(DynaStoreConstants.SORT_KEY, attempts.incrementAndGet())))
                .process(exchange -> exchange.getMessage().setBody(body))
                .to(store("partitionKey=customer&operation=create")));

        done(send(start, null, Map.of(DynaStoreConstants.SORT_KEY, 0)));

        assertThat(stored("customer", "1")).containsEntry("payload", STORED);
    }

    @Test
    void filesAndPathsAreReadAsStreams(@TempDir Path folder) throws Exception {
        Path file = Files.write(folder.resolve("content"), CONTENT);

        done(through(file.toFile(), Map.of(), store(CREATE)));
        done(through(file, Map.of(), store("partitionKey=customer&sortKey=2&operation=create")));

        assertThat(stored("customer", "1")).containsEntry("payload", STORED);
        assertThat(stored("customer", "2")).containsEntry("payload", STORED);
    }

    @Test
    void aStreamCacheInAFileIsReadAgain(@TempDir Path folder) throws Exception {
        context.getStreamCachingStrategy().setSpoolEnabled(true);
        context.getStreamCachingStrategy().setSpoolThreshold(1);
        context.getStreamCachingStrategy().setSpoolDirectory(folder.toFile());
        byte[] content = "x".repeat(100_000).getBytes(StandardCharsets.UTF_8);
        String start = route((builder, from) -> from.process(exchange -> {
                    CachedOutputStream out = new CachedOutputStream(exchange);
                    out.write(content);
                    exchange.getMessage().setBody(out.newStreamCache());
                })
                .to(store(CREATE))
                .to(store("partitionKey=customer&sortKey=2&operation=create")));

        done(send(start, null, Map.of()));

        assertThat(stored("customer", "2"))
                .containsEntry("payload", AttributeValue.fromB(SdkBytes.fromByteArray(content)));
    }

    @Test
    void jsonTextAndBinaryTakeStreams() throws Exception {
        byte[] json = "{\"a\":1}".getBytes(StandardCharsets.UTF_8);
        done(through(unmarkable(json), Map.of(), store(CREATE + "&payloadFormat=json")));
        assertThat(Objects.requireNonNull(stored("customer", "1").get("payload"))
                        .m())
                .containsEntry("a", number(1));

        done(through(
                unmarkable(CONTENT),
                Map.of(),
                store("partitionKey=customer&sortKey=2&operation=create&payloadFormat=text")));
        assertThat(stored("customer", "2")).containsEntry("payload", text("what the stream says"));

        done(through(
                unmarkable(CONTENT),
                Map.of(),
                store("partitionKey=customer&sortKey=3&operation=create&payloadFormat=binary")));
        assertThat(stored("customer", "3")).containsEntry("payload", STORED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"auto", "binary", "text", "json"})
    void aStreamThatIsTooLongForAnItemIsRefusedBeforeAnythingIsSent(String format) throws Exception {
        byte[] content = ("\"" + "x".repeat(410 * 1024) + "\"").getBytes(StandardCharsets.UTF_8);

        Exchange exchange = through(unmarkable(content), Map.of(), store(CREATE + "&payloadFormat=" + format));

        assertThat(refusal(exchange, InvalidInputException.class))
                .hasMessageContainingAll("Table " + table, "[customer, 1]", "DynamoDB takes")
                .hasMessageNotContaining("xxx");
    }

    @Test
    void aStreamJustShortEnoughIsStored() throws Exception {
        byte[] content = new byte[399 * 1024];

        done(through(unmarkable(content), Map.of(), store(CREATE)));

        assertThat(stored("customer", "1"))
                .containsEntry("payload", AttributeValue.fromB(SdkBytes.fromByteArray(content)));
    }

    @Test
    void aStreamThatBreaksIsAnErrorAndStoresNothing() throws Exception {
        InputStream broken = new FilterInputStream(InputStream.nullInputStream()) {
            @Override
            public int read(byte[] into, int offset, int length) throws IOException {
                throw new IOException("cut off");
            }
        };

        Exchange exchange = through(broken, Map.of(), store(CREATE));

        assertThat(exchange.getException()).isNotNull();
        assertThat(sent()).isEmpty();
    }
}
