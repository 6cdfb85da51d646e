/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.springboot;

import io.dynastore.camel.state.DynaStoreAggregationRepository;
import io.dynastore.camel.state.DynaStoreIdempotentRepository;
import io.dynastore.camel.state.DynaStoreResumeStrategy;
import io.dynastore.camel.state.DynaStoreStateRepository;
import org.apache.camel.spring.boot.CamelAutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.context.annotation.Bean;

/**
 * Makes repositories from the properties {@code camel.dynastore.idempotent.*}, {@code camel.dynastore.aggregation.*},
 * {@code camel.dynastore.state.*} and {@code camel.dynastore.resume.*}, if {@code enabled} is true among them. An
 * application that needs several of a kind declares them as beans.
 *
 * <p>Decision 16 in docs/decisions has the reasons.
 */
@AutoConfiguration(before = CamelAutoConfiguration.class)
public class DynaStoreStateAutoConfiguration {

    static final String IDEMPOTENT = "camel.dynastore.idempotent";
    static final String AGGREGATION = "camel.dynastore.aggregation";
    static final String STATE = "camel.dynastore.state";
    static final String RESUME = "camel.dynastore.resume";

    DynaStoreStateAutoConfiguration() {}

    /** Camel starts and stops it. Spring must not: it would do so after Camel. */
    @Bean(name = "dynastore-idempotent-repository", destroyMethod = "")
    @ConditionalOnProperty(prefix = IDEMPOTENT, name = "enabled")
    @ConfigurationProperties(prefix = IDEMPOTENT, ignoreUnknownFields = false)
    DynaStoreIdempotentRepository dynaStoreIdempotentRepository() {
        return new SwitchedIdempotentRepository();
    }

    /** The aggregator starts it. */
    @Bean(name = "dynastore-aggregation-repository", destroyMethod = "")
    @ConditionalOnProperty(prefix = AGGREGATION, name = "enabled")
    @ConfigurationProperties(prefix = AGGREGATION, ignoreUnknownFields = false)
    DynaStoreAggregationRepository dynaStoreAggregationRepository() {
        return new SwitchedAggregationRepository();
    }

    /** The user of it, or the application, starts it. */
    @Bean(name = "dynastore-state-repository", destroyMethod = "")
    @ConditionalOnProperty(prefix = STATE, name = "enabled")
    @ConfigurationProperties(prefix = STATE, ignoreUnknownFields = false)
    DynaStoreStateRepository dynaStoreStateRepository() {
        return new SwitchedStateRepository();
    }

    /** The consumer that uses it starts it. */
    @Bean(name = "dynastore-resume-strategy", destroyMethod = "")
    @ConditionalOnProperty(prefix = RESUME, name = "enabled")
    @ConfigurationProperties(prefix = RESUME, ignoreUnknownFields = false)
    DynaStoreResumeStrategy dynaStoreResumeStrategy() {
        return new SwitchedResumeStrategy();
    }

    /** The repository with the property {@code enabled}, which Spring binds like the others. */
    static final class SwitchedIdempotentRepository extends DynaStoreIdempotentRepository {

        private boolean enabled;

        SwitchedIdempotentRepository() {}

        public boolean isEnabled() {
            return enabled;
        }

        public void setEnabled(boolean enabled) {
            this.enabled = enabled;
        }
    }

    /** The repository with the property {@code enabled}, which Spring binds like the others. */
    static final class SwitchedAggregationRepository extends DynaStoreAggregationRepository {

        private boolean enabled;

        SwitchedAggregationRepository() {}

        public boolean isEnabled() {
            return enabled;
        }

        public void setEnabled(boolean enabled) {
            this.enabled = enabled;
        }
    }

    /** The repository with the property {@code enabled}, which Spring binds like the others. */
    static final class SwitchedStateRepository extends DynaStoreStateRepository {

        private boolean enabled;

        SwitchedStateRepository() {}

        public boolean isEnabled() {
            return enabled;
        }

        public void setEnabled(boolean enabled) {
            this.enabled = enabled;
        }
    }

    /** The strategy with the property {@code enabled}, which Spring binds like the others. */
    static final class SwitchedResumeStrategy extends DynaStoreResumeStrategy {

        private boolean enabled;

        SwitchedResumeStrategy() {}

        public boolean isEnabled() {
            return enabled;
        }

        public void setEnabled(boolean enabled) {
            this.enabled = enabled;
        }
    }
}
