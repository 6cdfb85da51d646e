/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store;

import static io.dynastore.store.StoreFixture.SECOND;
import static io.dynastore.store.StoreFixture.n;
import static io.dynastore.store.StoreFixture.s;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

abstract class ReadContract extends StoreContract {

    ReadContract(Service service) {
        super(service);
    }

    @Test
    void getReturnsTheItem() {
        table.write(Call.create(key, "hello")
                .expiry(Expiry.after(Duration.ofMinutes(1)))
                .fields(Map.of("owner", "jo")));

        Outcome.Read read = table.run(Call.get(key));

        assertThat(read.key()).isEqualTo(key);
        assertThat(read.consumedCapacity()).isPositive();
        assertThat(read.item())
                .isEqualTo(new Item(key, "hello", 1, Instant.ofEpochSecond(SECOND + 60), Map.of("owner", "jo")));
    }

    @Test
    void consistentReadCostsTwiceAsMuch() {
        table.write(Call.create(key, "hello"));

        assertThat(table.run(Call.get(key).consistentRead(true)).consumedCapacity())
                .isEqualTo(2 * table.run(Call.get(key)).consumedCapacity());
        assertThat(table.run(Call.exists(key).consistentRead(true)).consumedCapacity())
                .isEqualTo(2 * table.run(Call.exists(key)).consumedCapacity());
    }

    @Test
    void getOfAbsentOrExpiredItemIsRefused() {
        assertThatThrownBy(() -> table.run(Call.get(key)))
                .isInstanceOf(KeyNotFoundException.class)
                .hasMessageContainingAll(table.schema.table(), key.toString(), "failIfMissing=false");

        table.rawPutExpired(key);
        assertThatThrownBy(() -> table.run(Call.get(key))).isInstanceOf(KeyNotFoundException.class);
    }

    @Test
    void missingItemIsNoErrorIfTheCallSaysSo() {
        assertThat(table.run(Call.get(key).failIfMissing(false))).isInstanceOfSatisfying(Outcome.Read.class, read -> {
            assertThat(read.key()).isEqualTo(key);
            assertThat(read.item()).isNull();
        });

        table.rawPutExpired(key);
        assertThat(table.run(Call.get(key).failIfMissing(false)).item()).isNull();
    }

    @Test
    void expiredItemIsReadIfTheCallSaysSo() {
        table.rawPutExpired(key);

        assertThat(table.run(Call.get(key).includeExpired(true)).item())
                .isEqualTo(new Item(key, "old", 7, Instant.ofEpochSecond(SECOND - 1), Map.of("oldField", "old")));
    }

    @Test
    void existsTellsVersionAndExpiry() {
        table.write(Call.create(key, "hello").expiry(Expiry.after(Duration.ofMinutes(1))));

        Outcome.Existence existence = table.run(Call.exists(key));

        assertThat(existence.key()).isEqualTo(key);
        assertThat(existence.version()).isEqualTo(1);
        assertThat(existence.expires()).isEqualTo(Instant.ofEpochSecond(SECOND + 60));
        assertThat(existence.consumedCapacity()).isPositive();
    }

    @Test
    void absentOrExpiredItemDoesNotExist() {
        assertThat(table.run(Call.exists(key)).version()).isNull();

        table.rawPutExpired(key);
        Outcome.Existence expired = table.run(Call.exists(key));
        assertThat(expired.version()).isNull();
        assertThat(expired.expires()).isNull();
        assertThat(table.run(Call.exists(key).includeExpired(true)).version()).isEqualTo(7);
    }

    @Test
    void itemWithNothingButItsKeyIsLive() {
        table.rawPut(key, Map.of());

        assertThat(table.item(key)).isEqualTo(new Item(key, null, 0, null, Map.of()));
        assertThat(table.run(Call.exists(key)).version()).isZero();
    }

    @Test
    void attributesOfTheComponentAreNoFields() {
        table.rawPut(key, Map.of("_dsWrite", s("x"), "payload", s("p"), "extra", n(4)));

        assertThat(table.item(key).fields()).isEqualTo(Map.of("extra", 4L));
    }

    @Test
    void expiryThatIsNoNumberIsNone() {
        table.rawPut(key, Map.of("expires", s("yesterday"), "payload", s("p")));

        assertThat(table.run(Call.get(key)).item()).isEqualTo(new Item(key, "p", 0, null, Map.of()));
    }

    @ParameterizedTest
    @CsvSource({"-0.5,false", "-0.5000001,false", "1.5,true", "1000000000000000000000000,true"})
    void expiryThatIsNoWholeSecondIsReadDown(String offset, boolean live) {
        String expires = new BigDecimal(offset).add(BigDecimal.valueOf(SECOND)).toPlainString();
        table.rawPut(key, Map.of("expires", AttributeValue.fromN(expires)));

        assertThat(table.run(Call.get(key).failIfMissing(false)).item() != null).isEqualTo(live);
    }

    @Test
    void versionThatIsNoWholeNumberIsAnErrorThatSaysSo() {
        table.rawPut(key, Map.of("version", s("SECRET")));

        assertThatThrownBy(() -> table.run(Call.get(key)))
                .isInstanceOf(DynaStoreException.class)
                .hasMessageContainingAll(table.schema.table(), key.toString(), "version", "versionName")
                .hasMessageNotContaining("SECRET");
    }

    @Test
    void payloadThatDoesNotFitTheFormatIsAnErrorThatNamesTheItem() {
        table.write(Call.create(key, new byte[] {(byte) 0xff}));

        assertThatThrownBy(() -> table.run(Call.get(key).payloadFormat(PayloadFormat.TEXT)))
                .isInstanceOf(DynaStoreException.class)
                .hasMessageContainingAll(table.schema.table(), key.toString(), "binary");
    }
}
