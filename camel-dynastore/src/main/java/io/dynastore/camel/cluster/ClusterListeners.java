/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.cluster;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.apache.camel.cluster.CamelClusterEventListener;
import org.apache.camel.cluster.CamelClusterMember;
import org.apache.camel.cluster.CamelClusterView;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The listeners of one view. A listener that fails, with whatever error, misses its own event and no other: it is
 * logged and counted, and the next listener is told. Camel's own list ends with the first that fails.
 *
 * <p>Thread safe. A listener may add and remove listeners.
 */
final class ClusterListeners {

    private static final Logger LOG = LoggerFactory.getLogger("io.dynastore.camel.cluster.DynaStoreClusterService");

    private final List<CamelClusterEventListener> listeners = new CopyOnWriteArrayList<>();
    private final CamelClusterView view;
    private final LongAdder failures;

    /** No listeners yet, of this view; counts failures here. */
    ClusterListeners(CamelClusterView view, LongAdder failures) {
        this.view = view;
        this.failures = failures;
    }

    /**
     * Adds a listener.
     *
     * @param present tells the listener how things are now; no event comes in between
     */
    synchronized void add(CamelClusterEventListener listener, Consumer<ClusterListeners> present) {
        listeners.add(listener);
        ClusterListeners alone = new ClusterListeners(view, failures);
        alone.listeners.add(listener);
        present.accept(alone);
    }

    void remove(CamelClusterEventListener listener) {
        listeners.removeIf(one -> one == listener);
    }

    /** Another member leads, or none does. */
    void leadershipChanged(@Nullable CamelClusterMember leader) {
        tell(CamelClusterEventListener.Leadership.class, listener -> listener.leadershipChanged(view, leader));
    }

    void memberAdded(CamelClusterMember member) {
        tell(CamelClusterEventListener.Membership.class, listener -> listener.memberAdded(view, member));
    }

    void memberRemoved(CamelClusterMember member) {
        tell(CamelClusterEventListener.Membership.class, listener -> listener.memberRemoved(view, member));
    }

    private synchronized <T extends CamelClusterEventListener> void tell(Class<T> type, Consumer<T> event) {
        for (CamelClusterEventListener listener : listeners) {
            if (type.isInstance(listener)) {
                tell(type.cast(listener), event);
            }
        }
    }

    private <T extends CamelClusterEventListener> void tell(T listener, Consumer<T> event) {
        try {
            event.accept(listener);
        } catch (RuntimeException | Error e) {
            failures.increment();
            LOG.warn("Cluster {}: a listener has failed, and misses this event", view.getNamespace(), e);
        }
    }
}
