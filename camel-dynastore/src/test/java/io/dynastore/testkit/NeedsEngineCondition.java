/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.testkit;

import static org.junit.jupiter.api.extension.ConditionEvaluationResult.disabled;
import static org.junit.jupiter.api.extension.ConditionEvaluationResult.enabled;
import static org.junit.platform.commons.support.AnnotationSupport.findAnnotation;

import io.dynastore.test.DynamoDbExtension;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Asks the engine for the abilities that {@link NeedsEngine} names. */
final class NeedsEngineCondition implements ExecutionCondition {

    private static final String ENDPOINT = System.getProperty("dynastore.test.endpoint", "");

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        if (ENDPOINT.isBlank()) {
            return enabled("The engine has every ability");
        }
        return findAnnotation(context.getElement(), NeedsEngine.class)
                .map(needs -> evaluate(needs.value()))
                .orElseGet(() -> enabled("Nothing is asked for"));
    }

    private static ConditionEvaluationResult evaluate(EngineAbility[] needs) {
        for (EngineAbility ability : needs) {
            if (!ability.of(DynamoDbExtension.create().client())) {
                return disabled("The engine at " + ENDPOINT + " has no " + ability);
            }
        }
        return enabled("The engine has what is needed");
    }
}
