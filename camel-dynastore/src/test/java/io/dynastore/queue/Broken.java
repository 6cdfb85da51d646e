/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.queue;

import java.util.HashMap;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;

/** Claims that are known to be wrong, each by one change of what is sent or of what a member does. */
enum Broken {
    NOTHING,
    CLAIM_WITHOUT_CONDITION,
    CLAIM_WITHOUT_VERSION,
    CLAIM_WITHOUT_SKEW,
    DELETE_WITHOUT_CLAIM_CHECK,
    DELETE_WITHOUT_VERSION,
    COUNT_RAISED_AFTER_DELIVERY,
    RENEWAL_MOVES_END_BACK,
    RENEWAL_WITHOUT_CLAIM_CHECK,
    FAILURE_WITHOUT_CLAIM_CHECK,
    MOVE_WITHOUT_VERSION,
    TOKEN_BY_THE_CLOCK,
    DEADLINE_FROM_THE_RESPONSE,
    DELIVERY_OF_UNKNOWN_CLAIMS,
    RELEASE_THAT_FORGETS_THE_COUNT,
    CLAIM_THAT_LEAVES_ITS_ENTRY,
    RENEWAL_THAT_LEAVES_ITS_ENTRY,
    DEAD_ITEM_IN_THE_INDEX;

    private static final String HOLDER = "#holder = :me";

    /** The write as the wrong claim sends it. */
    ClaimWrite tampered(ClaimWrite write) {
        if (write instanceof ClaimWrite.Update update) {
            return new ClaimWrite.Update(tampered(update.request()));
        }
        if (write instanceof ClaimWrite.Delete delete) {
            String condition = delete.request().conditionExpression();
            String wrong =
                    switch (this) {
                        case DELETE_WITHOUT_CLAIM_CHECK -> "attribute_exists(#version)";
                        case DELETE_WITHOUT_VERSION -> HOLDER;
                        default -> condition;
                    };
            return new ClaimWrite.Delete(
                    delete.request().toBuilder().conditionExpression(wrong).build());
        }
        return this == MOVE_WITHOUT_VERSION ? withoutVersion((ClaimWrite.Move) write) : write;
    }

    private static ClaimWrite withoutVersion(ClaimWrite.Move move) {
        return new ClaimWrite.Move(move.request().toBuilder()
                .transactItems(move.request().transactItems().stream()
                        .map(item -> item.delete() == null
                                ? item
                                : item.toBuilder()
                                        .delete(item.delete().toBuilder()
                                                .conditionExpression(item.delete()
                                                        .conditionExpression()
                                                        .replace(" AND #version = :seen", "")
                                                        .replace("#version = :seen AND ", ""))
                                                .build())
                                        .build())
                        .toList())
                .build());
    }

    private UpdateItemRequest tampered(UpdateItemRequest request) {
        boolean claim = request.updateExpression().contains("#holder = :me");
        String condition = request.conditionExpression();
        return switch (this) {
            case CLAIM_WITHOUT_CONDITION -> claim ? with(request, "attribute_exists(#version)") : request;
            case CLAIM_WITHOUT_VERSION ->
                claim ? with(request, condition.replace("#version = :seen AND ", "")) : request;
            case RENEWAL_MOVES_END_BACK -> with(request, condition.replace(" AND #until <= :until", ""));
            case RENEWAL_WITHOUT_CLAIM_CHECK ->
                with(request, condition.replace("#holder = :me AND #until <= :until", "#until <= :until"));
            case FAILURE_WITHOUT_CLAIM_CHECK ->
                condition.equals(HOLDER) ? with(request, "attribute_exists(#holder)") : request;
            case COUNT_RAISED_AFTER_DELIVERY -> claim ? uncounted(request) : countedLate(request);
            case TOKEN_BY_THE_CLOCK -> claim ? tokenByTheClock(request) : request;
            case RELEASE_THAT_FORGETS_THE_COUNT -> forgetful(request);
            case CLAIM_THAT_LEAVES_ITS_ENTRY -> claim ? without(request, " #from = :from,") : request;
            case RENEWAL_THAT_LEAVES_ITS_ENTRY ->
                request.updateExpression().equals(ClaimExpressions.RENEW)
                        ? without(request, ", #from = :from")
                        : request;
            case DEAD_ITEM_IN_THE_INDEX -> without(request, ", #from, #shard");
            default -> request;
        };
    }

    private static UpdateItemRequest with(UpdateItemRequest request, String condition) {
        return request.toBuilder().conditionExpression(condition).build();
    }

    private static UpdateItemRequest without(UpdateItemRequest request, String part) {
        return request.toBuilder()
                .updateExpression(request.updateExpression().replace(part, ""))
                .build();
    }

    private static UpdateItemRequest uncounted(UpdateItemRequest request) {
        return request.toBuilder()
                .updateExpression(request.updateExpression()
                        .replace("if_not_exists(#count, :zero) + :one", "if_not_exists(#count, :zero)"))
                .build();
    }

    private static UpdateItemRequest countedLate(UpdateItemRequest request) {
        if (!request.updateExpression().equals(ClaimExpressions.FAIL)) {
            return request;
        }
        Map<String, String> names = new HashMap<>(request.expressionAttributeNames());
        names.put("#count", "_dsqn");
        Map<String, AttributeValue> values = new HashMap<>(request.expressionAttributeValues());
        values.put(":zero", AttributeValue.fromN("0"));
        values.put(":one", AttributeValue.fromN("1"));
        return request.toBuilder()
                .updateExpression(
                        "SET #from = :from, #count = if_not_exists(#count, :zero) + :one REMOVE #holder, #until")
                .expressionAttributeNames(names)
                .expressionAttributeValues(values)
                .build();
    }

    private static UpdateItemRequest tokenByTheClock(UpdateItemRequest request) {
        return request.toBuilder()
                .updateExpression(request.updateExpression().replace("if_not_exists(#fence, :floor)", ":floor"))
                .build();
    }

    private static UpdateItemRequest forgetful(UpdateItemRequest request) {
        if (!request.updateExpression().equals(ClaimExpressions.FAIL)) {
            return request;
        }
        Map<String, String> names = new HashMap<>(request.expressionAttributeNames());
        names.put("#count", "_dsqn");
        return request.toBuilder()
                .updateExpression(ClaimExpressions.FAIL.replace("#holder", "#count, #holder"))
                .expressionAttributeNames(names)
                .build();
    }
}
