/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.state;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePropertyKey;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;

/**
 * The completed groups of a started aggregation repository. Thread safe; callers wait for responses.
 *
 * <p>Camel's recovery task ends for good if a scan or a recovery fails. So these report their errors in the log, and
 * the next scan tries again.
 */
final class CompletedGroups {

    private static final Logger LOG = LoggerFactory.getLogger(DynaStoreAggregationRepository.class);

    private static final int MOST_SCANNED = 1000;

    private final AggregationPlaces places;
    private final AggregationWrites writes;
    private final TableRequests requests;
    private final ContentReader contents;
    private final ExchangeForm form;
    private final CompletedKeeper keeper;
    private final DeadLetters deadLetters;
    private final AggregationSettings settings;
    private volatile Map<String, CompletedRow> scanned = Map.of();

    CompletedGroups(
            AggregationPlaces places,
            AggregationWrites writes,
            TableRequests requests,
            ExchangeForm form,
            CompletedKeeper keeper,
            DeadLetters deadLetters,
            AggregationSettings settings) {
        this.places = places;
        this.writes = writes;
        this.requests = requests;
        this.contents = new ContentReader(requests, places);
        this.form = form;
        this.keeper = keeper;
        this.deadLetters = deadLetters;
        this.settings = settings;
    }

    /**
     * Adds the writes that put a completed group. It counts as being worked on from now on, so that no recovery of this
     * node comes between.
     */
    CompletedClaim prepare(String key, Exchange exchange, List<TransactWriteItem> all, Instant now) {
        String id = exchange.getExchangeId();
        String where = "Table " + requests.schema().table() + ", correlation key " + SortKeys.shown(key);
        StoredContent content = StoredContent.of(form.encode(key, exchange, true), settings.compression(), where);
        CompletedClaim claim = claim(
                id, UUID.randomUUID().toString(), content.id(), content.parts().size());
        all.addAll(writes.complete(id, claim.holder(), content, writes.leaseEnd(now)));
        keeper.begin(id);
        return claim;
    }

    /** The group was completed by this claim, or not. */
    void completed(@Nullable CompletedClaim claim, boolean done) {
        if (claim != null) {
            if (done) {
                keeper.hold(claim);
            }
            keeper.end(claim.exchangeId());
        }
    }

    /** Nobody works on the group any more. */
    void discard(@Nullable CompletedClaim claim) {
        if (claim != null) {
            keeper.release(claim);
        }
    }

    /** The group is worked on until the exchange ends. */
    void hold(@Nullable CompletedClaim claim, Exchange exchange) {
        if (claim != null) {
            exchange.getExchangeExtension().addOnCompletion(claim);
        }
    }

    /** The ids of completed groups that nobody works on. */
    Set<String> scan() {
        Map<String, CompletedRow> found = new LinkedHashMap<>();
        long freeBefore = settings.freeBefore();
        try {
            new GroupQuery(requests, true).read(places.completed(), (id, item) -> {
                CompletedRow row = CompletedRow.of(id, item);
                if (!keeper.holds(id) && row.isFreeFor(settings.owner(), freeBefore)) {
                    found.put(id, row);
                }
                return found.size() < MOST_SCANNED;
            });
        } catch (RuntimeException e) {
            LOG.warn(
                    "Table {}: completed groups of {} can't be read, which is tried again",
                    requests.schema().table(),
                    places.name(),
                    e);
        }
        scanned = Map.copyOf(found);
        return found.keySet();
    }

    /** Takes a completed group; null if another has it, or if it went to the dead letter endpoint. */
    @Nullable
    Exchange recover(CamelContext context, String id) {
        if (keeper.holds(id)) {
            return null;
        }
        keeper.begin(id);
        try {
            CompletedRow row = row(id);
            return row == null || !row.isFreeFor(settings.owner(), settings.freeBefore())
                    ? null
                    : recover(context, row);
        } catch (RuntimeException e) {
            LOG.warn(
                    "Table {}, exchange {}: the completed group can't be recovered, which is tried again",
                    requests.schema().table(),
                    id,
                    e);
            return null;
        } finally {
            keeper.end(id);
        }
    }

    private @Nullable Exchange recover(CamelContext context, CompletedRow row) {
        boolean exhausted = settings.maximumRedeliveries() > 0 && row.deliveries() >= settings.maximumRedeliveries();
        long deliveries = exhausted ? row.deliveries() : row.deliveries() + 1;
        String holder = UUID.randomUUID().toString();
        Map<String, AttributeValue> item = take(row, holder, deliveries);
        if (item == null) {
            return null;
        }
        CompletedClaim claim =
                claim(row.exchangeId(), holder, StoredContent.partsId(item), StoredContent.partsOf(item));
        Exchange exchange = form.decode(contents.attributes(item), context);
        keeper.hold(claim);
        if (exhausted) {
            try {
                sendAway(claim, exchange, deliveries);
            } finally {
                discard(claim);
            }
            return null;
        }
        exchange.setProperty(DynaStoreAggregationRepository.DELIVERY_COUNT, (int) deliveries);
        exchange.removeProperty(ExchangePropertyKey.AGGREGATED_TIMEOUT);
        hold(claim, exchange);
        settings.counters().recovered().increment();
        return exchange;
    }

    private @Nullable CompletedRow row(String id) {
        CompletedRow known = scanned.get(id);
        if (known != null) {
            return known;
        }
        Map<String, AttributeValue> item = contents.item(places.completed(id));
        return item.isEmpty() ? null : CompletedRow.of(id, item);
    }

    private @Nullable Map<String, AttributeValue> take(CompletedRow row, String holder, long deliveries) {
        UpdateItemRequest request = writes.recover(row, holder, deliveries, settings.now())
                .overrideConfiguration(requests.limits())
                .build();
        try {
            return requests.sent(() -> requests.client().updateItem(request)).attributes();
        } catch (ConditionalCheckFailedException e) {
            return null;
        }
    }

    private void sendAway(CompletedClaim claim, Exchange exchange, long deliveries) {
        if (deadLetters.send(exchange, deliveries)) {
            settings.counters().exhausted().increment();
            confirm(claim.exchangeId());
        }
    }

    /** Whether a completed group needs no more attention of the caller. */
    boolean confirm(String id) {
        return keeper.confirm(id);
    }

    private CompletedClaim claim(String id, String holder, String partsId, int parts) {
        return new CompletedClaim(id, holder, partsId, parts, settings.ticker().nanos(), keeper::release);
    }
}
