/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.message;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import io.dynastore.camel.DynaStoreConstants;
import io.dynastore.camel.DynaStoreOperation;
import io.dynastore.camel.RouteContract;
import io.dynastore.store.BulkStoppedException;
import io.dynastore.store.DynaStoreException;
import io.dynastore.testkit.EngineAbility;
import io.dynastore.testkit.NeedsEngine;
import io.dynastore.testkit.TestSeed;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.apache.camel.Consumer;
import org.apache.camel.Exchange;
import org.apache.camel.FailedToCreateConsumerException;
import org.apache.camel.FailedToCreateProducerException;
import org.apache.camel.ResolveEndpointFailedException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * Odd values in every header, body and option end as results or as clear errors, and errors change nothing. The
 * property {@code dynastore.test.odd} sets how many are tried, {@code dynastore.test.seed} which.
 */
class OddInputsTest extends RouteContract {

    private static final int INPUTS = Integer.getInteger("dynastore.test.odd", 1000);

    private static final String SECRET = "CONFIDENTIAL";

    private static final List<String> HEADERS = List.of(
            DynaStoreConstants.KEYS,
            DynaStoreConstants.EXPECTED_VERSION,
            DynaStoreConstants.OPTIMISTIC_LOCKING,
            DynaStoreConstants.FIELDS,
            DynaStoreConstants.TTL,
            DynaStoreConstants.MUST_EXIST,
            DynaStoreConstants.FAIL_IF_MISSING,
            DynaStoreConstants.RETURN_VERSION,
            DynaStoreConstants.EXACTLY_ONCE,
            DynaStoreConstants.PAYLOAD_FORMAT,
            DynaStoreConstants.CONSISTENT_READ,
            DynaStoreConstants.INCLUDE_EXPIRED,
            DynaStoreConstants.FILTER,
            DynaStoreConstants.CONCURRENT_WRITES,
            DynaStoreConstants.MAX_FAILURES,
            DynaStoreConstants.SORT_KEY_PREFIX,
            DynaStoreConstants.SORT_KEY_FROM,
            DynaStoreConstants.SORT_KEY_TO,
            DynaStoreConstants.REVERSE,
            DynaStoreConstants.LIMIT,
            DynaStoreConstants.NEXT_TOKEN,
            DynaStoreConstants.INDEX,
            DynaStoreConstants.INDEX_PARTITION_KEY_NAME,
            DynaStoreConstants.INDEX_PARTITION_KEY_TYPE,
            DynaStoreConstants.INDEX_SORT_KEY_NAME,
            DynaStoreConstants.INDEX_SORT_KEY_TYPE,
            DynaStoreConstants.FETCH,
            DynaStoreConstants.STREAM,
            DynaStoreConstants.LOCK_OWNER,
            DynaStoreConstants.FENCING_TOKEN,
            DynaStoreConstants.LOCK_DATA,
            DynaStoreConstants.LOCK_TTL,
            DynaStoreConstants.HEARTBEAT,
            DynaStoreConstants.UNLOCK_ON_COMPLETION,
            DynaStoreConstants.CLOCK_SKEW,
            DynaStoreConstants.TAKEOVER,
            DynaStoreConstants.LEASE_ANY,
            DynaStoreConstants.VERSION,
            Exchange.CHARSET_NAME);

    private static final List<String> OPTIONS = List.of(
            "ttl",
            "payloadFormat",
            "fields",
            "filter",
            "concurrentWrites",
            "maxFailures",
            "sortKeyPrefix",
            "sortKeyFrom",
            "sortKeyTo",
            "limit",
            "nextToken",
            "index",
            "indexPartitionKeyName",
            "indexSortKeyName",
            "indexSortKeyType",
            "exactlyOnce",
            "returnVersion",
            "stream",
            "fetch",
            "lockTtl",
            "clockSkew",
            "takeover",
            "partitionKeyType",
            "sortKeyType",
            "partitionKeyName",
            "sortKeyName",
            "versionName",
            "expiresName",
            "payloadName",
            "payloadType",
            "allowedOperations");

