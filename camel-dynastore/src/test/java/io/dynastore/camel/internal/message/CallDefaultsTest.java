/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.message;

import static org.assertj.core.api.Assertions.assertThat;

import io.dynastore.camel.DynaStoreConfiguration;
import io.dynastore.store.BulkCall;
import io.dynastore.store.Call;
import io.dynastore.store.Key;
import io.dynastore.store.Operation;
import io.dynastore.store.Write;
import java.util.Collection;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A call that takes every option from a configuration at its defaults is the call that takes none. */
class CallDefaultsTest {

    private static final Key KEY = Key.of("p", "s");

    private static final Iterator<Write> ENTRIES = Collections.emptyIterator();
    private static final Function<Object, Write> READER = Write.class::cast;

    private static BulkCall.Builder bulk(Operation operation) {
        return BulkCall.builder(operation).entries(ENTRIES, READER);
    }

    /** For each operation: a call without options, and one with those of the configuration. */
    static Stream<Arguments> calls() {
        return Stream.of(
                Arguments.of(
                        Operation.CREATE,
                        Call.create(KEY, "v").build(),
                        configured(CallOptions.CREATE, Call.create(KEY, "v")).build()),
                Arguments.of(
                        Operation.PUT,
                        Call.put(KEY, "v").build(),
                        configured(CallOptions.UPDATE, Call.put(KEY, "v")).build()),
                Arguments.of(
                        Operation.UPDATE,
                        Call.update(KEY, "v").build(),
                        configured(CallOptions.UPDATE, Call.update(KEY, "v")).build()),
                Arguments.of(
                        Operation.DELETE,
                        Call.delete(KEY).build(),
                        configured(CallOptions.DELETE, Call.delete(KEY)).build()),
                Arguments.of(
                        Operation.GET,
                        Call.get(KEY).build(),
                        configured(CallOptions.GET, Call.get(KEY)).build()),
                Arguments.of(
                        Operation.EXISTS,
                        Call.exists(KEY).build(),
                        configured(CallOptions.EXISTS, Call.exists(KEY)).build()),
                Arguments.of(
                        Operation.LIST,
                        new ListRead().build(),
                        configured(CallOptions.LIST, new ListRead()).build()),
                Arguments.of(
                        Operation.BATCH_GET,
                        Call.batchGet(List.of(KEY)).build(),
                        configured(CallOptions.BATCH_GET, Call.batchGet(List.of(KEY)))
                                .build()),
                Arguments.of(
                        Operation.PUT_ALL,
                        bulk(Operation.PUT_ALL).build(),
                        configured(CallOptions.PUT_ALL, bulk(Operation.PUT_ALL)).build()),
                Arguments.of(
                        Operation.CREATE_ALL,
                        bulk(Operation.CREATE_ALL).build(),
                        configured(CallOptions.CREATE_ALL, bulk(Operation.CREATE_ALL))
                                .build()),
                Arguments.of(
                        Operation.DELETE_ALL,
                        bulk(Operation.DELETE_ALL).build(),
                        configured(CallOptions.DELETE_ALL, bulk(Operation.DELETE_ALL))
                                .build()),
                Arguments.of(
                        Operation.TRANSACT,
                        Call.transact(List.of()).build(),
                        configured(CallOptions.TRANSACT, Call.transact(List.of()))
                                .build()));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("calls")
    void aCallHasTheSameDefaults(Operation operation, Call<?> plain, Call<?> configured) {
        assertThat(plain.operation()).isEqualTo(operation);
        assertThat(configured).isEqualTo(plain);
    }

    @Test
    void noOperationIsLeftOut() {
        assertThat(calls().map(call -> call.get()[0])).containsExactlyInAnyOrder((Object[]) Operation.values());
    }

    private static <B> B configured(Collection<OptionBinding<B, ?>> options, B call) {
        options.forEach(option -> option.fromUri(new DynaStoreConfiguration(), call));
        return call;
    }
}
