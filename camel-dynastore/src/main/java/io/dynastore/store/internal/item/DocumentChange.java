/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store.internal.item;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** What a write changes at one place of an item. Immutable. */
public sealed interface DocumentChange {

    /** The value if there is nothing at that place yet; null if there is nothing afterwards either. */
    @Nullable
    AttributeValue initial();

    /** Changes members of a document. */
    record Members(Map<String, DocumentChange> changes) implements DocumentChange {
        @Override
        public AttributeValue initial() {
            return AttributeValue.fromM(initial(changes));
        }

        /** The changes that merge a document. The caller may add to them. */
        static Members merging(Map<String, AttributeValue> document) {
            Map<String, DocumentChange> changes = new LinkedHashMap<>();
            document.forEach((name, value) -> changes.put(
                    name,
                    value.hasM()
                            ? merging(value.m())
                            : Boolean.TRUE.equals(value.nul()) ? new Removal() : new Replacement(value)));
            return new Members(changes);
        }

        /** The members that have a value where there were none. */
        static Map<String, AttributeValue> initial(Map<String, DocumentChange> changes) {
            Map<String, AttributeValue> members = new LinkedHashMap<>();
            changes.forEach((name, change) -> {
                AttributeValue value = change.initial();
                if (value != null) {
                    members.put(name, value);
                }
            });
            return members;
        }
    }

    /** Sets a value in the place of any other. */
    record Replacement(AttributeValue value) implements DocumentChange {
        @Override
        public AttributeValue initial() {
            return value;
        }
    }

    /** Removes a value, if there is one. */
    record Removal() implements DocumentChange {
        @Override
        public @Nullable AttributeValue initial() {
            return null;
        }
    }

    /** Adds to a number; what is missing counts as 0. */
    record Increment(AttributeValue number) implements DocumentChange {
        @Override
        public AttributeValue initial() {
            return number;
        }
    }
}