    private static final List<String> CONSUMER_OPTIONS = List.of(
            "partitionKeys",
            "segments",
            "pageSize",
            "maxMessagesPerPoll",
            "concurrentPartitions",
            "resume",
            "resumeId",
            "onSuccess",
            "stateTable",
            "index",
            "indexPartitionKeyName",
            "sortKeyPrefix",
            "sortKeyFrom",
            "sortKeyTo",
            "limit",
            "includeExpired",
            "consistentRead",
            "payloadFormat",
            "fields",
            "filter",
            "sortKeyType");

    private final Random random = TestSeed.random();
    private final OddValues odd = new OddValues(random);
    private final Map<String, Integer> results = new TreeMap<>();

    @Test
    @NeedsEngine(EngineAbility.TRANSACT_WRITE_ITEMS)
    void oddInputsEndAsResultsOrAsClearErrorsThatChangeNothing() {
        List<String> unclear = new ArrayList<>();
        Set<Map<String, AttributeValue>> before = reset();
        for (int i = 0; i < INPUTS; i++) {
            String uri = odd.chance(0.1) ? consumerUri() : "";
            Map<String, @Nullable Object> headers = uri.isEmpty() ? headers() : Map.of();
            uri = uri.isEmpty() ? producerUri(headers) : uri;
            boolean several = uri.contains("transact") || uri.contains("All&");
            Object body = several && odd.chance(0.8) ? odd.writes(SECRET) : odd.any(SECRET);
            Throwable error =
                    headers.isEmpty() && uri.contains("initialDelay") ? consumed(uri) : sent(uri, body, headers);
            String input = "input " + i + ": " + uri.replace("\n", " ") + ", headers " + described(headers) + ", body "
                    + (body == null ? "null" : body.getClass().getName());
            boolean unchanged = items().equals(before);
            if (error != null) {
                try {
                    assertClear(input, error, uri);
                    // A bulk operation that ends early has written some entries, and says which.
                    assertThat(unchanged || error instanceof BulkStoppedException)
                            .as("table unchanged by " + input)
                            .isTrue();
                } catch (AssertionError e) {
                    unclear.add(String.valueOf(e.getMessage()).lines().limit(8).collect(joining("\n")) + " " + error);
                }
            }
            before = unchanged ? before : reset();
            results.merge(error == null ? "result" : error.getClass().getSimpleName(), 1, Integer::sum);
        }
        System.out.println("odd inputs: " + INPUTS + ", seed " + TestSeed.value() + ": " + results);
        assertThat(unclear).isEmpty();
        assertThat(results).containsKeys("result", "InvalidInputException");
    }

    private static Map<String, String> described(Map<String, @Nullable Object> headers) {
        Map<String, String> types = new TreeMap<>();
        headers.forEach((name, value) -> types.put(
                name,
                value instanceof String || value instanceof Number
                        ? value.toString()
                                .substring(0, Math.min(30, value.toString().length()))
                        : value == null ? "null" : value.getClass().getName()));
        return types;
    }

    private @Nullable Throwable sent(String uri, @Nullable Object body, Map<String, @Nullable Object> headers) {
        try {
            return template.send(uri, exchange -> {
                        exchange.getMessage().setBody(body);
                        headers.forEach((name, value) -> exchange.getMessage().setHeader(name, value));
                    })
                    .getException();
        } catch (RuntimeException | StackOverflowError e) {
            return e;
        }
    }

    /** Starts and stops a consumer, before it polls. */
    private @Nullable Throwable consumed(String uri) {
        try {
            Consumer consumer = context.getEndpoint(uri).createConsumer(exchange -> {});
            try {
                consumer.start();
            } finally {
                consumer.stop();
            }
            return null;
        } catch (Exception | StackOverflowError e) {
            return e;
        }
    }

