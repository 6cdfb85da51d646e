/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.state;

import io.dynastore.store.DynaStoreException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePropertyKey;
import org.apache.camel.spi.OptimisticLockingAggregationRepository.OptimisticLockingException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;

/**
 * The groups in progress of a started aggregation repository. Thread safe; callers wait for responses.
 *
 * <p>A write is conditional on what was read before it: see {@link GroupReader#seen}.
 */
final class AggregationGroups {

    private static final Logger LOG = LoggerFactory.getLogger(DynaStoreAggregationRepository.class);

    private static final String BY_TIMEOUT = "timeout";

    private final AggregationPlaces places;
    private final AggregationWrites writes;
    private final TableRequests requests;
    private final AtomicWrites atomic;
    private final GroupReader reader;
    private final ExchangeForm form;
    private final CompletedGroups completed;
    private final AggregationSettings settings;
    private final BulkCompletion bulk = new BulkCompletion();

    AggregationGroups(
            AggregationPlaces places,
            AggregationWrites writes,
            TableRequests requests,
            ExchangeForm form,
            CompletedGroups completed,
            AggregationSettings settings) {
        this.places = places;
        this.writes = writes;
        this.requests = requests;
        this.atomic = new AtomicWrites(requests);
        this.reader = new GroupReader(places, requests, form, settings);
        this.form = form;
        this.completed = completed;
        this.settings = settings;
    }

    /** The exchange of a group; null if there is none. */
    @Nullable
    Exchange get(CamelContext context, String key) {
        bulk.get(key);
        try {
            return reader.read(context, key);
        } catch (RuntimeException e) {
            if (bulk.covers(key)) {
                passedOver(key, e);
                return null;
            }
            throw e;
        }
    }

    /** Adds an exchange in place of what was read. */
    void add(String key, @Nullable Exchange old, Exchange exchange) {
        GroupVersion seen = reader.seen(key, old);
        if (old == null && seen.live()) {
            throw conflict();
        }
        replace(seen, exchange);
    }

    /** Adds an exchange in place of what this thread has read. */
    void add(String key, Exchange exchange) {
        replace(reader.seen(key, exchange), exchange);
    }

    private void replace(GroupVersion seen, Exchange exchange) {
        String key = seen.key();
        Object completedBy = exchange.removeProperty(ExchangePropertyKey.AGGREGATED_COMPLETED_BY);
        boolean read = exchange.getProperty(GroupVersion.PROPERTY) != null;
        StoredContent content =
                StoredContent.of(form.encode(key, exchange, read), settings.compression(), reader.where(key));
        if (completedBy != null) {
            exchange.setProperty(ExchangePropertyKey.AGGREGATED_COMPLETED_BY, completedBy);
        }
        Instant now = settings.now();
        long timeout = exchange.getProperty(ExchangePropertyKey.AGGREGATED_TIMEOUT, 0L, Long.class);
        long due = timeout > 0 ? now.toEpochMilli() + timeout : 0;
        String write = newWrite();
        if (!applied(seen, write, writes.add(seen, write, content, due, now))) {
            throw conflict();
        }
        GroupVersion written = new GroupVersion(
                key, write, true, content.id(), content.parts().size(), due, settings.owner(), seen.historyWith(write));
        exchange.setProperty(GroupVersion.PROPERTY, written);
    }

    /** Completes a group that is as it was read. */
    void remove(String key, Exchange exchange) {
        try {
            GroupVersion seen = reader.seen(key, exchange);
            if (!seen.live() || isMoved(seen, exchange)) {
                throw conflict();
            }
            completed.hold(complete(seen, exchange), exchange);
        } catch (OptimisticLockingException e) {
            throw e;
        } catch (RuntimeException e) {
            if (bulk.covers(key)) {
                passedOver(key, e);
                throw conflict();
            }
            throw e;
        }
    }

    /** Whether another node has taken a message of this group, so that its time-out is not over yet. */
    private boolean isMoved(GroupVersion seen, Exchange exchange) {
        return settings.timeouts() != null
                && BY_TIMEOUT.equals(exchange.getProperty(ExchangePropertyKey.AGGREGATED_COMPLETED_BY))
                && seen.due() > settings.now().toEpochMilli()
                && !settings.owner().equals(seen.owner());
    }

