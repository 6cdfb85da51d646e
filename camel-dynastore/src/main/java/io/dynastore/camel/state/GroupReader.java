/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.state;

import io.dynastore.store.DynaStoreException;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Reads the groups in progress, and knows what each thread has read last. Thread safe; callers wait for responses. */
final class GroupReader {

    private static final Logger LOG = LoggerFactory.getLogger(DynaStoreAggregationRepository.class);

    private static final int MOST_READS = 5;

    private final AggregationPlaces places;
    private final TableRequests requests;
    private final ContentReader contents;
    private final ExchangeForm form;
    private final AggregationSettings settings;

    @SuppressWarnings("ThreadLocalUsage") // each repository has its own
    private final ThreadLocal<GroupVersion> lastRead = new ThreadLocal<>();

    GroupReader(AggregationPlaces places, TableRequests requests, ExchangeForm form, AggregationSettings settings) {
        this.places = places;
        this.requests = requests;
        this.contents = new ContentReader(requests, places);
        this.form = form;
        this.settings = settings;
    }

    /**
     * The exchange of a group, with the version that was read; null if there is none.
     *
     * @throws DynaStoreException if it can't be read
     */
    @Nullable
    Exchange read(CamelContext context, String key) {
        lastRead.remove();
        for (int attempt = 1; ; attempt++) {
            Map<String, AttributeValue> item = contents.item(places.group(key));
            GroupVersion version = version(key, item);
            lastRead.set(version);
            try {
                return version.live() ? exchange(context, version, item) : null;
            } catch (DynaStoreException e) {
                if (!(e instanceof ContentReader.MissingPartException) || attempt == MOST_READS) {
                    throw new DynaStoreException(where(key) + ": the group can't be read. " + e.getMessage(), e);
                }
            }
        }
    }

    private Exchange exchange(CamelContext context, GroupVersion version, Map<String, AttributeValue> item) {
        Exchange exchange = form.decode(contents.attributes(item), context);
        exchange.setProperty(GroupVersion.PROPERTY, version);
        return exchange;
    }

    /**
     * What the next write expects: the version that the exchange carries, or else what this thread has read last. If it
     * has read nothing, it reads first.
     */
    GroupVersion seen(String key, @Nullable Exchange exchange) {
        GroupVersion read = lastRead.get();
        lastRead.remove();
        if (exchange != null
                && exchange.getProperty(GroupVersion.PROPERTY) instanceof GroupVersion carried
                && carried.key().equals(key)) {
            return carried;
        }
        return read != null && read.key().equals(key) ? read : version(key);
    }

    /** The version of a group as it is in the table. */
    GroupVersion version(String key) {
        return version(key, contents.item(places.group(key)));
    }

    private GroupVersion version(String key, Map<String, AttributeValue> item) {
        return GroupVersion.of(key, item, requests.schema().expires(), settings.now());
    }

    /** The keys of all groups. If they can't be read, the log says so, and there are none. */
    Set<String> keys() {
        Set<String> keys = new LinkedHashSet<>();
        Instant now = settings.now();
        try {
            new GroupQuery(requests, true).read(places.groups(), (key, item) -> {
                if (GroupVersion.isLive(item, requests.schema().expires(), now)) {
                    keys.add(key);
                }
                return true;
            });
        } catch (RuntimeException e) {
            LOG.warn(
                    "Table {}: the groups of {} can't be listed, so that none is restored or completed now.",
                    requests.schema().table(),
                    places.name(),
                    e);
            keys.clear();
        }
        return keys;
    }

    /** Names the table and the group, for messages. */
    String where(String key) {
        return "Table " + requests.schema().table() + ", correlation key " + SortKeys.shown(key);
    }
}
