/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store.codec;

import static org.assertj.core.api.Assertions.assertThat;

import io.dynastore.store.Call;
import io.dynastore.store.Item;
import io.dynastore.store.Key;
import io.dynastore.store.PayloadFormat;
import io.dynastore.store.StoreFixture;
import io.dynastore.test.DynamoDbExtension;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.arbitraries.StringArbitrary;
import org.jspecify.annotations.Nullable;

/** Each value is read as it was written, numbers in their normal form. */
class ValueMappingPropertyTest {

    private static final PayloadCodec CODEC = new PayloadCodec(PayloadCodec.defaultMapper(), null);

    /** Created when the first sample is written to the engine. */
    private static final class Engine {
        static final DynamoDbExtension DYNAMO = DynamoDbExtension.create();
        static final StoreFixture TABLE = StoreFixture.standard(DYNAMO, DYNAMO.client());
    }

    @Property(tries = 500)
    void valueComesBackFromItsEncoding(@ForAll("values") Object value) {
        assertThat(plain(CODEC.decode(CODEC.encode(value, PayloadFormat.AUTO), PayloadFormat.AUTO)))
                .isEqualTo(plain(value));
    }

    @Property(tries = 200)
    void valueComesBackFromTheTable(@ForAll("values") Object value) {
        Key key = Key.of("p", "a");

        Engine.TABLE.write(Call.put(key, value).fields(Map.of("field", value)));

        Item item = Engine.TABLE.item(key);
        assertThat(plain(item.payload())).isEqualTo(plain(value));
        assertThat(plain(item.fields().get("field"))).isEqualTo(plain(value));
    }

    @Property(tries = 500)
    void numberComesBackFromItsEncoding(@ForAll("numbers") Number number) {
        Object back = CODEC.decode(CODEC.encode(number, PayloadFormat.AUTO), PayloadFormat.AUTO);

        assertThat(back).isInstanceOfAny(Long.class, BigDecimal.class);
        assertThat(new BigDecimal(String.valueOf(back))).isEqualByComparingTo(new BigDecimal(number.toString()));
    }

    @Property(tries = 300)
    void jsonIsTheSameDocument(@ForAll("documents") Object value) throws Exception {
        String json = PayloadCodec.defaultMapper().writeValueAsString(value);

        Object back = CODEC.decode(CODEC.encode(json, PayloadFormat.JSON), PayloadFormat.JSON);

        assertThat(plain(CODEC.decode(CODEC.encode(back, PayloadFormat.JSON), PayloadFormat.AUTO)))
                .isEqualTo(plain(value));
    }

    @Provide
    Arbitrary<Object> values() {
        Arbitrary<byte[]> bytes = Arbitraries.bytes().array(byte[].class).ofMaxSize(20);
        Arbitrary<Object> sets = Arbitraries.oneOf(
                texts().set().ofMinSize(1).ofMaxSize(5).map(set -> (Object) set),
                numbers().set().ofMinSize(1).ofMaxSize(5).map(set -> (Object) set),
                bytes.set().ofMinSize(1).ofMaxSize(5).map(set -> (Object) set));
        Arbitrary<Object> scalars = Arbitraries.oneOf(
                texts().map(text -> (Object) text),
                numbers().map(number -> (Object) number),
                Arbitraries.of(true, false).map(bool -> (Object) bool),
                bytes.map(array -> (Object) array),
                sets);
        return nested(scalars);
    }

    /** Values that JSON represents without loss. */
    @Provide
    Arbitrary<Object> documents() {
        return nested(Arbitraries.oneOf(
                texts().map(text -> (Object) text),
                Arbitraries.longs().map(number -> (Object) number),
                Arbitraries.of(true, false).map(bool -> (Object) bool)));
    }

    /** Numbers of each Java type, in the whole range of DynamoDB: 38 digits, magnitudes from 1E-130 to 1E125. */
    @Provide
    Arbitrary<Number> numbers() {
        Arbitrary<BigDecimal> decimals = Combinators.combine(
                        Arbitraries.bigIntegers()
                                .between(BigInteger.TEN.pow(38).negate(), BigInteger.TEN.pow(38))
                                .filter(digits -> digits.abs().toString().length() <= 38),
                        Arbitraries.integers().between(-80, 80))
                .as(BigDecimal::new);
        return Arbitraries.oneOf(
                Arbitraries.integers().map(number -> (Number) number),
                Arbitraries.longs().map(number -> (Number) number),
                Arbitraries.floats().between(-1e30f, 1e30f).map(number -> (Number) number),
                Arbitraries.doubles().between(-1e100, 1e100).map(number -> (Number) number),
                decimals.map(number -> (Number) number));
    }

    private static Arbitrary<Object> nested(Arbitrary<Object> leaves) {
        return Arbitraries.recursive(
                () -> leaves,
                inner -> Arbitraries.oneOf(
                        inner.list().ofMaxSize(4).map(list -> (Object) list),
                        Arbitraries.maps(texts().ofMinLength(1), inner)
                                .ofMaxSize(4)
                                .map(map -> (Object) map)),
                0,
                4);
    }

    private static StringArbitrary texts() {
        // Half a surrogate pair is no text, and becomes a question mark on its way.
        return Arbitraries.strings()
                .excludeChars(IntStream.rangeClosed(0xd800, 0xdfff)
                        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                        .toString()
                        .toCharArray())
                .ofMaxLength(20);
    }

    /** The value in the form in which it is compared: numbers by value, bytes by content. */
    private static @Nullable Object plain(@Nullable Object value) {
        if (value instanceof Number number) {
            BigDecimal exact = new BigDecimal(number.toString());
            return exact.signum() == 0 ? BigDecimal.ZERO : exact.stripTrailingZeros();
        }
        if (value instanceof byte[] bytes) {
            return ByteBuffer.wrap(bytes);
        }
        if (value instanceof List<?> list) {
            List<@Nullable Object> members = new ArrayList<>();
            list.forEach(member -> members.add(plain(member)));
            return members;
        }
        if (value instanceof Set<?> set) {
            Set<@Nullable Object> members = new HashSet<>();
            set.forEach(member -> members.add(plain(member)));
            return members;
        }
        if (value instanceof Map<?, ?> map) {
            Map<Object, @Nullable Object> members = new LinkedHashMap<>();
            map.forEach((name, member) -> members.put(name, plain(member)));
            return members;
        }
        return value;
    }
}
