/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

class KeyTest {

    @Test
    void keysAreEqualIfDynamoDbTakesThemForTheSame() {
        assertThat(Key.of(1, new byte[] {1}))
                .isEqualTo(Key.of(new BigDecimal("1.0"), new byte[] {1}))
                .hasSameHashCodeAs(Key.of(1L, ByteBuffer.wrap(new byte[] {1})))
                .isNotEqualTo(Key.of("1", new byte[] {1}))
                .isNotEqualTo(Key.of(1, new byte[] {2}))
                .isNotEqualTo(Key.of(1));
        assertThat(Key.of("a")).isEqualTo(new Key("a", null)).isNotEqualTo("a");
        assertThat(Key.of("a", "b")).isNotEqualTo(Key.of("b", "b"));
    }

    @Test
    void keyKeepsItsBytesToItself() {
        byte[] given = {1, 2};
        Key key = Key.of(given, given);
        given[0] = 9;
        ((byte[]) key.partitionKey())[0] = 9;

        assertThat(key).isEqualTo(Key.of(new byte[] {1, 2}, new byte[] {1, 2}));
    }

    @Test
    void bufferIsReadFromItsPositionAndLeftThere() {
        ByteBuffer buffer = ByteBuffer.wrap(new byte[] {1, 2, 3}).position(1);

        assertThat(Key.of(buffer)).isEqualTo(Key.of(new byte[] {2, 3}));
        assertThat(buffer.remaining()).isEqualTo(2);
    }

    @Test
    void anotherTypeIsRefusedByItsNameAlone() {
        assertThatThrownBy(() -> Key.of(new Secret("SECRET")))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining(Secret.class.getName())
                .hasMessageNotContaining("SECRET");
        assertThatThrownBy(() -> Key.of("a", Double.NaN)).isInstanceOf(InvalidInputException.class);
    }

    @Test
    void keyIsShownOnOneLine() {
        assertThat(Key.of("a")).hasToString("[a]");
        assertThat(Key.of("a", 1.50)).hasToString("[a, 1.5]");
        assertThat(Key.of(new byte[] {0, (byte) 0xff}, "ä")).hasToString("[0x00ff, ä]");
        assertThat(Key.of("a\n\t\u0007\u0085\u2028\u2029b"))
                .hasToString("[a\\u000a\\u0009\\u0007\\u0085\\u2028\\u2029b]");
    }

    @Test
    void longKeyIsCut() {
        assertThat(Key.of("x".repeat(200))).hasToString("[" + "x".repeat(200) + "]");
        assertThat(Key.of("x".repeat(201))).hasToString("[" + "x".repeat(200) + "…]");
    }

    @Test
    void itemIsShownWithoutItsPayload() {
        Item item = new Item(Key.of("a"), "SECRET", 3, Instant.EPOCH, Map.of("f", "SECRET"));

        assertThat(item).hasToString("Item[a] version 3 expires 1970-01-01T00:00:00Z");
        assertThat(new Item(Key.of("a"), "SECRET", 3, null, Map.of())).hasToString("Item[a] version 3");
    }

    private record Secret(String word) {}
}
