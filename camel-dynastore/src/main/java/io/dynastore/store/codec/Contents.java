/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store.codec;

import io.dynastore.store.InvalidInputException;
import java.io.InputStream;
import java.io.Reader;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.stream.BaseStream;

/**
 * Rejects objects that are no values: what they hold comes later, or they are a part of the program. Jackson would
 * store their properties, and report success. Stateless.
 */
public final class Contents {

    private static final List<Class<?>> NO_VALUES = List.of(
            Iterator.class,
            BaseStream.class,
            InputStream.class,
            Reader.class,
            Future.class,
            CompletionStage.class,
            AutoCloseable.class,
            Executor.class,
            Runnable.class,
            Thread.class,
            ClassLoader.class);

    /** Exchanges, messages, clients and the like. By name: the store depends on no Camel, but may be beside one. */
    private static final List<String> FRAMEWORKS = List.of("org.apache.camel.", "software.amazon.awssdk.");

    private Contents() {}

    /**
     * Checks that an object is a value.
     *
     * @return the same object
     * @throws InvalidInputException naming its class, if it is none
     */
    public static <T> T value(T object) {
        boolean document = object instanceof Map || object instanceof Collection;
        if (!document && (NO_VALUES.stream().anyMatch(type -> type.isInstance(object)) || framework(object))) {
            throw new InvalidInputException("A " + object.getClass().getName()
                    + " is no value that can be stored: store what it holds, such as text, a List or a Map.");
        }
        return object;
    }

    private static boolean framework(Object object) {
        for (Class<?> type = object.getClass(); type != null; type = type.getSuperclass()) {
            if (FRAMEWORKS.stream().anyMatch(type.getName()::startsWith)) {
                return true;
            }
        }
        return false;
    }
}
