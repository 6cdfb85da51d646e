/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.docs;

import java.util.List;
import org.apache.camel.builder.RouteBuilder;

/** In docs/producer.md. */
final class ParcelRoutes extends RouteBuilder {

    @Override
    public void configure() {
        String index = "index=by-day&indexPartitionKeyName=tenant,region"
                + "&indexSortKeyName=day,depot&indexSortKeyType=number,string";

        // Day 20251101, depots that begin with "ber"
        from("direct:parcels-of-a-day")
                .to("dynastore:parcels?" + index + "&operation=list&partitionKey=acme,eu&sortKeyPrefix=20251101,ber");

        // From day 20251101 on, in any depot
        from("direct:parcels-since")
                .setHeader("CamelDynaStorePartitionKey", () -> List.of("acme", "eu"))
                .setHeader("CamelDynaStoreSortKeyFrom", constant(20251101))
                .to("dynastore:parcels?" + index + "&operation=list");
    }
}
