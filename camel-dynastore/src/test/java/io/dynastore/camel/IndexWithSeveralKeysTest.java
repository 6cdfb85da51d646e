/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel;

import static io.dynastore.camel.DynaStoreConstants.NEXT_TOKEN;
import static io.dynastore.camel.DynaStoreConstants.PARTITION_KEY;
import static io.dynastore.camel.DynaStoreConstants.SORT_KEY_FROM;
import static io.dynastore.camel.DynaStoreConstants.SORT_KEY_PREFIX;
import static io.dynastore.camel.DynaStoreConstants.SORT_KEY_TO;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType.N;
import static software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType.S;

import io.dynastore.store.InvalidInputException;
import io.dynastore.store.Item;
import io.dynastore.store.KeyType;
import io.dynastore.test.TableSpec;
import io.dynastore.test.TableSpec.KeySpec;
import io.dynastore.testkit.EngineAbility;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.mock.MockEndpoint;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ProjectionType;

/** An index whose partition key and sort key consist of two attributes each. */
class IndexWithSeveralKeysTest extends RouteContract {

    private static final String INDEX = "index=several&indexPartitionKeyName=tenant,region"
            + "&indexSortKeyName=day,seq&indexSortKeyType=number,string";

    @Override
    protected TableSpec tableSpec() {
        EngineAbility.INDEXES_WITH_SEVERAL_KEY_ATTRIBUTES.assume();
        return WITH_SORT_KEY.globalIndex(
                "several",
                List.of(new KeySpec("tenant", S), new KeySpec("region", S)),
                List.of(new KeySpec("day", N), new KeySpec("seq", S)),
                ProjectionType.ALL);
    }

    @BeforeEach
    void fill() {
        for (String region : List.of("eu", "us,west")) {
            for (int day = 1; day <= 2; day++) {
                for (String seq : List.of("a1", "a2", "b1")) {
                    String name = region + day + seq;
                    Map<String, AttributeValue> item = new HashMap<>(item("p", name, name, 1));
                    item.put("tenant", AttributeValue.fromS("acme"));
                    item.put("region", AttributeValue.fromS(region));
                    item.put("day", AttributeValue.fromN(Integer.toString(day)));
                    item.put("seq", AttributeValue.fromS(seq));
                    dynamo.rawPut(table, item);
                }
            }
        }
    }

