/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.client;

import io.dynastore.camel.DynaStoreConfiguration;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.CamelContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/**
 * Warns, once for each reason, if the component makes a client although the application seems to mean another.
 * Thread safe.
 */
public final class ClientWarnings {

    private static final Logger LOG = LoggerFactory.getLogger("io.dynastore.camel.DynaStoreComponent");

    /** Options that change all the time must not fill the memory. */
    private static final int MOST = 100;

    private final Set<String> reported = ConcurrentHashMap.newKeySet();

    public ClientWarnings() {}

    /** Checks the options of a client that the component is about to use as its own. */
    public void check(CamelContext context, DynaStoreConfiguration options) {
        Set<String> clients = names(context.getRegistry()
                .findByTypeWithName(DynamoDbAsyncClient.class)
                .keySet());
        if (clients.size() > 1) {
            warn("There are several DynamoDbAsyncClient beans (" + String.join(", ", clients)
                    + "), so that none is used. Choose one by the option dynamoDbAsyncClient, as #"
                    + clients.iterator().next() + ".");
        }
        Set<String> blocking = names(
                context.getRegistry().findByTypeWithName(DynamoDbClient.class).keySet());
        if (clients.isEmpty() && !blocking.isEmpty()) {
            warn("There is a DynamoDbClient bean (" + String.join(", ", blocking)
                    + "), which blocks and is not used. Bind a DynamoDbAsyncClient, or set the options of the"
                    + " component's own client.");
        }
        if (options.getUriEndpointOverride() != null && !options.isOverrideEndpoint()) {
            warn("The option uriEndpointOverride (" + TableLocation.shown(options.getUriEndpointOverride())
                    + ") is not used. Set overrideEndpoint=true too, or leave it out.");
        }
    }

    private static Set<String> names(Set<String> beans) {
        return new TreeSet<>(beans);
    }

    private void warn(String reason) {
        if (reported.size() < MOST && reported.add(reason)) {
            LOG.warn(reason);
        }
    }
}
