/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel;

import java.time.Duration;
import java.util.Map;
import java.util.function.Predicate;
import org.apache.camel.health.HealthCheck;
import org.apache.camel.health.HealthCheckResultBuilder;
import org.apache.camel.util.URISupport;

/** The check of a producer: whether its {@linkplain TableProbe table can be read}. */
final class DynaStoreProducerHealthCheck implements HealthCheck {

    private final DynaStoreEndpoint endpoint;
    private final String id;
    private volatile boolean enabled = true;

    /**
     * The check of a producer.
     *
     * @param taken whether another check has this id: several endpoints may have the same table and operation
     */
    DynaStoreProducerHealthCheck(DynaStoreEndpoint endpoint, Predicate<String> taken) {
        this.endpoint = endpoint;
        this.id = id(endpoint.getConfiguration(), taken);
    }

    private static String id(DynaStoreConfiguration options, Predicate<String> taken) {
        DynaStoreOperation operation = options.getOperation();
        String name =
                "producer:dynastore-" + options.getTableName() + (operation == null ? "" : "-" + operation.text());
        String free = name;
        for (int number = 2; taken.test(free); number++) {
            free = name + "-" + number;
        }
        return free;
    }

    @Override
    public String getId() {
        return id;
    }

    @Override
    public String getGroup() {
        return "camel";
    }

    @Override
    public boolean isEnabled() {
        return enabled;
    }

    @Override
    public void setEnabled(boolean enabled) {
        this.enabled = enabled;
    }

    @Override
    public Result call(Map<String, Object> options) {
        HealthCheckResultBuilder builder = HealthCheckResultBuilder.on(this);
        builder.detail(ENDPOINT_URI, URISupport.sanitizeUri(endpoint.getEndpointUri()));
        if (!enabled) {
            return builder.message("Disabled")
                    .detail(CHECK_ENABLED, false)
                    .unknown()
                    .build();
        }
        TableProbe probe = new TableProbe(
                endpoint.client(),
                endpoint.store().schema(),
                endpoint.location(),
                Duration.ofMillis(endpoint.getConfiguration().getApiCallTimeout()));
        return probe.into(builder).build();
    }
}
