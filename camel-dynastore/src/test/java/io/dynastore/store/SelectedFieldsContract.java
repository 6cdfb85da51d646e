/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store;

import static io.dynastore.store.StoreFixture.SECOND;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Reads that name the fields to return. */
abstract class SelectedFieldsContract extends StoreContract {

    private static final FieldSelection TWO = FieldSelection.of(List.of("a.b[0]", "owner", "absent"));

    SelectedFieldsContract(Service service) {
        super(service);
    }

    @BeforeEach
    void write() {
        table.write(Call.create(key, "hello")
                .expiry(Expiry.after(Duration.ofMinutes(1)))
                .fields(Map.of("owner", "jo", "status", "open", "a.b[0]", 1)));
    }

    private Item expected(Map<String, Object> fields) {
        return new Item(key, "hello", 1, Instant.ofEpochSecond(SECOND + 60), fields);
    }

    @Test
    void getReturnsTheNamedFieldsOrNone() {
        assertThat(table.run(Call.get(key).fields(TWO)).item())
                .isEqualTo(expected(Map.of("owner", "jo", "a.b[0]", 1L)));
        assertThat(table.run(Call.get(key).fields(FieldSelection.NONE)).item()).isEqualTo(expected(Map.of()));
        assertThat(table.run(Call.get(key).fields(FieldSelection.ALL)).item())
                .isEqualTo(table.run(Call.get(key)).item());
    }

    @Test
    void getKnowsTheIncarnationAndTheExpiryAllTheSame() {
        Outcome.Read all = table.run(Call.get(key));

        assertThat(table.run(Call.get(key).fields(FieldSelection.NONE)).incarnation())
                .isEqualTo(all.incarnation());
        table.clock.set(Instant.ofEpochSecond(SECOND + 61));
        assertThat(table.run(Call.get(key).fields(FieldSelection.NONE).failIfMissing(false))
                        .item())
                .isNull();
    }

    @Test
    void itemOfAnotherProgramNeedsNothingButItsKey() {
        Key other = Key.of(key.partitionKey(), "other");
        table.rawPut(other, Map.of("status", StoreFixture.s("open")));

        assertThat(table.run(Call.get(other).fields(FieldSelection.NONE)).item())
                .isEqualTo(new Item(other, null, 0, null, Map.of()));
    }

    @Test
    void listsAndBatchesReturnTheNamedFieldsOrNone() {
        ListCall.Builder list = Call.list(key.partitionKey());

        for (Integer limit : new Integer[] {null, 1}) {
            assertThat(table.page(list.limit(limit).fields(TWO)).items())
                    .containsExactly(expected(Map.of("owner", "jo", "a.b[0]", 1L)));
        }
        assertThat(table.page(list.fields(FieldSelection.NONE)).items()).containsExactly(expected(Map.of()));
        assertThat(table.run(Call.batchGet(List.of(key)).fields(TWO)).items())
                .containsExactly(expected(Map.of("owner", "jo", "a.b[0]", 1L)));
        try (ItemStream stream =
                table.run(() -> Call.stream(list.fields(TWO).build())).items()) {
            assertThat(stream).toIterable().containsExactly(expected(Map.of("owner", "jo", "a.b[0]", 1L)));
        }
    }

    @Test
    void reservedNamesAreRejectedBeforeARequest() {
        for (String name : List.of("version", "payload", "name", "_dsc")) {
            FieldSelection selection = FieldSelection.of(List.of("owner", name));

            assertThatThrownBy(() -> table.run(Call.get(key).fields(selection)))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageContainingAll(table.schema.table(), "'" + name + "'", "leave it out");
            assertThatThrownBy(() -> table.run(Call.batchGet(List.of(key)).fields(selection)))
                    .isInstanceOf(InvalidInputException.class);
            assertThatThrownBy(() -> table.run(Call.list("p").fields(selection)))
                    .isInstanceOf(InvalidInputException.class);
        }
    }
}
