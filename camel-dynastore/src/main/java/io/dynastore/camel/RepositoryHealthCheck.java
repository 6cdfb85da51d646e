/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel;

import java.util.Map;
import org.apache.camel.health.HealthCheck;
import org.apache.camel.health.HealthCheckResultBuilder;

/** The check of a repository: whether its {@linkplain TableProbe table can be read}. */
final class RepositoryHealthCheck implements HealthCheck {

    private final String id;
    private final TableProbe probe;
    private volatile boolean enabled;

    RepositoryHealthCheck(String id, TableProbe probe, boolean enabled) {
        this.id = id;
        this.probe = probe;
        this.enabled = enabled;
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
        if (!enabled) {
            return builder.message("Disabled")
                    .detail(CHECK_ENABLED, false)
                    .unknown()
                    .build();
        }
        return probe.into(builder).build();
    }
}
