/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store.internal.item;

import io.dynastore.store.TableSchema;
import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * The attributes of an item that was read without the SDK: the same map as the SDK's, whose values are made when they
 * are asked for. {@link Attributes} reads text, numbers and bytes without them. Unmodifiable and thread safe.
 *
 * <p>Decision 21 in docs/decisions has the reasons.
 */
public final class ParsedItem extends AbstractMap<String, AttributeValue> {

    /** How the value of an attribute is kept. */
    public enum Kind {
        /** A String, the text. */
        TEXT,
        /** A String, the number as the service wrote it. */
        NUMBER,
        /** SdkBytes. */
        BYTES,
        /** An AttributeValue, of any other type. */
        OTHER
    }

    /** Names and kinds of attributes, in their order. Items that have the same share it. Thread safe. */
    public static final class Shape {
        private final String[] names;
        private final Kind[] kinds;
        private final Map<String, Integer> places;
        private volatile @Nullable Fields fields;

        /** Names that a schema does not reserve. */
        private record Fields(TableSchema schema, List<String> names) {}

        /** These attributes; a name that occurs twice counts once, so that the shape is shorter than its names. */
        public Shape(List<String> names, List<Kind> kinds) {
            this.names = names.toArray(String[]::new);
            this.kinds = kinds.toArray(Kind[]::new);
            this.places = new LinkedHashMap<>(2 * names.size());
            for (int place = 0; place < names.size(); place++) {
                places.put(names.get(place), place);
            }
        }

        /** How many names there are. */
        public int size() {
            return places.size();
        }

        /** Names that the schema does not reserve. Mostly all items of a shape are read with one schema. */
        private List<String> fields(TableSchema schema) {
            Fields known = fields;
            if (known == null || !known.schema.equals(schema)) {
                known = new Fields(
                        schema,
                        places.keySet().stream()
                                .filter(name -> !schema.reserves(name))
                                .toList());
                fields = known;
            }
            return known.names;
        }

        /** The shape of some of these attributes. */
        private Shape of(List<String> some) {
            List<Kind> itsKinds = new ArrayList<>(some.size());
            for (String name : some) {
                itsKinds.add(kinds[Objects.requireNonNull(places.get(name))]);
            }
            return new Shape(some, itsKinds);
        }
    }

    /** Makes items that have only some attributes, and keep nothing else alive. Not thread safe. */
    public static final class Part {
        private final List<String> names;
        private @Nullable Shape whole;
        private @Nullable Shape part;

        /** A part of these names. */
        public Part(List<String> names) {
            this.names = names;
        }

        /** This part of an item. */
        public ParsedItem of(ParsedItem item) {
            Shape shape = part;
            if (shape == null || whole != item.shape) {
                shape = item.shape.of(names.stream().filter(item::containsKey).toList());
                whole = item.shape;
                part = shape;
            }
            Object[] values = new Object[shape.size()];
            for (int place = 0; place < values.length; place++) {
                values[place] = item.values[item.place(shape.names[place])];
            }
            return new ParsedItem(shape, values);
        }
    }

    private static final int NONE = -1;

    private final Shape shape;
    private final Object[] values;

    /**
     * An item.
     *
     * @param values one for each name of the shape, of the type that its kind says; must not be changed afterwards
     */
    public ParsedItem(Shape shape, Object[] values) {
        if (shape.size() != values.length) {
            throw new IllegalArgumentException("A value for each name");
        }
        this.shape = shape;
        this.values = values;
    }

    /** The names that a schema does not reserve, in their order. */
    List<String> fields(TableSchema schema) {
        return shape.fields(schema);
    }

    /** The value of an attribute; null if it is missing, or kept in another way. */
    @Nullable
    Object get(String name, Kind kind) {
        int place = place(name);
        return place == NONE || shape.kinds[place] != kind ? null : values[place];
    }

    private int place(@Nullable Object name) {
        Integer place = shape.places.get(name);
        return place == null ? NONE : place;
    }

    private AttributeValue attribute(int place) {
        Object value = values[place];
        return switch (shape.kinds[place]) {
            case TEXT -> AttributeValue.fromS((String) value);
            case NUMBER -> AttributeValue.fromN((String) value);
            case BYTES -> AttributeValue.fromB((SdkBytes) value);
            case OTHER -> (AttributeValue) value;
        };
    }

    @Override
    public @Nullable AttributeValue get(@Nullable Object name) {
        int place = place(name);
        return place == NONE ? null : attribute(place);
    }

    @Override
    public boolean containsKey(@Nullable Object name) {
        return place(name) != NONE;
    }

    @Override
    public int size() {
        return values.length;
    }

    @Override
    public Set<String> keySet() {
        return Collections.unmodifiableSet(shape.places.keySet());
    }

    @Override
    public Set<Entry<String, AttributeValue>> entrySet() {
        return new AbstractSet<>() {
            @Override
            public int size() {
                return values.length;
            }

            @Override
            public Iterator<Entry<String, AttributeValue>> iterator() {
                return entries();
            }
        };
    }

    private Iterator<Entry<String, AttributeValue>> entries() {
        Iterator<String> names = Arrays.asList(shape.names).iterator();
        return new Iterator<>() {
            private int place;

            @Override
            public boolean hasNext() {
                return names.hasNext();
            }

            @Override
            public Entry<String, AttributeValue> next() {
                if (!names.hasNext()) {
                    throw new NoSuchElementException();
                }
                return new SimpleImmutableEntry<>(names.next(), attribute(place++));
            }
        };
    }

    @Override
    public boolean equals(@Nullable Object other) {
        if (other instanceof ParsedItem item && item.shape == shape) {
            return Arrays.equals(item.values, values);
        }
        return super.equals(other);
    }

    @Override
    public int hashCode() {
        return super.hashCode();
    }
}
