/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.springboot;

import io.dynastore.camel.DynaStoreComponent;
import org.apache.camel.CamelContext;
import org.apache.camel.spring.boot.CamelAutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;

/** An application with Camel and the starter, without routes. */
final class Starter {

    private Starter() {}

    /** A runner for an application; add properties and beans. */
    static ApplicationContextRunner runner() {
        return new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(
                        CamelAutoConfiguration.class,
                        DynaStoreComponentAutoConfiguration.class,
                        DynaStoreClusterAutoConfiguration.class,
                        DynaStoreStateAutoConfiguration.class));
    }

    /** The component of the application. The first call makes it. */
    static DynaStoreComponent component(ApplicationContext application) {
        return application.getBean(CamelContext.class).getComponent("dynastore", DynaStoreComponent.class);
    }
}