    private static List<Object> payloads(Exchange exchange) {
        assertThat(exchange.getException()).isNull();
        return ((Collection<?>) exchange.getMessage().getBody(List.class))
                .stream()
                        .map(item -> (Object) String.valueOf(((Item) item).payload()))
                        .toList();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "partitionKey=acme,eu | eu1a1 eu1a2 eu1b1 eu2a1 eu2a2 eu2b1",
                "partitionKey=acme,eu&reverse=true&limit=2 | eu2b1 eu2a2",
                "partitionKey=acme,us\\,west&sortKeyPrefix=2,a | us,west2a1 us,west2a2",
                "partitionKey=acme,eu&sortKeyFrom=2 | eu2a1 eu2a2 eu2b1",
                "partitionKey=acme,eu&sortKeyFrom=1,a2&sortKeyTo=1,b1 | eu1a2 eu1b1",
                "partitionKey=acme, eu&sortKeyFrom=1&sortKeyTo=1 | eu1a1 eu1a2 eu1b1"
            })
    void uriNamesValuesWithCommas(String options, String expected) throws Exception {
        Exchange exchange = through(null, Map.of(), store("operation=list&" + INDEX + "&" + options));

        assertThat(payloads(exchange)).isEqualTo(List.of(expected.split(" ")));
        assertThat(HTTP.requests()).hasSize(1);
    }

    @Test
    void headerNamesThemAsAListOrAsText() throws Exception {
        String list = route((builder, from) -> from.to(store("operation=list&" + INDEX)));

        assertThat(payloads(send(
                        list,
                        null,
                        Map.of(
                                PARTITION_KEY, List.of("acme", "us,west"),
                                SORT_KEY_FROM, List.of("1", "a2"),
                                SORT_KEY_TO, List.of(1L, "z")))))
                .isEqualTo(List.of("us,west1a2", "us,west1b1"));
        assertThat(payloads(
                        send(list, null, Map.of(PARTITION_KEY, "acme,us\\,west", SORT_KEY_PREFIX, List.of(2, "b")))))
                .isEqualTo(List.of("us,west2b1"));
    }

    @Test
    void headersNameTheIndexItself() throws Exception {
        Exchange exchange = through(
                null,
                Map.of(
                        PARTITION_KEY,
                        List.of("acme", "eu"),
                        DynaStoreConstants.INDEX,
                        "several",
                        DynaStoreConstants.INDEX_PARTITION_KEY_NAME,
                        List.of("tenant", "region"),
                        DynaStoreConstants.INDEX_SORT_KEY_NAME,
                        "day,seq",
                        DynaStoreConstants.INDEX_SORT_KEY_TYPE,
                        List.of(KeyType.NUMBER, "string"),
                        SORT_KEY_PREFIX,
                        "1,b"),
                store("operation=list"));

        assertThat(payloads(exchange)).isEqualTo(List.of("eu1b1"));
    }

    @Test
    void tokensLeadThroughAllPages() throws Exception {
        String list = route((builder, from) -> from.to(store("operation=list&limit=2&partitionKey=acme,eu&" + INDEX)));
        List<Object> all = new ArrayList<>();
        String token = "";
        while (token != null) {
            Exchange page = send(list, null, Map.of(NEXT_TOKEN, token));
            all.addAll(payloads(page));
            token = page.getMessage().getHeader(NEXT_TOKEN, String.class);
        }

        assertThat(all).isEqualTo(List.of("eu1a1", "eu1a2", "eu1b1", "eu2a1", "eu2a2", "eu2b1"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "partitionKey=acme | has 1 value, and the partition key of the index consists of tenant, region",
                "partitionKey=acme,us,west | has 3 values, and the partition key of the index consists of tenant",
                "partitionKey=acme, | is empty",
                "partitionKey=acme,eu&sortKeyFrom=1,a,x | has 3 values, and the sort key of the index consists of day",
                "partitionKey=acme,eu&sortKeyFrom=x,a | 'day'",
                "partitionKey=acme,eu&sortKeyFrom=1,a&sortKeyTo=2,b | different values for 'day'",
                "partitionKey=acme,eu&sortKeyPrefix=1 | Numbers have no prefix"
            })
    void mistakeIsAClearErrorBeforeAnythingIsSent(String options, String message) throws Exception {
        Exchange exchange = through(null, Map.of(), store("operation=list&" + INDEX + "&" + options));

        assertThat(failure(exchange, InvalidInputException.class))
                .hasMessageContaining("Table " + table)
                .hasMessageContaining(message);
        assertThat(HTTP.requests()).isEmpty();
    }

    @Test
    void numberOfTypesIsThatOfTheNames() {
        assertThatThrownBy(() -> context.getEndpoint(store("operation=list&index=several"
                                + "&indexPartitionKeyName=tenant,region&indexPartitionKeyType=string&partitionKey=a,b"))
                        .start())
                .rootCause()
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContainingAll(table, "indexPartitionKeyType names 1 types for 2 attributes");
    }

    /** The retries of a client with a time limit are made to fit it, which takes a client of our own around it. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void listNamesTheOptionsThatWouldDescribeTheIndex(boolean limited) throws Exception {
        try (DynamoDbAsyncClient client = dynamo.clientBuilder()
                .overrideConfiguration(override -> override.apiCallTimeout(limited ? Duration.ofSeconds(20) : null))
                .build()) {
            context.getRegistry().bind("other", client);

            Exchange exchange = through(
                    null,
                    Map.of(),
                    store("operation=list&partitionKey=acme&index=several&indexPartitionKeyName=tenant"
                            + "&dynamoDbAsyncClient=#other"));

            assertThat(failure(exchange, InvalidInputException.class))
                    .hasMessageContainingAll(
                            "Table " + table,
                            "several",
                            "indexPartitionKeyName=tenant,region, indexPartitionKeyType=string,string",
                            "indexSortKeyName=day,seq, indexSortKeyType=number,string");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"indexPartitionKeyName=tenant", "indexPartitionKeyName=tenant,region&indexSortKeyName=day"})
    void consumerIsRefusedAtItsStartIfItNamesOtherAttributes(String keys) {
        assertThatThrownBy(() -> RouteBuilder.addRoutes(
                        context, routes -> routes.from(store("partitionKeys=acme,eu&index=several&" + keys))
                                .to("mock:out")))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContainingAll(
                        "Table " + table,
                        "The index several has other key attributes than the options name.",
                        "indexPartitionKeyName=tenant,region",
                        "indexSortKeyName=day,seq");
    }

    @Test
    void consumerReadsSeveralPartitionsAndResumesEach() throws Exception {
        String from =
                store("partitionKeys=acme,eu;acme,us\\,west&resume=table&resumeId=days&pageSize=2&delay=50&" + INDEX);
        RouteBuilder.addRoutes(
                context, routes -> routes.from(from).routeId("days").to("mock:out"));
        MockEndpoint out = context.getEndpoint("mock:out", MockEndpoint.class);
        out.expectedBodiesReceivedInAnyOrder(
                "eu1a1",
                "eu1a2",
                "eu1b1",
                "eu2a1",
                "eu2a2",
                "eu2b1",
                "us,west1a1",
                "us,west1a2",
                "us,west1b1",
                "us,west2a1",
                "us,west2a2",
                "us,west2b1");
        out.assertIsSatisfied();

        context.getRouteController().stopRoute("days");
        Map<String, AttributeValue> late = new HashMap<>(item("p", "late", "late", 1));
        late.putAll(Map.of(
                "tenant", AttributeValue.fromS("acme"),
                "region", AttributeValue.fromS("us,west"),
                "day", AttributeValue.fromN("3"),
                "seq", AttributeValue.fromS("a")));
        dynamo.rawPut(table, late);
        out.reset();
        out.expectedBodiesReceived("late");
        context.getRouteController().startRoute("days");
        out.assertIsSatisfied();

        assertThat(dynamo.rawScan(table))
                .extracting(item -> Objects.requireNonNull(item.get("name")).s())
                .contains("acme,eu", "acme,us\\,west");
    }
}
