/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store.internal.item;

import io.dynastore.store.DocumentPath;
import io.dynastore.store.InvalidInputException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * The expressions that change documents of an item by path.
 *
 * <ol>
 *   <li>DynamoDB sets a member only in a document that is there, and creates none. So the expressions depend on the
 *       shape of the stored item: which documents on the paths it has.
 *   <li>A first request supposes that all of them are there, and that each number to add to is a number or missing.
 *       No item is read for that.
 *   <li>The condition checks what is supposed. If it fails, the conflicting item shows the shape, and the next request
 *       is made for that shape.
 *   <li>A missing document is created with what is set in it. NULL counts as missing.
 *   <li>Any other value in the place of a document or a number is an error. Nothing is changed then.
 * </ol>
 *
 * <p>Decision 22 in docs/decisions has the reasons.
 *
 * <p>Not thread safe; made for one request.
 */
public final class DocumentExpressions {

    private static final String DOCUMENT = ":xm";
    private static final String NUMBER = ":xn";
    private static final String NOTHING = ":xz";

    /** The codes that the function attribute_type takes. */
    private static final Map<String, String> TYPES = Map.of(DOCUMENT, "M", NUMBER, "N", NOTHING, "NULL");

    private final boolean known;
    private final StringJoiner sets = new StringJoiner(",").setEmptyValue("");
    private final StringJoiner removes = new StringJoiner(",").setEmptyValue("");
    private final StringJoiner conditions = new StringJoiner(" AND ").setEmptyValue("");
    private final Map<String, String> placeholders = new HashMap<>();
    private final Map<String, AttributeValue> values = new HashMap<>();

    /** A place on the way through the changes: its path, and that in placeholders. */
    private record Place(DocumentPath path, String text) {}

    /**
     * Makes the expressions.
     *
     * @param stored the attributes of the item that the write finds, empty if there is none; null if that is not known
     * @throws InvalidInputException naming the path, if the item has another shape than the changes need
     */
    DocumentExpressions(ItemChanges changes, @Nullable Map<String, AttributeValue> stored) {
        this.known = stored != null;
        changes.attributes().forEach((name, change) -> {
            Place place = new Place(new DocumentPath(List.of(name)), placeholder(name));
            apply(place, change, stored == null ? null : stored.get(name));
        });
    }

    /** What follows a SET and a comma; may be empty. */
    String sets() {
        return sets.toString();
    }

    /** What follows a REMOVE; may be empty. */
    String removes() {
        return removes.toString();
    }

    /** The condition; may be empty. */
    String condition() {
        return conditions.toString();
    }

    /** Adds the names of attributes and members. */
    void names(Map<String, String> names) {
        placeholders.forEach((name, placeholder) -> names.put(placeholder, name));
    }

    /** The values, except for zero. */
    Map<String, AttributeValue> values() {
        return values;
    }

    private void apply(Place place, DocumentChange change, @Nullable AttributeValue stored) {
        boolean missing = known && (stored == null || Boolean.TRUE.equals(stored.nul()));
        if (change instanceof DocumentChange.Members members) {
            if (missing) {
                create(place, change);
            } else {
                descend(place, members, stored);
            }
        } else if (change instanceof DocumentChange.Increment increment) {
            increment(place, increment, stored);
        } else if (change instanceof DocumentChange.Replacement replacement) {
            sets.add(place.text() + "=" + value(replacement.value()));
        } else {
            removes.add(place.text());
        }
    }

    private void create(Place place, DocumentChange change) {
        AttributeValue value = change.initial();
        if (value != null) {
            sets.add(place.text() + "=" + value(value));
            conditions.add(missingOr(place, NOTHING));
        }
    }

    private void descend(Place place, DocumentChange.Members members, @Nullable AttributeValue stored) {
        if (stored != null && !stored.hasM()) {
            throw conflict(place, stored, "document");
        }
        // A condition on a document within implies this one.
        if (members.changes().values().stream().noneMatch(DocumentChange.Members.class::isInstance) || stored != null) {
            conditions.add("attribute_type(" + place.text() + "," + type(DOCUMENT) + ")");
        }
        members.changes()
                .forEach((name, change) -> apply(
                        new Place(place.path().member(name), place.text() + "." + placeholder(name)),
                        change,
                        stored == null ? null : stored.m().get(name)));
    }

    private void increment(Place place, DocumentChange.Increment increment, @Nullable AttributeValue stored) {
        if (stored != null && Boolean.TRUE.equals(stored.nul())) {
            create(place, increment);
            return;
        }
        if (stored != null && stored.n() == null) {
            throw conflict(place, stored, "number");
        }
        sets.add(place.text() + "=if_not_exists(" + place.text() + ",:zero)+" + value(increment.number()));
        conditions.add(missingOr(place, NUMBER));
    }

    private String missingOr(Place place, String type) {
        return "(attribute_not_exists(" + place.text() + ") OR attribute_type(" + place.text() + "," + type(type)
                + "))";
    }

    private String placeholder(String name) {
        return placeholders.computeIfAbsent(name, first -> "#x" + placeholders.size());
    }

    private String value(AttributeValue value) {
        String placeholder = ":x" + values.size();
        values.put(placeholder, value);
        return placeholder;
    }

    private String type(String placeholder) {
        values.put(placeholder, AttributeValue.fromS(TYPES.get(placeholder)));
        return placeholder;
    }

    private static InvalidInputException conflict(Place place, AttributeValue stored, String wanted) {
        return new InvalidInputException("The stored value at '" + place.path().shown() + "' is of the type "
                + stored.type() + " and no " + wanted + ", so that nothing was changed. Correct the path or the item,"
                + " or replace that value.");
    }
}
