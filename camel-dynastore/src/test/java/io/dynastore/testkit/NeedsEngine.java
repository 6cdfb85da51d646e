/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.testkit;

import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Skips a test, or all of a class, if the engine lacks an {@linkplain EngineAbility ability}. The reason names it.
 * On DynamoDB Local the test always runs.
 */
@Inherited
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE, ElementType.METHOD})
@ExtendWith(NeedsEngineCondition.class)
public @interface NeedsEngine {

    EngineAbility[] value();
}
