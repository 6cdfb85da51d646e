/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store.internal.lean;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import io.dynastore.testkit.TestSeed;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Texts, numbers and flags are those that Jackson reads; what it reads and we do not is left to the SDK. */
class JsonCursorTest {

    private static final JsonFactory JACKSON = new JsonFactory();
    private static final int ROUNDS = 2_000;

    @Test
    void escapesStandForTheirCharacters() throws IOException {
        assertThat(text("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u0041\\u00e9\\u20AC\\ud83d\\ude00\""))
                .isEqualTo("\"\\/\b\f\n\r\tA\u00e9\u20ac\ud83d\ude00");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"\\ud83d\"",
                "\"\\ude00\"",
                "\"\\ud83d\\u0041\"",
                "\"\\ud83dx\"",
                "\"\\x\"",
                "\"\\u12\"",
                "\"\\u12g4\"",
                "\"\\",
                "\"open",
                "\"a\nb\"",
                "\"a\u0001\"",
                "text",
                "1",
                "",
            })
    void textThatIsDamagedOrHalfACharacterIsNotRead(String json) {
        assertThatThrownBy(() -> text(json)).isInstanceOf(IOException.class);
    }

    @Test
    void bytesThatAreNoUtf8AreNotRead() {
        for (int[] bad : new int[][] {{0xff}, {0xc3}, {0xe2, 0x82}, {0xed, 0xa0, 0x80}, {0xc0, 0x80}}) {
            byte[] json = new byte[bad.length + 2];
            json[0] = '"';
            json[json.length - 1] = '"';
            for (int i = 0; i < bad.length; i++) {
                json[i + 1] = (byte) bad[i];
            }
            assertThatThrownBy(() -> cursor(json, json.length).text()).isInstanceOf(IOException.class);
        }
    }

    @Test
    void replacementCharacterThatWasStoredIsRead() throws IOException {
        assertThat(text("\"a\ufffd\u20ac\"")).isEqualTo("a\ufffd\u20ac");
    }

    /** Wherever the window ends: within an escape, a character of several bytes or a word of eight. */
    @Test
    void textsAreThoseOfJacksonThroughWindowsOfAnySize() throws IOException {
        Random random = TestSeed.random(TestSeed.value());
        for (int round = 0; round < ROUNDS; round++) {
            String json = randomText(random);
            byte[] bytes = json.getBytes(StandardCharsets.UTF_8);

            JsonCursor cursor = cursor(bytes, 1 + random.nextInt(bytes.length + 20), 1 + random.nextInt(40));

            assertThat(cursor.text()).as("round %d: %s", round, json).isEqualTo(byJackson(json));
            cursor.end();
        }
    }

    @Test
    void textThatIsLongerThanTheWindowIsReadWhole() throws IOException {
        String longText = "payload \u00e9 ".repeat(50_000);
        byte[] bytes = ('"' + longText + "\",\"next\"").getBytes(StandardCharsets.UTF_8);

        JsonCursor cursor = cursor(bytes, 1_000);

        assertThat(cursor.text()).isEqualTo(longText);
        cursor.expect(',');
        assertThat(cursor.text()).isEqualTo("next");
        cursor.end();
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-0", "1", "-17", "12.50", "0.5", "1e3", "1E-3", "-2.5E+10", "1e999", "5e-324"})
    void numbersAreThoseOfJackson(String json) throws IOException {
        JsonParser parser = JACKSON.createParser(json);
        parser.nextToken();

        assertThat(cursor(json).number()).isEqualTo(parser.getDoubleValue());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "-", "+1", "01", "1.", ".5", "1e", "1d", "0x1", "NaN", "Infinity", "--1", "1.2.3", "\"1\""})
    void whatIsNoNumberIsNotRead(String json) {
        assertThatThrownBy(() -> cursor(json).number()).isInstanceOf(IOException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"2147483648", "1.0", "1e3", "99999999999999999999"})
    void countThatIsNoIntIsNotRead(String json) {
        assertThatThrownBy(() -> cursor(json).count()).isInstanceOf(IOException.class);
    }

    @Test
    void spaceIsAllowedWhereverJsonAllowsIt() throws IOException {
        List<String> read = new ArrayList<>();

        JsonCursor cursor = cursor(" { \"a\" : [ true ,\tfalse\n] ,\r\n\"b\" : 1 } ");
        cursor.object(name -> {
            read.add(name);
            if (name.equals("a")) {
                cursor.array(() -> read.add(Boolean.toString(cursor.flag())));
            } else {
                read.add(Integer.toString(cursor.count()));
            }
        });
        cursor.end();

        assertThat(read).containsExactly("a", "true", "false", "b", "1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"a\":1,}", "{,}", "{\"a\"1}", "{\"a\":1", "{a:1}", "[1,]", "[1 2]", "[", "{\"a\":1]"})
    void objectsAndArraysThatAreDamagedAreNotRead(String json) {
        JsonCursor cursor = cursor(json);

        assertThatThrownBy(() -> {
                    if (json.startsWith("{")) {
                        cursor.object(name -> cursor.count());
                    } else {
                        cursor.array(cursor::count);
                    }
                })
                .isInstanceOf(IOException.class);
    }

    @Test
    void namesAreThoseOfTheirBytesWhateverNamesCameBefore() throws IOException {
        Random random = TestSeed.random(TestSeed.value() + 1);
        for (int round = 0; round < ROUNDS; round++) {
            String name = random.nextBoolean()
                    ? "n" + random.nextInt(300)
                    : "\u00c3\u00a9\u00e9".substring(random.nextInt(3));
            byte[] json = ('"' + name + "\":").getBytes(StandardCharsets.UTF_8);

            JsonCursor cursor = cursor(json, 1 + random.nextInt(json.length), 1 + random.nextInt(8));

            assertThat(cursor.name()).isEqualTo(name);
        }
    }

    @Test
    void whatWasRecordedIsKeptWhileMoreIsRead() throws IOException {
        byte[] json = ("[\"" + "x".repeat(20_000) + "\",2]").getBytes(StandardCharsets.UTF_8);
        JsonCursor cursor = cursor(json, 700);
        cursor.expect('[');

        cursor.record();
        String text = cursor.text();
        cursor.expect(',');

        assertThat(new String(cursor.recorded(), StandardCharsets.UTF_8)).isEqualTo('"' + text + "\",");
        assertThat(cursor.count()).isEqualTo(2);
        cursor.expect(']');
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 7, 8, 9, 16})
    void wholeResponsesAreReadThroughWindowsOfAnySize(int window) throws IOException {
        byte[] json = "{\"name\" : [true, false, -12.5e1, \"a\\u00e9\\ud83d\\ude00\\n\", 4711], \"skip\":\"a\\\"b\"}"
                .getBytes(StandardCharsets.UTF_8);
        List<Object> read = new ArrayList<>();

        JsonCursor cursor = cursor(json, 1, window);
        cursor.expect('{');
        read.add(cursor.name());
        cursor.expect('[');
        read.add(cursor.flag());
        cursor.expect(',');
        read.add(cursor.flag());
        cursor.expect(',');
        read.add(cursor.number());
        cursor.expect(',');
        read.add(cursor.text());
        cursor.expect(',');
        read.add(cursor.count());
        cursor.expect(']');
        cursor.expect(',');
        assertThat(cursor.take("\"skip\":\"".getBytes(StandardCharsets.UTF_8))).isFalse();
        assertThat(cursor.take(" \"skip\":\"".getBytes(StandardCharsets.UTF_8))).isTrue();
        cursor.skipRestOfText();
        cursor.expect('}');
        cursor.end();

        assertThat(read).containsExactly("name", true, false, -125.0, "a\u00e9\ud83d\ude00\n", 4711);
    }

    private static String randomText(Random random) {
        StringBuilder json = new StringBuilder("\"");
        for (int i = random.nextInt(random.nextInt(20) == 0 ? 10_000 : 30); i > 0; i--) {
            switch (random.nextInt(8)) {
                case 0 -> json.append('\\').append("\"\\/bfnrt".charAt(random.nextInt(8)));
                case 1 -> json.append("\\u%04x".formatted(random.nextInt(0xd800)));
                case 2 -> json.append("\\ud83d\\uDE%02x".formatted(random.nextInt(0x50)));
                case 3 -> json.appendCodePoint(0x80 + random.nextInt(0xd000));
                case 4 -> json.appendCodePoint(0x10000 + random.nextInt(0x100000));
                default -> json.append((char) ('a' + random.nextInt(26)));
            }
        }
        return json.append('"').toString();
    }

    private static @Nullable String byJackson(String json) throws IOException {
        try (JsonParser parser = JACKSON.createParser(json)) {
            return parser.nextTextValue();
        }
    }

    private static String text(String json) throws IOException {
        return cursor(json).text();
    }

    private static JsonCursor cursor(String json) {
        byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
        return cursor(bytes, Math.max(1, bytes.length));
    }

    /** A cursor in a body that arrives in parts of this size. */
    private static JsonCursor cursor(byte[] json, int most) {
        return cursor(json, most, 8192);
    }

    private static JsonCursor cursor(byte[] json, int most, int window) {
        ResponseBody body = new ResponseBody(window);
        for (int from = 0; from < json.length; from += most) {
            body.add(ByteBuffer.wrap(json, from, Math.min(most, json.length - from)));
        }
        return new JsonCursor(body);
    }
}
