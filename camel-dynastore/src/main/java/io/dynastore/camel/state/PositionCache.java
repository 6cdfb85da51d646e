/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.state;

import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.apache.camel.resume.cache.ResumeCache;
import org.jspecify.annotations.Nullable;

/** A cache of positions that holds all of them. Thread safe. */
final class PositionCache implements ResumeCache<Object> {

    private final Map<Object, Object> positions = new ConcurrentHashMap<>();

    @Override
    public Object computeIfAbsent(Object key, Function<? super Object, ? super Object> mapping) {
        return positions.computeIfAbsent(key, mapping);
    }

    @Override
    public @Nullable Object computeIfPresent(
            Object key, BiFunction<? super Object, ? super Object, ? super Object> remapping) {
        return positions.computeIfPresent(key, remapping);
    }

    @Override
    public boolean contains(Object key, Object entry) {
        return Objects.equals(positions.get(key), entry);
    }

    @Override
    public void add(Object key, Object offset) {
        positions.put(key, offset);
    }

    @Override
    public boolean isFull() {
        return false;
    }

    @Override
    public long capacity() {
        return Integer.MAX_VALUE;
    }

    @Override
    public <T> @Nullable T get(Object key, Class<T> type) {
        return type.cast(positions.get(key));
    }

    @Override
    public @Nullable Object get(Object key) {
        return positions.get(key);
    }

    @Override
    public void forEach(BiFunction<? super Object, ? super Object, Boolean> action) {
        positions.entrySet().removeIf(entry -> !action.apply(entry.getKey(), entry.getValue()));
    }
}
