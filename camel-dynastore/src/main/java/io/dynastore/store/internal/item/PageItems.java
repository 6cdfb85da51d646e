/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store.internal.item;

import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.AwsRequestOverrideConfiguration;
import software.amazon.awssdk.core.interceptor.ExecutionAttribute;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * Takes the items of one query or scan from a client that reads responses without the SDK. So nothing is made of the
 * attributes with the history of writes, which a list does not look at, and the items are not copied into a response
 * of the SDK. It goes with one request. Thread safe.
 *
 * <p>Any other client ignores it: then the items are in the response.
 *
 * <p>Decision 21 in docs/decisions has the reasons.
 */
public final class PageItems {

    /** The SDK refuses a second attribute of a name, even if it belongs to another copy of this class. */
    private static final ExecutionAttribute<PageItems> ATTRIBUTE =
            new ExecutionAttribute<>("dynastore-page-items-" + UUID.randomUUID());

    private volatile @Nullable List<Map<String, AttributeValue>> items;

    private PageItems() {}

    /** For a request to this client; null if it would be ignored. */
    public static @Nullable PageItems of(DynamoDbAsyncClient client) {
        return client instanceof ForwardingClient forwarding && forwarding.readsPages() ? new PageItems() : null;
    }

    /** What goes with a request that has these settings; null if nothing does. */
    public static @Nullable PageItems in(AwsRequestOverrideConfiguration settings) {
        return settings.executionAttributes().getAttribute(ATTRIBUTE);
    }

    /** Has this go with a request. */
    public AwsRequestOverrideConfiguration.Builder addTo(AwsRequestOverrideConfiguration.Builder settings) {
        return settings.putExecutionAttribute(ATTRIBUTE, this);
    }

    /** Settings of a request that has no others; null for a request without this. */
    public static @Nullable AwsRequestOverrideConfiguration settings(@Nullable PageItems items) {
        return items == null
                ? null
                : items.addTo(AwsRequestOverrideConfiguration.builder()).build();
    }

    /** Takes the items of a response that was read in full. */
    public void take(List<Map<String, AttributeValue>> read) {
        items = read;
    }

    /** The items that were taken, or else those of the response. */
    public static List<Map<String, AttributeValue>> orElse(
            @Nullable PageItems items, List<Map<String, AttributeValue>> ofResponse) {
        List<Map<String, AttributeValue>> taken = items == null ? null : items.items;
        return taken == null ? ofResponse : taken;
    }
}
