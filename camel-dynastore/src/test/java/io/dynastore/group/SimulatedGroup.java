/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.group;

import io.dynastore.queue.Expression;
import io.dynastore.store.TableSchema;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;

/**
 * The items of a group in memory, by sort key. It applies the requests of members as the service does, one after the
 * other. Each write makes a new map, so that earlier states can be read as an eventually consistent read may return
 * them.
 */
final class SimulatedGroup {

    static final TableSchema SCHEMA = TableSchema.named("orders");

    private final Map<String, Map<String, AttributeValue>> items = new TreeMap<>();
    private final Map<String, Map<String, AttributeValue>> before = new HashMap<>();
    private final GroupOracle oracle;

    private final Map<Kind, Sample> samples = new HashMap<>();

    private record Kind(
            boolean applied, String update, @Nullable String condition) {}

    /** A write, and the item before and after it; empty if there is none. */
    record Sample(
            UpdateItemRequest request,
            boolean applied,
            Map<String, AttributeValue> before,
            Map<String, AttributeValue> after) {}

    SimulatedGroup(GroupOracle oracle) {
        this.oracle = oracle;
    }

    /** The lease of a partition; null if there is none. */
    @Nullable
    Map<String, AttributeValue> lease(String partition) {
        return items.get("lease/" + partition);
    }

    /** The item of a member; empty if there is none. */
    Map<String, AttributeValue> member(String name) {
        return items.getOrDefault("member/" + name, Map.of());
    }

    /** All items. */
    List<Map<String, AttributeValue>> all() {
        return new ArrayList<>(items.values());
    }

    /** All items, each as it was before its latest write if the number for it is odd. */
    List<Map<String, AttributeValue>> stale(java.util.function.IntSupplier chance) {
        List<Map<String, AttributeValue>> seen = new ArrayList<>();
        items.forEach((name, item) -> seen.add(chance.getAsInt() == 0 ? before.getOrDefault(name, item) : item));
        return seen;
    }

    /** One item, or as it was before its latest write; empty if there is none. */
    Map<String, AttributeValue> item(Map<String, AttributeValue> key, boolean stale) {
        String name = name(key);
        Map<String, AttributeValue> item = items.getOrDefault(name, Map.of());
        return stale ? before.getOrDefault(name, item) : item;
    }

    void remove(Map<String, AttributeValue> key) {
        items.remove(name(key));
    }

    GroupWrite apply(UpdateItemRequest request) {
        String name = name(request.key());
        Map<String, AttributeValue> item = items.get(name);
        Expression.Scope scope = new Expression.Scope(
                item == null ? Map.of() : item,
                request.expressionAttributeNames(),
                request.expressionAttributeValues());
        String condition = request.conditionExpression();
        if (condition != null && !Expression.holds(condition, scope)) {
            sample(request, false, scope.item(), scope.item());
            return new GroupWrite.Refused(item, false);
        }
        Map<String, AttributeValue> updated = Expression.updated(request.updateExpression(), scope);
        updated.putAll(request.key());
        items.put(name, updated);
        sample(request, true, scope.item(), updated);
        if (item != null) {
            before.put(name, item);
        }
        if (name.startsWith("lease/")) {
            oracle.applied(name.substring("lease/".length()), request, item, updated);
        }
        return new GroupWrite.Applied(request.returnValues() == null ? Map.of() : updated);
    }

    private void sample(
            UpdateItemRequest request,
            boolean applied,
            Map<String, AttributeValue> before,
            Map<String, AttributeValue> after) {
        samples.computeIfAbsent(
                new Kind(applied, request.updateExpression(), request.conditionExpression()),
                kind -> new Sample(request, applied, before, after));
    }

    /** One write of each kind, applied and refused, by its expressions. */
    Map<String, Sample> samples() {
        Map<String, Sample> found = new TreeMap<>();
        samples.forEach(
                (kind, sample) -> found.put(kind.applied() + " " + kind.update() + " if " + kind.condition(), sample));
        return found;
    }

    static String name(Map<String, AttributeValue> key) {
        String name = LeaseItem.text(key, "name");
        return name == null ? "" : name;
    }
}
