/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.message;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.dynastore.camel.DynaStoreConstants;
import io.dynastore.camel.RouteContract;
import io.dynastore.store.InvalidInputException;
import io.dynastore.testkit.EngineAbility;
import io.dynastore.testkit.NeedsEngine;
import java.io.ByteArrayInputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.apache.camel.builder.NotifyBuilder;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.converter.stream.InputStreamCache;
import org.apache.camel.converter.stream.ReaderCache;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** No character is lost on the way in, whatever holds the text and whatever character set is declared. */
class CharactersInRoutesTest extends RouteContract {

    private static final String KEYS = "operation=put&partitionKey=customer&sortKey=1&payloadFormat=";

    /** Latin, Greek, Chinese, and a pair of surrogates. */
    private static final String TEXT = "Grüße, κόσμε, 世界, \uD83D\uDE00";

    private AttributeValue payload() {
        return Objects.requireNonNull(stored("customer", "1").get("payload"));
    }

    private Exchange put(Object body, String format, Map<String, ?> headers) throws Exception {
        return through(body, headers, store(KEYS + format));
    }

    private static Map<String, String> declared(Charset charset) {
        return Map.of(Exchange.CHARSET_NAME, charset.name());
    }

    @SuppressWarnings("UnnecessaryStringBuilder") // the body of a route may be one
    static Stream<Supplier<Object>> characters() {
        return Stream.of(
                () -> TEXT,
                () -> new StringBuilder(TEXT),
                () -> CharBuffer.wrap(TEXT),
                TEXT::toCharArray,
                () -> new StringReader(TEXT),
                () -> new ReaderCache(TEXT));
    }

    @ParameterizedTest
    @MethodSource("characters")
    void charactersAreStoredAsTheyAreWhateverCharacterSetIsDeclared(Supplier<Object> body) throws Exception {
        for (Charset charset : new Charset[] {ISO_8859_1, US_ASCII, UTF_16}) {
            done(put(body.get(), "text", declared(charset)));
            assertThat(payload()).isEqualTo(text(TEXT));

            done(put(body.get(), "binary", declared(charset)));
            assertThat(payload()).isEqualTo(AttributeValue.fromB(SdkBytes.fromUtf8String(TEXT)));
        }
    }

    @Test
    void aReaderIsStoredInUtf8() throws Exception {
        done(put(new StringReader(TEXT), "auto", declared(US_ASCII)));

        assertThat(payload()).isEqualTo(AttributeValue.fromB(SdkBytes.fromUtf8String(TEXT)));
    }

    static Stream<Arguments> bytes() {
        return Stream.of(
                Arguments.of("Grüße", ISO_8859_1),
                Arguments.of(TEXT, UTF_16),
                Arguments.of(TEXT, UTF_16LE),
                Arguments.of(TEXT, Charset.forName("UTF-32")),
                Arguments.of("żółw", Charset.forName("ISO-8859-2")),
                Arguments.of("世界", Charset.forName("ISO-2022-JP")),
                Arguments.of(TEXT, UTF_8));
    }

    @ParameterizedTest
    @MethodSource("bytes")
    void bytesAreDecodedOnceInTheCharacterSetThatIsDeclared(String content, Charset charset) throws Exception {
        byte[] bytes = content.getBytes(charset);
        for (Object body : new Object[] {
            bytes, ByteBuffer.wrap(bytes), new ByteArrayInputStream(bytes), new InputStreamCache(bytes)
        }) {
            done(put(body, "text", declared(charset)));
            assertThat(payload()).isEqualTo(text(content));
        }
        byte[] json = ("{\"a\":\"" + content + "\"}").getBytes(charset);
        for (Object body : new Object[] {json, ByteBuffer.wrap(json), new ByteArrayInputStream(json)}) {
            done(put(body, "json", declared(charset)));
            assertThat(payload().m()).containsEntry("a", text(content));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"text", "json"})
    void bytesThatAreNoTextInTheirCharacterSetAreRefused(String format) throws Exception {
        byte[] latin = "\"Grüße\"".getBytes(ISO_8859_1);

        assertThat(refusal(put(latin, format, Map.of()), InvalidInputException.class))
                .hasMessageContainingAll("Table " + table, "[customer, 1]");
        assertThat(refusal(put(latin, format, declared(US_ASCII)), InvalidInputException.class))
                .hasMessageContainingAll("US-ASCII", Exchange.CHARSET_NAME);
        assertThat(refusal(put(latin, format, Map.of(Exchange.CHARSET_NAME, "UTF-99")), InvalidInputException.class))
                .hasMessageContaining("UTF-99");
    }

    @Test
    void sizesAreThoseOfTheUtf8ThatIsStored() throws Exception {
        String letters = "a".repeat(250_000);

        done(put(new ByteArrayInputStream(letters.getBytes(UTF_16)), "text", declared(UTF_16)));

        assertThat(payload()).isEqualTo(text(letters));
    }

