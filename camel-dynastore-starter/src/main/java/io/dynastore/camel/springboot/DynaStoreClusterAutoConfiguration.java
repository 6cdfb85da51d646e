/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.springboot;

import io.dynastore.camel.cluster.DynaStoreClusterService;
import org.apache.camel.spring.boot.CamelAutoConfiguration;
import org.apache.camel.spring.boot.cluster.ClusteredRouteControllerAutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.context.annotation.Bean;

/** Makes a cluster service of the properties {@code camel.cluster.dynastore.*}, where {@code enabled} is true among them. */
@AutoConfiguration(before = {ClusteredRouteControllerAutoConfiguration.class, CamelAutoConfiguration.class})
@ConditionalOnProperty(prefix = DynaStoreClusterAutoConfiguration.PREFIX, name = "enabled")
public class DynaStoreClusterAutoConfiguration {

    static final String PREFIX = "camel.cluster.dynastore";

    DynaStoreClusterAutoConfiguration() {}

    /** Camel starts and stops it: Spring, which would do so after Camel, must not. */
    @Bean(name = "dynastore-cluster-service", destroyMethod = "")
    @ConfigurationProperties(prefix = PREFIX, ignoreUnknownFields = false)
    DynaStoreClusterService dynaStoreClusterService() {
        return new SwitchedClusterService();
    }

    /** The service with the property that switches it on, which is a property like the others to Spring. */
    static final class SwitchedClusterService extends DynaStoreClusterService {

        private boolean enabled;

        SwitchedClusterService() {}

        public boolean isEnabled() {
            return enabled;
        }

        public void setEnabled(boolean enabled) {
            this.enabled = enabled;
        }
    }
}
