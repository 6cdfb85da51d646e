/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.dynastore.store.Call;
import io.dynastore.store.DynaStore;
import io.dynastore.store.Item;
import io.dynastore.store.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletionException;
import org.assertj.core.api.AbstractThrowableAssert;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * A step that our store has carried out.
 *
 * @param step what was asked
 * @param tables where
 * @param before the step's item before; empty for none, and for a list
 * @param after the same afterwards
 * @param outcome what came of it; null if it failed
 * @param error how it failed; null if it did not
 */
record Replayed(
        GoldenStep step,
        GoldenTables tables,
        Map<String, AttributeValue> before,
        Map<String, AttributeValue> after,
        @Nullable Outcome outcome,
        @Nullable Throwable error) {

    static Replayed of(GoldenStep step, GoldenTables tables) {
        Map<String, AttributeValue> before = step.tellsItem() ? tables.item(step) : Map.of();
        Outcome outcome = null;
        Throwable error = null;
        try {
            outcome = execute(tables.store(step, payloadType(step)), GoldenCall.of(step));
        } catch (RuntimeException e) {
            error = e;
        }
        Map<String, AttributeValue> after = step.tellsItem() ? tables.item(step) : Map.of();
        return new Replayed(step, tables, before, after, outcome, error);
    }

    /** Carries out a changed call of the same kind. */
    <R extends Outcome> R again(Call.Builder<R> call) {
        return execute(tables.store(step, null), call);
    }

    <T extends Outcome> T outcome(Class<T> type) {
        assertThat(error).isNull();
        assertThat(outcome).isInstanceOf(type);
        return type.cast(Objects.requireNonNull(outcome));
    }

    /** Starts an assertion on the error. A refused step has changed nothing, whatever the recording says. */
    AbstractThrowableAssert<?, ? extends Throwable> refused(Class<? extends Throwable> type) {
        assertThat(outcome).isNull();
        assertThat(after).isEqualTo(before);
        return assertThat(error).isExactlyInstanceOf(type);
    }

    static List<@Nullable Object> values(Outcome.Page page) {
        List<@Nullable Object> values = new ArrayList<>();
        for (Item item : page.items()) {
            values.add(JavaValues.comparable(item.payload()));
        }
        return values;
    }

    static <R extends Outcome> R execute(DynaStore store, Call.Builder<R> call) {
        try {
            return store.execute(call.build()).join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }

    /** The Go library reads into the type that the store was made for; ours only if it is given one. */
    private static @Nullable Class<?> payloadType(GoldenStep step) {
        if (!step.error("text").contains("failed to unmarshal")) {
            return null;
        }
        return switch (step.valueType()) {
            case "int" -> Integer.class;
            case "[]uint8" -> step.error("text").contains("last evaluated key") ? null : byte[].class;
            default -> throw new AssertionError("a type without a counterpart: " + step.valueType());
        };
    }
}
