/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store.internal.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dynastore.store.Call;
import io.dynastore.store.InvalidTokenException;
import io.dynastore.store.KeyAttribute;
import io.dynastore.store.KeyType;
import io.dynastore.store.TableSchema;
import java.io.ByteArrayOutputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** A page token returns its position to its own query, and is an InvalidTokenException for any other. */
class PageTokenPropertyTest {

    @Property(tries = 500)
    void positionComesBack(@ForAll("keys") Object partition, @ForAll("keys") Object sort, @ForAll("keys") Object rank) {
        ListQuery query = query("tickets", partition, sort, rank, "by-rank");
        Map<String, AttributeValue> position = position(query, sort, rank);

        String token = PageToken.write(query, position);

        assertThat(token).matches("[A-Za-z0-9_-]+").hasSizeLessThanOrEqualTo(4096);
        assertThat(PageToken.read(query, token)).isEqualTo(position);
    }

    @Property(tries = 500)
    void damagedTokenIsRejected(
            @ForAll("keys") Object sort,
            @ForAll @IntRange(max = 10_000) int place,
            @ForAll @IntRange(min = 1, max = 255) int flip) {
        ListQuery query = query("tickets", "p", sort, "r", "by-rank");
        byte[] bytes = Base64.getUrlDecoder().decode(PageToken.write(query, position(query, sort, "r")));
        bytes[place % bytes.length] ^= (byte) flip;

        rejected(query, Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
    }

    @Property(tries = 200)
    void textThatIsNoTokenIsRejected(@ForAll String text) {
        rejected(query("tickets", "p", "s", "r", "by-rank"), text);
    }

    @Property(tries = 200)
    void bytesThatAreNoTokenAreRejected(@ForAll byte[] bytes) {
        ListQuery query = query("tickets", "p", "s", "r", "by-rank");
        rejected(query, Base64.getUrlEncoder().encodeToString(bytes));
        // The digest is no secret, and forging one does not help.
        rejected(query, forged(query, bytes));
    }

    @Property(tries = 200)
    void tokenOfAnotherQueryIsRejected(@ForAll("keys") Object one, @ForAll("keys") Object other) {
        Assume.that(!encode(one).equals(encode(other)));
        ListQuery query = query("tickets", one, "s", "r", "by-rank");
        String token = PageToken.write(query, position(query, "s", "r"));

        rejected(query("tickets", other, "s", "r", "by-rank"), token);
        rejected(query("other", one, "s", "r", "by-rank"), token);
        rejected(query("tickets", one, "s", "r", "by-other"), token);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "1E", "NaN", "1E999999999", "100E2147483647", "1E-999999999", "1E126"})
    void forgedNumberThatDynamoDbCannotHoldIsRejected(String number) {
        ListQuery query = query("tickets", "p", "s", 1, "by-rank");
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        attribute(body, "name", 'S', "s");
        attribute(body, "rank", 'N', number);

        rejected(query, forged(query, body.toByteArray()));
        rejected(query, goLibraryToken("{\"id\":\"p\",\"name\":\"s\",\"rank\":\"" + number + "\"}"));
    }

    @Test
    void forgedPositionOfAnotherOrUnknownTypeIsRejected() {
        ListQuery query = query("tickets", "p", "s", "r", "by-rank");
        for (char type : new char[] {'N', 'B', 'X'}) {
            ByteArrayOutputStream body = new ByteArrayOutputStream();
            attribute(body, "name", 'S', "s");
            attribute(body, "rank", type, "1");
            rejected(query, forged(query, body.toByteArray()));
        }
    }

    @Test
    void forgedPartitionIsRejected() {
        ListQuery query = query("tickets", "p", "s", "r", "by-rank");
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        attribute(body, "id", 'S', "other");
        attribute(body, "name", 'S', "s");
        attribute(body, "rank", 'S', "r");

        rejected(query, forged(query, body.toByteArray()));
    }

    @Test
    void positionWithMissingOrAdditionalAttributesIsRejected() {
        ListQuery query = query("tickets", "p", "s", "r", "by-rank");
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        attribute(body, "name", 'S', "s");
        rejected(query, forged(query, body.toByteArray()));

        attribute(body, "rank", 'S', "r");
        assertThat(PageToken.read(query, forged(query, body.toByteArray()))).isEqualTo(position(query, "s", "r"));

        attribute(body, "more", 'S', "x");
        rejected(query, forged(query, body.toByteArray()));
    }

    @Test
    void longestKeysOfATableAndItsLocalIndexFitIntoFourKilobytes() {
        String longest = "x".repeat(1024);
        ListQuery query = query("tickets", "p".repeat(2048), longest, longest, "by-rank");

        assertThat(PageToken.write(query, position(query, longest, longest))).hasSizeLessThanOrEqualTo(4096);
    }

    @Provide
    Arbitrary<Object> keys() {
        return Arbitraries.oneOf(
                Arbitraries.strings()
                        .alpha()
                        .numeric()
                        .withChars('ä', '€', '\n', '"')
                        .ofMinLength(1)
                        .ofMaxLength(40)
                        .map(text -> (Object) text),
                Arbitraries.longs().map(number -> (Object) number),
                Arbitraries.bigDecimals()
                        .between(new BigDecimal("-1E20"), new BigDecimal("1E20"))
                        .ofScale(9)
                        .map(number -> (Object) number),
                Arbitraries.bytes()
                        .array(byte[].class)
                        .ofMinSize(1)
                        .ofMaxSize(40)
                        .map(bytes -> (Object) bytes));
    }

    private static ListQuery query(String table, Object partition, Object sort, Object rank, String index) {
        TableSchema schema = new TableSchema(
                table,
                new KeyAttribute("id", type(partition)),
                new KeyAttribute("name", type(sort)),
                "version",
                "expires",
                "payload");
        return ListQuery.of(
                schema,
                Call.list(partition)
                        .index(index)
                        .indexSortKeyName("rank")
                        .indexSortKeyType(type(rank))
                        .build());
    }

    private static Map<String, AttributeValue> position(ListQuery query, Object sort, Object rank) {
        Map<String, AttributeValue> position = query.given();
        position.put("name", encode(sort));
        position.put("rank", encode(rank));
        return position;
    }

    private static AttributeValue encode(Object value) {
        return new KeyAttribute("key", type(value)).encode(value, 2048);
    }

    private static KeyType type(Object value) {
        return value instanceof String ? KeyType.STRING : value instanceof Number ? KeyType.NUMBER : KeyType.BINARY;
    }

    private static String forged(ListQuery query, byte[] body) {
        ByteArrayOutputStream token = new ByteArrayOutputStream();
        token.write(1);
        token.write(QueryDigest.of(query, body), 0, 12);
        token.writeBytes(body);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(token.toByteArray());
    }

    private static String goLibraryToken(String json) {
        return Base64.getUrlEncoder().encodeToString(json.getBytes(StandardCharsets.UTF_8));
    }

    private static void attribute(ByteArrayOutputStream body, String name, char type, String value) {
        block(body, name);
        body.write(type);
        block(body, value);
    }

    private static void block(ByteArrayOutputStream body, String text) {
        byte[] bytes = SdkBytes.fromUtf8String(text).asByteArray();
        body.write(bytes.length >> 8);
        body.write(bytes.length);
        body.writeBytes(bytes);
    }

    private static void rejected(ListQuery query, String token) {
        assertThatThrownBy(() -> PageToken.read(query, token))
                .isInstanceOf(InvalidTokenException.class)
                .hasMessageContaining(query.schema().table());
    }
}
