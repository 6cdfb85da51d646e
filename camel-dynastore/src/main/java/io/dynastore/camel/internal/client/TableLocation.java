/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.client;

import java.util.Comparator;
import software.amazon.awssdk.awscore.AwsServiceClientConfiguration;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;

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

    /** A location, without the user information that a client's endpoint may have. */
    public static TableLocation of(String table, DynamoDbAsyncClient client) {
        AwsServiceClientConfiguration settings = client.serviceClientConfiguration();
        return new TableLocation(
                table,
                String.valueOf(settings.region()),
                settings.endpointOverride()
                        .map(endpoint -> shown(endpoint.toString()))
                        .orElse(""));
    }

    /** An endpoint as it may be shown: without user information. */
    public static String shown(String endpoint) {
        int host = endpoint.indexOf("//") + 2;
        int path = endpoint.indexOf('/', host);
        int user = endpoint.lastIndexOf('@', path < 0 ? endpoint.length() : path);
        return host < 2 || user < host ? endpoint : endpoint.substring(0, host) + endpoint.substring(user + 1);
    }

    /** The endpoint, or the region if the endpoint is the region's own. */
    public String place() {
        return endpoint.isEmpty() ? region : endpoint;
    }
}
