/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.springboot;

import io.dynastore.camel.cluster.DynaStoreClusterService;
import org.apache.camel.spring.boot.CamelAutoConfiguration;
import org.apache.camel.spring.boot.cluster.ClusteredRouteControllerAutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.context.annotation.Bean;

/**
 * Makes a cluster service from the properties {@code camel.cluster.dynastore.*}, if {@code enabled} is true among
 * them.
 *
 * <p>Decision 16 in docs/decisions has the reasons.
 */
@AutoConfiguration(before = {ClusteredRouteControllerAutoConfiguration.class, CamelAutoConfiguration.class})
@ConditionalOnProperty(prefix = DynaStoreClusterAutoConfiguration.PREFIX, name = "enabled")
public class DynaStoreClusterAutoConfiguration {

    static final String PREFIX = "camel.cluster.dynastore";

    DynaStoreClusterAutoConfiguration() {}

    /** Camel starts and stops it. Spring must not: it would do so after Camel. */
    @Bean(name = "dynastore-cluster-service", destroyMethod = "")
    @ConfigurationProperties(prefix = PREFIX, ignoreUnknownFields = false)
    DynaStoreClusterService dynaStoreClusterService() {
        return new SwitchedClusterService();
    }

    /** The service with the property {@code enabled}, which Spring binds like the others. */
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
