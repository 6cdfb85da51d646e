/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import io.dynastore.camel.DynaStoreConstants;
import io.dynastore.camel.RouteContract;
import io.dynastore.store.Call;
import io.dynastore.store.DynaStore;
import io.dynastore.store.Key;
import io.dynastore.store.TableSchema;
import io.dynastore.store.VersionConflictException;
import io.dynastore.testkit.EngineAbility;
import io.dynastore.testkit.NeedsEngine;
import java.util.Map;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An exchange writes only to the incarnation that it has seen, not to a later item with the same key and version. */
class IncarnationsInRoutesTest extends RouteContract {

    private static final String KEYS = "partitionKey=customer&sortKey=1&operation=";
    private static final Key KEY = Key.of("customer", "1");

    @ParameterizedTest
    @ValueSource(strings = {"get", "exists", "create", "put"})
    @NeedsEngine(EngineAbility.TRANSACT_WRITE_ITEMS)
    void anotherIncarnationOfTheKeyIsAConflict(String seeing) throws Exception {
        for (String write : new String[] {"update", "delete", "update&exactlyOnce=true"}) {
            others(Call.delete(KEY).mustExist(false));
            if (seeing.equals("get") || seeing.equals("exists")) {
                others(Call.create(KEY, "old"));
            }

            Exchange exchange = send(
                    route((builder, from) -> from.to(store(KEYS + seeing))
                            .process(between -> recreate())
                            .setBody(builder.constant("mine"))
                            .to(store(KEYS + write))),
                    "old",
                    Map.of());

            assertThat(failure(exchange, VersionConflictException.class)).hasMessageContaining("another item");
            assertThat(stored("customer", "1")).isEqualTo(item("customer", "1", "anew", 1));
        }
    }

    @Test
    void versionInAHeaderMatchesEveryIncarnation() throws Exception {
        others(Call.create(KEY, "old"));

        done(send(
                route((builder, from) -> from.to(store(KEYS + "get"))
                        .process(between -> recreate())
                        .setHeader(DynaStoreConstants.EXPECTED_VERSION, builder.constant(1))
                        .setBody(builder.constant("mine"))
                        .to(store(KEYS + "update"))),
                null,
                Map.of()));

        assertThat(stored("customer", "1")).isEqualTo(item("customer", "1", "mine", 2));
    }

    @Test
    @NeedsEngine(EngineAbility.TRANSACT_WRITE_ITEMS)
    void exchangeContinuesFromItsOwnWrites() throws Exception {
        given("customer", "1", "foreign");

        done(through(
                "mine",
                Map.of(),
                store(KEYS + "get"),
                store(KEYS + "update"),
                store(KEYS + "update"),
                store(KEYS + "update&exactlyOnce=true"),
                store(KEYS + "put"),
                store(KEYS + "update"),
                store(KEYS + "delete")));

        assertThat(stored("customer", "1")).isEmpty();
    }

    private void recreate() {
        others(Call.delete(KEY));
        others(Call.create(KEY, "anew"));
    }

    private void others(Call.Builder<?> call) {
        DynaStore.builder(dynamo.client(), TableSchema.named(table))
                .build()
                .execute(call.build())
                .join();
    }
}
