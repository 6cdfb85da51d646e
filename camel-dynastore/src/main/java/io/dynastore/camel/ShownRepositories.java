/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel;

import io.dynastore.camel.internal.client.TableLocation;
import io.dynastore.camel.internal.monitor.MonitoredRepositories;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.camel.CamelContext;
import org.apache.camel.health.HealthCheckHelper;
import org.apache.camel.health.WritableHealthCheckRepository;
import org.jspecify.annotations.Nullable;

/**
 * The repositories that a component shows: in its console, its metrics and among the health checks of producers.
 * Thread safe.
 */
final class ShownRepositories {

    private final MonitoredRepositories monitored;
    private final Queue<RepositoryHealthCheck> checks = new ConcurrentLinkedQueue<>();

    ShownRepositories(MonitoredRepositories monitored) {
        this.monitored = monitored;
    }

    /** Shows a repository from now on. */
    void show(DynaStoreComponent component, TableConnection table, RepositoryMetrics repository) {
        TableLocation location = TableLocation.of(table.schema().table(), table.client());
        WritableHealthCheckRepository producers = producers(component.getCamelContext());
        if (monitored.starts(location, repository) && producers != null) {
            Duration timeout = Duration.ofMillis(component.getConfiguration().getApiCallTimeout());
            RepositoryHealthCheck check = new RepositoryHealthCheck(
                    "repository:dynastore-" + location.table() + "-" + repository.kind() + "-" + repository.name(),
                    new TableProbe(table.client(), table.schema(), location, timeout),
                    component.isHealthCheckProducerEnabled());
            checks.add(check);
            producers.addHealthCheck(check);
        }
    }

    /** Shows none any more. */
    void clear(CamelContext context) {
        monitored.stop();
        WritableHealthCheckRepository producers = producers(context);
        for (RepositoryHealthCheck check = checks.poll(); check != null; check = checks.poll()) {
            if (producers != null) {
                producers.removeHealthCheck(check);
            }
        }
    }

    /** Health checks are optional in Camel. */
    private static @Nullable WritableHealthCheckRepository producers(CamelContext context) {
        return HealthCheckHelper.getHealthCheckRepository(context, "producers", WritableHealthCheckRepository.class);
    }
}
