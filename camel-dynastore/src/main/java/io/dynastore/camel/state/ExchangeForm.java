/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.state;

import io.dynastore.store.InvalidInputException;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * Converts an exchange to attributes and back. Thread safe.
 *
 * <pre>
 *   _dsexchange     its id
 *   _dsbody         the body
 *   _dsheaders      the headers, by their names
 *   _dsproperties   the properties, by their names: those of the aggregator, and all others that can be stored
 *   _dsvariables    the variables, by their names
 *   _dspattern      its pattern
 *   _dsroute        the route that it comes from
 * </pre>
 *
 * <p>Exchanges and messages within the values of an exchange are stored by the same form. A body that can't be stored
 * is refused, and so is a header, variable or property of a class that is not allowed. Objects that no store can keep,
 * such as connections, are left out where they are headers, properties or variables of a message. The log says so once
 * for each name. If the aggregation strategy has set such a property, it is refused. Exceptions are not kept.
 */
final class ExchangeForm {

    private static final Logger LOG = LoggerFactory.getLogger(DynaStoreAggregationRepository.class);

    static final String ID = "_dsexchange";
    static final String BODY = "_dsbody";
    static final String HEADERS = "_dsheaders";
    static final String PROPERTIES = "_dsproperties";
    static final String VARIABLES = "_dsvariables";
    static final String PATTERN = "_dspattern";
    static final String ROUTE = "_dsroute";

    private static final int MOST_REPORTED = 1000;

    private final String table;
    private final ValueForm values;
    private final Set<String> reported = ConcurrentHashMap.newKeySet();

    /**
     * A form.
     *
     * @param table the name of the table, for messages
     */
    ExchangeForm(String table, ValueForm values) {
        this.table = table;
        this.values = values;
    }

    /**
     * The attributes of an exchange.
     *
     * @param read whether the exchange comes from the table: what it has beside that was set by the strategy
     * @throws InvalidInputException if a part can't be stored; the message names it, and has nothing of its value
     */
    Map<String, AttributeValue> encode(String key, Exchange exchange, boolean read) {
        try {
            return new ExchangeEncoder(values, this::leftOut).attributes(exchange, read);
        } catch (InvalidInputException e) {
            throw new InvalidInputException(
                    "Table " + table + ", correlation key " + SortKeys.shown(key) + ": " + e.getMessage());
        }
    }

    private void leftOut(String what, InvalidInputException reason) {
        if (reported.size() < MOST_REPORTED && reported.add(what)) {
            LOG.warn("Table {}: the {} is left out of aggregated exchanges. {}", table, what, reason.getMessage());
        }
    }

    /** The exchange of some attributes. */
    Exchange decode(Map<String, AttributeValue> attributes, CamelContext context) {
        return new ExchangeDecoder(values, context).exchange(attributes);
    }
}
