/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.group;

import java.util.HashMap;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;

/** Groups that are known to be wrong, each by one change of what is sent or of what a consumer does. */
enum GroupFlaw {
    NOTHING,
    CHECKPOINT_WITHOUT_SEQ,
    CHECKPOINT_WITHOUT_HOLDER,
    ACQUIRE_WITHOUT_CONDITION,
    ACQUIRE_WITHOUT_SKEW,
    TOKEN_BY_THE_CLOCK,
    FREE_WITHOUT_HOLDER,
    FREE_WITHOUT_POSITION,
    FREE_THAT_DELETES_THE_POSITION,
    DELIVERY_WITHOUT_DEADLINE_CHECK,
    HAND_OVER_BEFORE_DRAIN,
    POSITION_BEFORE_THE_ITEMS_ARE_DONE,
    POSITION_SAVED_UNDER_A_LATER_LEASE,
    ASKS_THAT_END_THE_LEASE,
    SUCCESSORS_NOT_TOLD,
    HEARD_AND_NOT_FORGOTTEN;

    /** Whether it breaks a rule while there are faults, or right after. So the rest of a history need not run. */
    boolean showsInFaults() {
        return this != NOTHING && this != SUCCESSORS_NOT_TOLD && this != HEARD_AND_NOT_FORGOTTEN;
    }

    /** The write as the wrong group sends it. */
    UpdateItemRequest tampered(UpdateItemRequest request) {
        String update = request.updateExpression();
        String condition = request.conditionExpression();
        boolean acquire = update.contains("#holder = :me");
        boolean free = update.contains("#released = :me");
        return switch (this) {
            case CHECKPOINT_WITHOUT_SEQ ->
                condition != null && !free ? with(request, condition.replace(" AND #seq < :seq", "")) : request;
            case CHECKPOINT_WITHOUT_HOLDER ->
                condition != null && !acquire && !free
                        ? with(request, condition.replace("#holder = :me AND ", ""))
                        : request;
            case ACQUIRE_WITHOUT_CONDITION ->
                acquire ? with(request, "attribute_not_exists(#partitionKey) OR attribute_exists(#lock)") : request;
            case TOKEN_BY_THE_CLOCK ->
                acquire
                        ? request.toBuilder()
                                .updateExpression(
                                        update.replace("#fence = if_not_exists(#version, :floor)", "#fence = :floor"))
                                .build()
                        : request;
            case FREE_WITHOUT_HOLDER ->
                free ? with(request, condition.replace("#holder = :me", "attribute_exists(#holder)")) : request;
            case FREE_WITHOUT_POSITION ->
                free
                        ? request.toBuilder()
                                .updateExpression(update.replace(", #payload = :position", ""))
                                .build()
                        : request;
            case FREE_THAT_DELETES_THE_POSITION ->
                free
                        ? request.toBuilder()
                                .updateExpression(update.replace(", #payload = :position", "") + ", #payload")
                                .expressionAttributeNames(withPayload(request))
                                .build()
                        : request;
            case ASKS_THAT_END_THE_LEASE -> update.equals(GroupExpressions.ASK) ? ending(request) : request;
            case SUCCESSORS_NOT_TOLD ->
                update.equals(GroupExpressions.GIVE) ? with(request, "attribute_not_exists(#partitionKey)") : request;
            case HEARD_AND_NOT_FORGOTTEN -> update.equals(GroupExpressions.BEAT_AND_HEARD) ? keeping(request) : request;
            default -> request;
        };
    }

    /** A sign of life that leaves what was heard of. */
    private static UpdateItemRequest keeping(UpdateItemRequest request) {
        return request.toBuilder().updateExpression(GroupExpressions.BEAT).build();
    }

    private static UpdateItemRequest with(UpdateItemRequest request, String condition) {
        return request.toBuilder().conditionExpression(condition).build();
    }

    private static Map<String, String> withPayload(UpdateItemRequest request) {
        Map<String, String> names = new HashMap<>(request.expressionAttributeNames());
        names.put("#payload", "payload");
        return names;
    }

    /** Asks that take the end of the lease away, so that the owner seems to have stopped. */
    private static UpdateItemRequest ending(UpdateItemRequest request) {
        Map<String, String> names = new HashMap<>(request.expressionAttributeNames());
        names.put("#until", "_dsuntil");
        Map<String, AttributeValue> values = new HashMap<>(request.expressionAttributeValues());
        values.put(":zero", AttributeValue.fromN("0"));
        return request.toBuilder()
                .updateExpression(GroupExpressions.ASK + ", #until = :zero")
                .expressionAttributeNames(names)
                .expressionAttributeValues(values)
                .build();
    }
}