    @ParameterizedTest
    @ValueSource(strings = {"text", "json", "binary", "auto"})
    void aFileIsReadInItsOwnCharacterSet(String format, @TempDir Path folder) throws Exception {
        Files.write(folder.resolve("in"), "\"żółw\"".getBytes("ISO-8859-2"));
        NotifyBuilder one = new NotifyBuilder(context).whenDone(1).create();
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("file:" + folder + "?noop=true&initialDelay=0&charset=ISO-8859-2")
                        .to(store(KEYS + format));
            }
        });

        assertThat(one.matches(20, java.util.concurrent.TimeUnit.SECONDS)).isTrue();

        assertThat(payload())
                .isEqualTo(
                        switch (format) {
                            case "text" -> text("\"żółw\"");
                            case "json" -> text("żółw");
                            default -> AttributeValue.fromB(SdkBytes.fromUtf8String("\"żółw\""));
                        });
    }

    @SuppressWarnings("UnnecessaryStringBuilder") // the body of a route may be one
    static Stream<Supplier<Object>> json() {
        String json = "{\"a\":[1,\"ü\"]}";
        return Stream.of(
                () -> json,
                () -> new StringBuilder(json),
                () -> CharBuffer.wrap(json),
                json::toCharArray,
                () -> json.getBytes(UTF_8),
                () -> ByteBuffer.wrap(json.getBytes(UTF_8)),
                () -> SdkBytes.fromUtf8String(json),
                () -> new StringReader(json),
                () -> new ByteArrayInputStream(json.getBytes(UTF_8)),
                () -> new ReaderCache(json),
                () -> new InputStreamCache(json.getBytes(UTF_8)));
    }

    @ParameterizedTest
    @MethodSource("json")
    void jsonTextIsJsonTextWhateverHoldsIt(Supplier<Object> body) throws Exception {
        done(put(body.get(), "json", Map.of()));

        assertThat(payload().m()).containsEntry("a", AttributeValue.fromL(java.util.List.of(number(1), text("ü"))));
    }

    @ParameterizedTest
    @MethodSource("json")
    @NeedsEngine(EngineAbility.TRANSACT_WRITE_ITEMS)
    void jsonTextIsJsonTextInTransactionsToo(Supplier<Object> body) throws Exception {
        Object content = body.get();
        if (!StreamedBody.passes(content)) {
            done(through(
                    java.util.List.of(Map.of("operation", "put", "sortKey", "1", "value", content)),
                    Map.of(),
                    store("operation=transact&partitionKey=customer&payloadFormat=json")));
            assertThat(payload().m()).containsKey("a");
        }
        done(through(
                new StringReader("[{\"operation\":\"put\",\"sortKey\":\"2\",\"value\":\"世\"}]"),
                declared(US_ASCII),
                store("operation=transact&partitionKey=customer&payloadFormat=json")));
        assertThat(stored("customer", "2")).containsEntry("payload", text("世"));
    }

    /** Counts what is read of an endless stream. */
    private static InputStream endless(AtomicLong read) {
        return new InputStream() {
            @Override
            public int read() {
                read.incrementAndGet();
                return 'x';
            }

            @Override
            public int read(byte[] into, int offset, int length) {
                java.util.Arrays.fill(into, offset, offset + length, (byte) 'x');
                read.addAndGet(length);
                return length;
            }
        };
    }

    private static Reader endlessReader(AtomicLong read) {
        return new Reader() {
            @Override
            public int read(char[] into, int offset, int length) {
                java.util.Arrays.fill(into, offset, offset + length, 'x');
                read.addAndGet(length);
                return length;
            }

            @Override
            public void close() throws IOException {}
        };
    }

    static Stream<Object> noNames() {
        return Stream.of(new File("absent"), new StringReader("UTF-8"), List.of("UTF-8"), 8, new byte[] {'a'});
    }

    @ParameterizedTest
    @MethodSource("noNames")
    void aCharacterSetThatIsNoNameIsRefused(Object charset) throws Exception {
        byte[] body = {'a'};
        Exchange exchange = put(new ByteArrayInputStream(body), "text", Map.of(Exchange.CHARSET_NAME, charset));

        assertThat(refusal(exchange, InvalidInputException.class))
                .hasMessageContainingAll(
                        table, Exchange.CHARSET_NAME, charset.getClass().getName(), "UTF-8");
    }

    @ParameterizedTest
    @ValueSource(strings = {"auto", "text", "binary", "json"})
    void noMoreIsReadOfAStreamThanAnItemCanHold(String format) throws Exception {
        context.setStreamCaching(false);
        long most = 400L * 1024 * (format.equals("json") ? 8 : 1) + 1;
        AtomicLong bytes = new AtomicLong();
        AtomicLong characters = new AtomicLong();

        Exchange streamed = put(endless(bytes), format, Map.of());
        Exchange read = put(endlessReader(characters), format, Map.of());

        assertThat(refusal(streamed, InvalidInputException.class)).hasMessageContaining("400 KB");
        assertThat(refusal(read, InvalidInputException.class)).hasMessageContaining("400 KB");
        assertThat(bytes).hasValueLessThanOrEqualTo(most);
        assertThat(characters).hasValueLessThanOrEqualTo(most);
    }

    @Test
    void aStreamThatWasTooLongIsStillThereAsAWhole() throws Exception {
        byte[] content = new byte[500 * 1024];
        new java.util.Random(1).nextBytes(content);
        context.setStreamCaching(false);

        Exchange exchange = put(new ByteArrayInputStream(content), "auto", Map.of());

        refusal(exchange, InvalidInputException.class);
        assertThat(exchange.getMessage().getBody(byte[].class)).isEqualTo(content);
    }

    @Test
    void keysAreTextToo() throws Exception {
        done(through(
                "x",
                Map.of(DynaStoreConstants.SORT_KEY, TEXT, Exchange.CHARSET_NAME, "US-ASCII"),
                store("operation=put&partitionKey=customer")));

        assertThat(stored("customer", TEXT)).containsEntry("payload", text("x"));
    }
}
