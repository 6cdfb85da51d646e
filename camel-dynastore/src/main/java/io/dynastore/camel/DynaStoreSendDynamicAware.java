/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel;

import java.net.URISyntaxException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.Processor;
import org.apache.camel.spi.annotations.SendDynamic;
import org.apache.camel.support.component.SendDynamicAwareSupport;
import org.apache.camel.util.StringHelper;
import org.apache.camel.util.URISupport;
import org.jspecify.annotations.Nullable;

/**
 * Makes one endpoint of {@code toD("dynastore:tickets?partitionKey=${header.customer}&sortKey=${body}")} in place of
 * one for each key. Keys that the route computes go into the key headers while the endpoint is called. Keys that the
 * route fixes stay in the URI.
 */
@SendDynamic("dynastore")
public class DynaStoreSendDynamicAware extends SendDynamicAwareSupport {

    /** The options that a header can carry in their place. */
    private static final Map<String, String> HEADERS = Map.of(
            "partitionKey", DynaStoreConstants.PARTITION_KEY,
            "sortKey", DynaStoreConstants.SORT_KEY);

    /** The exchange property for the headers as they were before the call. */
    private static final String BEFORE = "CamelDynaStoreKeysBeforeToD";

    public DynaStoreSendDynamicAware() {}

    @Override
    public boolean isLenientProperties() {
        return false;
    }

    @Override
    public @Nullable DynamicAwareEntry prepare(Exchange exchange, String uri, String originalUri) throws Exception {
        Map<String, Object> computed = new LinkedHashMap<>();
        Map<String, Object> written = options(originalUri);
        if (written.values().stream().anyMatch(UriOptions::isExpression)) {
            endpointProperties(exchange, uri).forEach((option, value) -> {
                if (HEADERS.containsKey(option) && UriOptions.isExpression(written.get(option))) {
                    computed.put(option, isRaw(written.get(option)) && isRaw(value) ? content(value) : value);
                }
            });
        }
        return computed.isEmpty() ? null : new DynamicAwareEntry(uri, originalUri, computed, null);
    }

    /** Empty if an expression contains what separates options: then each key has an endpoint of its own. */
    private static Map<String, Object> options(String uri) {
        try {
            return URISupport.parseQuery(StringHelper.after(uri, "?", ""));
        } catch (URISyntaxException e) {
            return Map.of();
        }
    }

    /** Whether Camel takes the value as it stands, such as {@code RAW(a&b)}. */
    private static boolean isRaw(@Nullable Object value) {
        return value instanceof String text
                && ((text.startsWith("RAW(") && text.endsWith(")")) || (text.startsWith("RAW{") && text.endsWith("}")));
    }

    private static String content(Object raw) {
        String text = (String) raw;
        return text.substring("RAW(".length(), text.length() - 1);
    }

    @Override
    public String resolveStaticUri(Exchange exchange, DynamicAwareEntry entry) throws Exception {
        Map<String, Object> fixed = new LinkedHashMap<>(endpointProperties(exchange, entry.getUri()));
        fixed.keySet().removeAll(entry.getProperties().keySet());
        return asEndpointUri(exchange, entry.getUri(), fixed);
    }

    @Override
    public Processor createPreProcessor(Exchange exchange, DynamicAwareEntry entry) {
        return target -> {
            Map<String, Object> before = new LinkedHashMap<>();
            entry.getProperties().forEach((option, key) -> {
                String header = header(option);
                before.put(header, target.getMessage().getHeader(header));
                target.getMessage().setHeader(header, key);
            });
            target.setProperty(BEFORE, before);
        };
    }

    /** Puts the headers back as they were, unless the operation has set them. */
    @Override
    public Processor createPostProcessor(Exchange exchange, DynamicAwareEntry entry) {
        return target -> {
            Map<?, ?> before = (Map<?, ?>) target.removeProperty(BEFORE);
            entry.getProperties().forEach((option, key) -> {
                String header = header(option);
                if (before != null && key.equals(target.getMessage().getHeader(header))) {
                    restore(target.getMessage(), header, before.get(header));
                }
            });
        };
    }

    private static String header(String option) {
        return Objects.requireNonNull(HEADERS.get(option));
    }

    private static void restore(Message message, String header, @Nullable Object value) {
        if (value == null) {
            message.removeHeader(header);
        } else {
            message.setHeader(header, value);
        }
    }
}
