/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.state;

import io.dynastore.store.DynaStoreException;
import io.dynastore.store.InvalidInputException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputFilter;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.ObjectStreamClass;
import java.io.OutputStream;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Java serialization of the classes that are allowed, and of no others. What is refused when it is read is refused when
 * it is written, so that nothing is stored that can't be read again. Thread safe.
 */
final class AllowedClasses {

    private static final Pattern SEPARATOR = Pattern.compile("[,;\\s]+");
    private static final Pattern ENTRY = Pattern.compile("!?[\\w$]+(\\.[\\w$]+)*(\\.\\*{1,2}|\\*)?");

    /** Values of the JDK that do nothing but hold data, and the classes that their serialized forms consist of. */
    private static final String VALUES = "maxdepth=100;java.lang.AbstractStringBuilder;java.lang.Boolean;"
            + "java.lang.Byte;java.lang.Character;java.lang.Double;java.lang.Enum;java.lang.Float;java.lang.Integer;"
            + "java.lang.Long;java.lang.Number;java.lang.Object;java.lang.Short;java.lang.String;"
            + "java.lang.StringBuffer;java.lang.StringBuilder;java.math.BigDecimal;java.math.BigInteger;"
            + "java.net.URI;java.time.*;java.time.chrono.*;java.util.AbstractList;java.util.AbstractMap;"
            + "java.util.ArrayDeque;java.util.ArrayList;java.util.Arrays$ArrayList;java.util.CollSer;"
            + "java.util.Currency;java.util.Date;java.util.EnumMap;java.util.HashMap;java.util.HashSet;"
            + "java.util.ImmutableCollections$*;java.util.LinkedHashMap;java.util.LinkedHashSet;"
            + "java.util.LinkedList;java.util.Locale;java.util.Map$Entry;java.util.TreeMap;"
            + "java.util.TreeSet;java.util.UUID;java.sql.Date;java.sql.Time;java.sql.Timestamp";

    private final ObjectInputFilter filter;

    /**
     * The JDK's value classes, and those of a list.
     *
     * @param list names of classes, or packages as {@code com.acme.*}, separated by commas; null for none
     * @throws InvalidInputException if an entry is no such name, or names all classes
     */
    AllowedClasses(@Nullable String list) {
        String patterns = SEPARATOR
                .splitAsStream(list == null ? "" : list)
                .filter(entry -> !entry.isEmpty())
                .map(entry -> checked(entry) + ";")
                .collect(Collectors.joining());
        filter = ObjectInputFilter.Config.createFilter(patterns + VALUES + ";!*");
    }

    private static String checked(String entry) {
        if (!ENTRY.matcher(entry).matches()) {
            throw new InvalidInputException("allowedClasses has the entry '" + entry
                    + "'. Name classes as com.acme.Order or packages as com.acme.*, separated by commas.");
        }
        return entry;
    }

    /** The serialized form of a value. */
    byte[] serialize(Object value) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new CheckedOutput(bytes)) {
            out.writeObject(value);
        } catch (InvalidInputException e) {
            throw e;
        } catch (IOException | RuntimeException | StackOverflowError e) {
            throw new InvalidInputException("A value of " + value.getClass().getName()
                    + " can't be serialized (" + e.getClass().getSimpleName()
                    + "): convert it to text, bytes or a map before the aggregation.");
        }
        checkReadable(value, bytes.toByteArray());
        return bytes.toByteArray();
    }

    /** Some classes read more than they write. */
    private void checkReadable(Object value, byte[] bytes) {
        ClassLoader loader = value.getClass().getClassLoader();
        try {
            var unused = deserialize(bytes, loader == null ? AllowedClasses.class.getClassLoader() : loader);
        } catch (DynaStoreException e) {
            throw new InvalidInputException("A value of " + value.getClass().getName()
                    + " could not be deserialized again: name its classes in allowedClasses, or convert it to text,"
                    + " bytes or a map before the aggregation.");
        }
    }

    /**
     * The value of a serialized form.
     *
     * @param loader loads the classes
     * @throws DynaStoreException if it names a class that is not allowed, or one that is missing
     */
    Object deserialize(byte[] bytes, ClassLoader loader) {
        try (ObjectInputStream in = new LoadingInput(bytes, loader)) {
            in.setObjectInputFilter(filter);
            return in.readObject();
        } catch (IOException | ClassNotFoundException | RuntimeException | LinkageError | StackOverflowError e) {
            throw new DynaStoreException(
                    "A stored value can't be deserialized. If its class is one of yours, name it in allowedClasses.",
                    e);
        }
    }

    private void check(Class<?> type) {
        Class<?> member = type;
        while (member.isArray()) {
            member = member.getComponentType();
        }
        if (!member.isPrimitive() && filter.checkInput(new Question(member)) != ObjectInputFilter.Status.ALLOWED) {
            throw new InvalidInputException("A value of " + member.getName()
                    + " is not stored: name the class in allowedClasses, or convert the value to text, bytes or a map"
                    + " before the aggregation.");
        }
    }

    /** Checks each class that is written. */
    private final class CheckedOutput extends ObjectOutputStream {

        CheckedOutput(OutputStream out) throws IOException {
            super(out);
        }

        @Override
        protected void annotateClass(Class<?> type) {
            check(type);
        }

        @Override
        protected void annotateProxyClass(Class<?> type) {
            check(type);
        }
    }

    /** Loads the classes of the application. */
    private static final class LoadingInput extends ObjectInputStream {

        private final ClassLoader loader;

        LoadingInput(byte[] bytes, ClassLoader loader) throws IOException {
            super(new ByteArrayInputStream(bytes));
            this.loader = loader;
        }

        @Override
        protected Class<?> resolveClass(ObjectStreamClass type) throws IOException, ClassNotFoundException {
            try {
                return Class.forName(type.getName(), false, loader);
            } catch (ClassNotFoundException e) {
                return super.resolveClass(type);
            }
        }
    }

    /** Asks the filter for a class alone. */
    private record Question(Class<?> serialClass) implements ObjectInputFilter.FilterInfo {
        @Override
        public long arrayLength() {
            return -1;
        }

        @Override
        public long depth() {
            return 1;
        }

        @Override
        public long references() {
            return 1;
        }

        @Override
        public long streamBytes() {
            return 0;
        }
    }
}
