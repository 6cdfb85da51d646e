/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.monitor;

import io.dynastore.camel.RepositoryMetrics;
import io.dynastore.camel.internal.client.TableLocation;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** The started repositories that operators may see. Thread safe. */
public final class MonitoredRepositories {

    private final Supplier<MetricsBinder> binder;
    private final Map<Place, MonitoredRepository> repositories = new LinkedHashMap<>();

    private record Place(TableLocation table, String kind, String name) {}

    MonitoredRepositories(Supplier<MetricsBinder> binder) {
        this.binder = binder;
    }

    /** A repository starts. Returns whether it is the first of its table, kind and name. */
    public synchronized boolean starts(TableLocation table, RepositoryMetrics metrics) {
        Place place = new Place(table, metrics.kind(), metrics.name());
        MonitoredRepository known = repositories.get(place);
        MonitoredRepository repository = known == null ? new MonitoredRepository(table, metrics) : known;
        repository.add(metrics);
        if (known == null) {
            repositories.put(place, repository);
            binder.get().repository(repository);
        }
        return known == null;
    }

    /** All have stopped. */
    public synchronized void stop() {
        repositories.values().forEach(repository -> binder.get().forgetRepository(repository));
        repositories.clear();
    }

    /** Those that have started, in the order of their start. */
    public synchronized Collection<MonitoredRepository> all() {
        return List.copyOf(repositories.values());
    }
}