    private void assertClear(String input, Throwable error, String uri) {
        assertThat(error).as(input).hasMessageNotContaining(SECRET);
        if (error instanceof DynaStoreException) {
            assertThat(error).as(input).hasMessageContaining(table);
            if (uri.contains("&partitionKey=p&sortKey=a&") && !uri.contains("Type=") && single(uri)) {
                assertThat(error).as(input).hasMessageContaining("[p, a]");
            }
            return;
        }
        // The context refuses the URI, and says why.
        assertThat(error)
                .as(input)
                .isInstanceOfAny(
                        ResolveEndpointFailedException.class,
                        FailedToCreateProducerException.class,
                        FailedToCreateConsumerException.class);
        for (Throwable cause = error; cause != null; cause = cause.getCause()) {
            assertThat(cause)
                    .as(input)
                    .isNotInstanceOfAny(NullPointerException.class, ClassCastException.class, Error.class);
        }
    }

    private static boolean single(String uri) {
        return List.of("create", "put", "get", "exists", "update", "delete").stream()
                .anyMatch(operation -> uri.contains("operation=" + operation + "&"));
    }

    private String producerUri(Map<String, @Nullable Object> headers) {
        DynaStoreOperation operation = odd.oneOf(Arrays.asList(DynaStoreOperation.values()));
        StringBuilder uri = new StringBuilder(store("heartbeat=false"));
        if (odd.chance(0.8)) {
            uri.append("&operation=").append(operation.text());
        } else {
            headers.put(DynaStoreConstants.OPERATION, odd.chance(0.7) ? operation : odd.any("h"));
        }
        key(uri, headers, "partitionKey", DynaStoreConstants.PARTITION_KEY, "p");
        key(uri, headers, "sortKey", DynaStoreConstants.SORT_KEY, "a");
        options(uri, OPTIONS, 0.015);
        return uri.append("&optimisticLocking=true").toString();
    }

    private void key(
            StringBuilder uri, Map<String, @Nullable Object> headers, String option, String header, String usual) {
        if (odd.chance(0.6)) {
            uri.append('&').append(option).append('=').append(usual);
        } else if (odd.chance(0.9)) {
            headers.put(header, odd.chance(0.4) ? usual : odd.any("k"));
        }
    }

    private String consumerUri() {
        StringBuilder uri = new StringBuilder(store("initialDelay=3600000"));
        options(uri, CONSUMER_OPTIONS, 0.12);
        return uri.toString();
    }

    private void options(StringBuilder uri, List<String> names, double probability) {
        for (String name : names) {
            if (odd.chance(probability)) {
                // References to beans and expressions are the application's own words.
                String value =
                        odd.text("o").replace("#", "").replace("${body}", "0").replace("\u0000", "");
                uri.append('&')
                        .append(name)
                        .append('=')
                        .append(URLEncoder.encode(
                                value.substring(0, Math.min(50, value.length())), StandardCharsets.UTF_8));
            }
        }
    }

    private Map<String, @Nullable Object> headers() {
        Map<String, @Nullable Object> headers = new HashMap<>();
        for (String name : HEADERS) {
            if (odd.chance(0.06)) {
                headers.put(name, odd.any(name.equals(DynaStoreConstants.FIELDS) ? SECRET : "h"));
            }
        }
        if (odd.chance(0.1)) {
            headers.put(DynaStoreConstants.FIELDS, odd.collection(SECRET, 1));
        }
        return headers;
    }

    private Set<Map<String, AttributeValue>> reset() {
        for (Map<String, AttributeValue> item : dynamo.rawScan(table)) {
            recorded()
                    .deleteItem(request ->
                            request.tableName(table).key(Map.of("id", item.get("id"), "name", item.get("name"))))
                    .join();
        }
        given("p", "a", "one");
        given("p", "b", "two");
        return items();
    }

    /** All items except locks, which are released in the background. */
    private Set<Map<String, AttributeValue>> items() {
        HTTP.clear();
        Set<Map<String, AttributeValue>> items = new HashSet<>(dynamo.rawScan(table));
        items.removeIf(item -> item.containsKey("_dslock"));
        return items;
    }
}
