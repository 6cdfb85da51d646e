/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.springboot;

import io.dynastore.camel.DynaStoreComponent;
import org.apache.camel.CamelContext;
import org.apache.camel.Component;
import org.apache.camel.spi.ComponentCustomizer;
import org.apache.camel.spring.boot.CamelAutoConfiguration;
import org.apache.camel.spring.boot.util.ConditionalOnCamelContextAndAutoConfigurationBeans;
import org.apache.camel.spring.boot.util.ConditionalOnHierarchicalProperties;
import org.apache.camel.spring.boot.util.HierarchicalPropertiesEvaluator;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.core.env.Environment;

/**
 * Sets the properties {@code camel.component.dynastore.*} on the component when Camel makes it.
 *
 * <p>They are read when the application starts, even if no route uses the component. An unknown one stops the start.
 * As in all of Camel's starters, {@code enabled=false} and {@code customizer.enabled=false} leave the component
 * unchanged.
 *
 * <p>Decision 16 in docs/decisions has the reasons.
 */
@AutoConfiguration(after = CamelAutoConfiguration.class)
@Conditional(ConditionalOnCamelContextAndAutoConfigurationBeans.class)
@ConditionalOnHierarchicalProperties({"camel.component", ComponentOptions.PREFIX})
public class DynaStoreComponentAutoConfiguration {

    DynaStoreComponentAutoConfiguration() {}

    /** Configures every component of this type, under any name. */
    @Bean
    ComponentCustomizer dynaStoreComponentCustomizer(CamelContext camel, Environment environment) {
        return new Customizer(camel, environment, ComponentOptions.read(environment));
    }

    private record Customizer(CamelContext camel, Environment environment, ComponentOptions options)
            implements ComponentCustomizer {

        @Override
        public void configure(String name, Component target) {
            options.setOn(camel, (DynaStoreComponent) target);
        }

        @Override
        public boolean isEnabled(String name, Component target) {
            return target instanceof DynaStoreComponent
                    && HierarchicalPropertiesEvaluator.evaluate(
                            environment, "camel.component.customizer", ComponentOptions.PREFIX + ".customizer");
        }
    }
}
