/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.client;

import java.util.Comparator;

/**
 * Where a table is. Two endpoints use the same table if its location is equal.
 *
 * @param table the table's name or ARN
 * @param region the client's region
 * @param endpoint the client's endpoint, or empty if it is the region's own
 */
public record TableLocation(String table, String region, String endpoint) {

    /** By table, then region, then endpoint. */
    public static final Comparator<TableLocation> BY_NAME = Comparator.comparing(TableLocation::table)
            .thenComparing(TableLocation::region)
            .thenComparing(TableLocation::endpoint);

    /** The endpoint, or the region if the endpoint is the region's own. */
    public String place() {
        return endpoint.isEmpty() ? region : endpoint;
    }
}
