/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store.internal.lean;

import io.dynastore.store.internal.item.HistoryAttributes;
import io.dynastore.store.internal.item.ParsedItem;
import io.dynastore.store.internal.item.ParsedItem.Kind;
import io.dynastore.store.internal.item.ParsedItem.Shape;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * Reads the items of one page, without the attributes that have the history of writes. No texts are made of these.
 *
 * <p>Items of a page are mostly alike. So an attribute is looked for among those that came at this place before: what
 * leads to its value is then known, byte by byte, and is only compared. Items share the names of their attributes,
 * and also a short value while each has the same. Not thread safe.
 *
 * <p>Decision 25 in docs/decisions has the reasons.
 */
final class ItemsReader {

    /** A page has few kinds of items. If more attributes than this came at one place, they are forgotten. */
    private static final int MOST_NEXT = 8;

    /** The same for all places together. */
    private static final int MOST = 5_000;

    /** Longer values are seldom equal. */
    private static final int SHORT = 40;

    private static final int MOST_CHANGES = 3;

    private final List<Object> values = new ArrayList<>();
    private Attribute before = new Attribute();
    private int known;

    /** An attribute after certain others: the beginning of all items that have had it there. */
    private static final class Attribute {
        private final @Nullable Attribute previous;
        private final String name;
        private final Kind kind;
        /** Whether items have it. */
        private final boolean kept;

        private final String type;
        /** From the name to its value, and also the quote of a text. */
        private final byte[] lead;

        private final List<Attribute> next = new ArrayList<>(2);
        private @Nullable Shape shape;
        /** The last value that was short. */
        private @Nullable String same;

        /** That value with its closing quote. */
        private byte[] sameBytes = {};

        /** How often in a row it was another one. */
        private int changes;

        /** What comes before the first attribute. */
        Attribute() {
            this(null, "", Kind.OTHER, false, "", new byte[0]);
        }

        Attribute(@Nullable Attribute previous, String name, Kind kind, boolean kept, String type, byte[] lead) {
            this.previous = previous;
            this.name = name;
            this.kind = kind;
            this.kept = kept;
            this.type = type;
            this.lead = lead;
        }

        /** Of items that end with this attribute. */
        Shape shape() throws IOException {
            Shape known = shape;
            if (known == null) {
                known = newShape();
                shape = known;
            }
            return known;
        }

        private Shape newShape() throws IOException {
            Deque<String> names = new ArrayDeque<>();
            Deque<Kind> kinds = new ArrayDeque<>();
            for (Attribute each = this; each != null; each = each.previous) {
                if (each.kept) {
                    names.addFirst(each.name);
                    kinds.addFirst(each.kind);
                }
            }
            Shape made = new Shape(List.copyOf(names), List.copyOf(kinds));
            if (made.size() < names.size()) {
                throw new IOException("a name that occurs twice");
            }
            return made;
        }

        /** The value, which is shared with the item before, unless it mostly changes. */
        private String text(JsonCursor json) throws IOException {
            if (changes > MOST_CHANGES) {
                return json.restOfText();
            }
            String known = same;
            if (known != null && json.take(sameBytes)) {
                changes = 0;
                return known;
            }
            json.record();
            String text = json.restOfText();
            byte[] read = json.recorded();
            if (read.length > SHORT) {
                changes = MOST_CHANGES + 1;
                return text;
            }
            changes++;
            same = text;
            sameBytes = read;
            return text;
        }
    }

    ParsedItem item(JsonCursor json) throws IOException {
        values.clear();
        if (known > MOST) {
            before = new Attribute();
            known = 0;
        }
        Attribute attribute = before;
        json.expect('{');
        if (!json.take('}')) {
            do {
                attribute = after(attribute, json);
                value(attribute, json);
                json.expect('}');
            } while (json.take(','));
            json.expect('}');
        }
        return new ParsedItem(attribute.shape(), values.toArray());
    }

    /** The attribute that comes after another one; its value is next. */
    private Attribute after(Attribute previous, JsonCursor json) throws IOException {
        for (Attribute likely : previous.next) {
            if (json.take(likely.lead)) {
                return likely;
            }
        }
        json.record();
        String name = json.name();
        json.expect('{');
        String type = json.name();
        Kind kind =
                switch (type) {
                    case "S" -> Kind.TEXT;
                    case "N" -> Kind.NUMBER;
                    case "B" -> Kind.BYTES;
                    default -> Kind.OTHER;
                };
        if (kind != Kind.OTHER) {
            json.expect('"');
        }
        Attribute found = new Attribute(previous, name, kind, !HistoryAttributes.contain(name), type, json.recorded());
        if (previous.next.size() == MOST_NEXT) {
            previous.next.clear();
        }
        previous.next.add(found);
        known++;
        return found;
    }

    private void value(Attribute attribute, JsonCursor json) throws IOException {
        if (attribute.kept) {
            values.add(
                    switch (attribute.kind) {
                        case TEXT, NUMBER -> attribute.text(json);
                        case BYTES -> AttributeReader.bytes(json.restOfText());
                        case OTHER -> AttributeReader.value(json, attribute.type, 1);
                    });
        } else if (attribute.kind == Kind.OTHER) {
            AttributeValue unused = AttributeReader.value(json, attribute.type, 1);
        } else {
            json.skipRestOfText();
        }
    }
}
