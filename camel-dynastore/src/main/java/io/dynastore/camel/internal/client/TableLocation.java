/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.client;

import java.util.Comparator;

/**
 * Where a table is: what makes two endpoints' tables the same one.
 *
 * @param table the table's name or ARN
 * @param region the client's region
 * @param endpoint the client's endpoint, if it is not the region's own, else empty
 */
public record TableLocation(String table, String region, String endpoint) {

    public static final Comparator<TableLocation> BY_NAME = Comparator.comparing(TableLocation::table)
            .thenComparing(TableLocation::region)
            .thenComparing(TableLocation::endpoint);

    /** The endpoint where there is one of its own, else the region. */
    public String place() {
        return endpoint.isEmpty() ? region : endpoint;
    }
}
