/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel;

import io.dynastore.camel.internal.client.TableLocation;
import io.dynastore.store.InvalidInputException;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.camel.util.StringHelper;
import org.apache.camel.util.URISupport;
import org.jspecify.annotations.Nullable;

/** Checks the options of a URI before Camel reads them, where Camel's own error would not name the remedy. */
final class UriOptions {

    private static final DynaStoreEndpointConfigurer OPTIONS = new DynaStoreEndpointConfigurer();

    /** Options whose text becomes a key or a part of one, and their headers. */
    private static final Map<String, String> KEYS = Map.of(
            "partitionKey", DynaStoreConstants.PARTITION_KEY,
            "sortKey", DynaStoreConstants.SORT_KEY,
            "sortKeyPrefix", DynaStoreConstants.SORT_KEY_PREFIX,
            "sortKeyFrom", DynaStoreConstants.SORT_KEY_FROM,
            "sortKeyTo", DynaStoreConstants.SORT_KEY_TO);

    private static final String ENDPOINT = "uriEndpointOverride";

    private static final List<String> EXPRESSIONS = List.of("${", "$simple{");

    /** Options with a duration. DurationOptionsTest compares them with the catalog. */
    private static final Set<String> DURATIONS = Set.of(
            "lockTtl",
            "acquireTimeout",
            "clockSkew",
            "groupLease",
            "rebalanceInterval",
            "groupWatch",
            "claimTtl",
            "retryDelay",
            "maxRetryDelay",
            "claimTableInterval",
            "autoCreateTimeout",
            "connectionTimeout",
            "apiCallAttemptTimeout",
            "apiCallTimeout");

    private static final Pattern WITHOUT_UNIT = Pattern.compile("0*[1-9]\\d*");

    private UriOptions() {}

    /**
     * Checks all options.
     *
     * @throws IllegalArgumentException if one can't be what was meant
     */
    static void check(String table, Map<String, Object> options) {
        options.forEach((name, value) -> {
            if (value instanceof String text) {
                checkExpression(table, name, text);
                checkUnit(table, name, text);
                checkEnum(table, name, text);
            }
        });
    }

    /** A simple expression is evaluated by {@code toD} only. Elsewhere it would become the key itself. */
    private static void checkExpression(String table, String option, String value) {
        String header = KEYS.get(option);
        if (header != null && isExpression(value)) {
            throw new IllegalArgumentException("Table " + table + ", option " + option + ": " + value
                    + " is an expression, which an endpoint does not evaluate."
                    + " Use toD in place of to, or leave the option out and set the header " + header + ".");
        }
    }

    /** Whether this is text that Camel evaluates before it makes an endpoint, where it evaluates any. */
    static boolean isExpression(@Nullable Object value) {
        return value instanceof String text && EXPRESSIONS.stream().anyMatch(text::contains);
    }

    /** By the rule of headers: Camel would take a bare number for milliseconds, where seconds were meant as well. */
    private static void checkUnit(String table, String option, String value) {
        if (DURATIONS.contains(option) && WITHOUT_UNIT.matcher(value.trim()).matches()) {
            throw new InvalidInputException(
                    "Table " + table + ": the option " + option + " is a number without a unit: write 20s or 500ms.");
        }
    }

    private static void checkEnum(String table, String option, String value) {
        Class<?> type = OPTIONS.getOptionType(option, true);
        if (type == null || !type.isEnum() || value.startsWith("#")) {
            return;
        }
        List<String> names = Arrays.stream(type.getEnumConstants())
                .map(constant -> ((Enum<?>) constant).name())
                .toList();
        String constant = StringHelper.asEnumConstantValue(value);
        if (names.stream().noneMatch(name -> name.equalsIgnoreCase(value) || name.equalsIgnoreCase(constant))) {
            throw new IllegalArgumentException("Table " + table + ", option " + option + ": '" + value
                    + "' is none of its values. Give one of "
                    + names.stream().map(UriOptions::shown).collect(Collectors.joining(", ")) + ".");
        }
    }

    /** The URI as Camel may show it. Camel masks the user information of URIs, but not within options. */
    static String withoutUserInfo(String uri) throws URISyntaxException {
        Map<String, Object> options = URISupport.parseQuery(StringHelper.after(uri, "?", ""));
        if (!(options.get(ENDPOINT) instanceof String given)) {
            return uri;
        }
        // Some of Camel's ways to here encode the value twice.
        String endpoint = given.contains("%40") ? URLDecoder.decode(given, StandardCharsets.UTF_8) : given;
        if (endpoint.equals(TableLocation.shown(endpoint))) {
            return uri;
        }
        options.put(ENDPOINT, TableLocation.shown(endpoint));
        return StringHelper.before(uri, "?") + "?" + URISupport.createQueryString(options);
    }

    /** BATCH_GET as batchGet. */
    private static String shown(String name) {
        return StringHelper.dashToCamelCase(name.toLowerCase(Locale.ROOT).replace('_', '-'));
    }
}
