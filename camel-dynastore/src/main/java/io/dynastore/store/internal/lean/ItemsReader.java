/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store.internal.lean;

import static io.dynastore.store.internal.lean.AttributeReader.expect;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.dynastore.store.internal.item.HistoryAttributes;
import io.dynastore.store.internal.item.ParsedItem;
import io.dynastore.store.internal.item.ParsedItem.Kind;
import io.dynastore.store.internal.item.ParsedItem.Shape;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads the items of one page, without the attributes that have the history of writes. No objects are made of these.
 *
 * <p>Items of a page are mostly alike. So they share the names of their attributes, and also short values if an item
 * has the same one as the item before. Not thread safe.
 */
final class ItemsReader {

    /** A page has few kinds of items. */
    private static final int MOST_SHAPES = 8;

    /** Longer values are seldom equal. */
    private static final int SHORT = 40;

    private final List<Shape> shapes = new ArrayList<>(MOST_SHAPES);
    private final List<String> names = new ArrayList<>();
    private final List<Kind> kinds = new ArrayList<>();
    private final List<Object> values = new ArrayList<>();
    private @Nullable ParsedItem before;

    ParsedItem item(JsonParser json) throws IOException {
        expect(json, JsonToken.START_OBJECT);
        names.clear();
        kinds.clear();
        values.clear();
        for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
            json.nextToken();
            expect(json, JsonToken.START_OBJECT);
            if (HistoryAttributes.contain(name)) {
                json.skipChildren();
            } else {
                names.add(name);
                value(json);
            }
        }
        expect(json, JsonToken.END_OBJECT);
        ParsedItem item = new ParsedItem(shape(), values.toArray());
        before = item;
        return item;
    }

    private void value(JsonParser json) throws IOException {
        String type = json.nextFieldName();
        if (type == null) {
            throw new IOException("an attribute value without a type");
        }
        json.nextToken();
        switch (type) {
            case "S" -> add(Kind.TEXT, text(json));
            case "N" -> add(Kind.NUMBER, text(json));
            case "B" -> add(Kind.BYTES, AttributeReader.bytes(json));
            default -> add(Kind.OTHER, AttributeReader.value(json, type, 1));
        }
        json.nextToken();
        expect(json, JsonToken.END_OBJECT);
    }

    private void add(Kind kind, Object value) {
        kinds.add(kind);
        values.add(value);
    }

    private String text(JsonParser json) throws IOException {
        expect(json, JsonToken.VALUE_STRING);
        Object last = before == null ? null : before.at(values.size());
        return last instanceof String text && text.length() <= SHORT && isNext(text, json) ? text : json.getText();
    }

    private static boolean isNext(String text, JsonParser json) throws IOException {
        int length = text.length();
        if (json.getTextLength() != length) {
            return false;
        }
        char[] next = json.getTextCharacters();
        int from = json.getTextOffset();
        for (int i = 0; i < length; i++) {
            if (next[from + i] != text.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private Shape shape() throws IOException {
        for (Shape shape : shapes) {
            if (shape.matches(names, kinds)) {
                return shape;
            }
        }
        Shape shape = new Shape(names, kinds);
        if (shape.size() < names.size()) {
            throw new IOException("a name that occurs twice");
        }
        for (String name : names) {
            AttributeReader.checkName(name);
        }
        if (shapes.size() == MOST_SHAPES) {
            shapes.clear();
        }
        shapes.add(shape);
        return shape;
    }
}
