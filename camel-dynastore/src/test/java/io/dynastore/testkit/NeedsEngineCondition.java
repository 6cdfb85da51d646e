/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.testkit;

import static org.junit.jupiter.api.extension.ConditionEvaluationResult.disabled;
import static org.junit.jupiter.api.extension.ConditionEvaluationResult.enabled;
import static org.junit.platform.commons.support.AnnotationSupport.findAnnotation;

import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Asks the engine for the abilities that {@link NeedsEngine} names. */
final class NeedsEngineCondition implements ExecutionCondition {

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        return findAnnotation(context.getElement(), NeedsEngine.class)
                .map(needs -> evaluate(needs.value()))
                .orElseGet(() -> enabled("Nothing is asked for"));
    }

    private static ConditionEvaluationResult evaluate(EngineAbility[] needs) {
        for (EngineAbility ability : needs) {
            if (!ability.present()) {
                return disabled(ability.gap());
            }
        }
        return enabled("The engine has what is needed");
    }
}