    /** Completes a group that is as it was read, and whose time-out is over for this time. Recovery delivers it. */
    boolean completeOverdue(String key, Exchange exchange, Duration since) {
        GroupVersion seen = reader.seen(key, exchange);
        if (seen.due() == 0 || seen.due() > settings.now().minus(since).toEpochMilli()) {
            return false;
        }
        exchange.setProperty(ExchangePropertyKey.AGGREGATED_CORRELATION_KEY, key);
        exchange.setProperty(ExchangePropertyKey.AGGREGATED_COMPLETED_BY, BY_TIMEOUT);
        completed.discard(complete(seen, exchange));
        return true;
    }

    private @Nullable CompletedClaim complete(GroupVersion seen, Exchange exchange) {
        Instant now = settings.now();
        String write = newWrite();
        List<TransactWriteItem> all = new ArrayList<>(writes.remove(seen, write, now));
        exchange.removeProperty(GroupVersion.PROPERTY);
        CompletedClaim claim = null;
        boolean done = false;
        try {
            claim = isRecoverable(exchange) ? completed.prepare(seen.key(), exchange, all, now) : null;
            done = applied(seen, write, all);
        } finally {
            completed.completed(claim, done);
            if (!done) {
                exchange.setProperty(GroupVersion.PROPERTY, seen);
            }
        }
        if (!done) {
            throw conflict();
        }
        settings.counters().completed().increment();
        // Another aggregation of this message has a time-out of its own, or none.
        exchange.removeProperty(ExchangePropertyKey.AGGREGATED_TIMEOUT);
        return claim;
    }

    /** The aggregator passes another exchange than the one it sends on, if its strategy does not return the old one. */
    private boolean isRecoverable(Exchange exchange) {
        boolean other = exchange.getProperty(ExchangePropertyKey.AGGREGATED_CORRELATION_KEY) != null
                && exchange.getProperty(ExchangePropertyKey.AGGREGATED_COMPLETED_BY) == null;
        if (other && settings.useRecovery()) {
            if (settings.counters().unrecoverable().sum() == 0) {
                LOG.warn(
                        "Table {}: groups of {} are completed without a copy to recover. Either they are discarded, or"
                                + " their aggregation strategy does not return the old exchange, as it should.",
                        requests.schema().table(),
                        places.name());
            }
            settings.counters().unrecoverable().increment();
        }
        return settings.useRecovery() && !other;
    }

    /** The keys of all groups. If they can't be read, the log says so, and there are none. */
    Set<String> keys() {
        Set<String> keys = reader.keys();
        bulk.begin(keys);
        return keys;
    }

    /** The number of groups. If they can't be read, the log says so, and it is 0. */
    int count() {
        return reader.keys().size();
    }

    /**
     * Whether a write was applied. If it was refused, or its response is lost for good, the item says whether an
     * attempt of it was. If too many writes have come since, the item no longer knows. Then the message fails, since
     * its repetition might add it a second time.
     */
    private boolean applied(GroupVersion seen, String write, List<TransactWriteItem> all) {
        AtomicWrites.Result result;
        try {
            result = atomic.send(all);
        } catch (RuntimeException e) {
            if (reader.version(seen.key()).includes(write)) {
                return true;
            }
            throw e;
        }
        if (result == AtomicWrites.Result.APPLIED) {
            return true;
        }
        GroupVersion now = reader.version(seen.key());
        if (now.includes(write)) {
            return true;
        }
        if (result == AtomicWrites.Result.REFUSED_AFTER_LOST_RESPONSE && !now.knowsAllSince(seen)) {
            throw new DynaStoreException(reader.where(seen.key()) + ": it can't be known whether the message is in the"
                    + " group, since a response was lost, and more than " + GroupVersion.LONGEST_HISTORY
                    + " other messages were added before the request was repeated.");
        }
        return false;
    }

    /** Short, since the item has several of them. */
    private static String newWrite() {
        return Long.toUnsignedString(UUID.randomUUID().getLeastSignificantBits(), Character.MAX_RADIX);
    }

    private OptimisticLockingException conflict() {
        settings.counters().conflicts().increment();
        return new OptimisticLockingException();
    }

    private void passedOver(String key, RuntimeException error) {
        LOG.warn(
                "{}: the group is not completed now, which is tried again in the next round", reader.where(key), error);
    }
}
