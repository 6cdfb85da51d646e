/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.state;

import io.dynastore.camel.DynaStoreComponent;
import io.dynastore.camel.TableConnection;
import org.apache.camel.CamelContext;

/**
 * What a started aggregation repository consists of.
 *
 * @param requests sends the requests
 * @param places where the items are
 * @param settings does not change
 * @param groups the groups in progress
 * @param completed the completed groups
 * @param keeper renews leases
 * @param deadLetters sends groups away
 * @param overdue completes groups of other nodes
 */
record AggregationParts(
        TableRequests requests,
        AggregationPlaces places,
        AggregationSettings settings,
        AggregationGroups groups,
        CompletedGroups completed,
        CompletedKeeper keeper,
        DeadLetters deadLetters,
        OverdueGroups overdue) {

    static AggregationParts create(
            CamelContext context,
            TableConnection table,
            AggregationPlaces places,
            AllowedClasses allowed,
            AggregationSettings settings) {
        TableRequests requests = new TableRequests(table, TableRequests.within(settings.lease()));
        AggregationWrites writes = new AggregationWrites(table.schema(), places, settings);
        ExchangeForm form = new ExchangeForm(table.schema().table(), new ValueForm(allowed));
        CompletedKeeper keeper = new CompletedKeeper(context, requests, writes, settings);
        DeadLetters deadLetters = new DeadLetters(context, settings);
        CompletedGroups completed = new CompletedGroups(places, writes, requests, form, keeper, deadLetters, settings);
        AggregationGroups groups = new AggregationGroups(places, writes, requests, form, completed, settings);
        OverdueGroups overdue = new OverdueGroups(context, requests, places, writes, groups, settings);
        return new AggregationParts(requests, places, settings, groups, completed, keeper, deadLetters, overdue);
    }

    /**
     * The first request to the table: see {@link ShardNumber#agree}.
     *
     * @param patient gives this request more time than others have
     */
    int agree(TableRequests patient) {
        String repository = "aggregation repository " + places.name();
        return ShardNumber.agree(patient, places.settings(), repository, places.shards());
    }

    /** Starts what runs until the component stops. */
    void start(DynaStoreComponent component) {
        deadLetters.start();
        component.stopFirst(deadLetters);
        keeper.start();
        component.stopFirst(keeper);
        overdue.start();
        component.stopFirst(overdue);
    }
}
