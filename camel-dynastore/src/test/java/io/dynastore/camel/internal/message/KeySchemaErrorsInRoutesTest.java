/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.message;

import static org.assertj.core.api.Assertions.assertThat;

import io.dynastore.camel.LogFile;
import io.dynastore.camel.RouteContract;
import io.dynastore.store.InvalidInputException;
import io.dynastore.testkit.Fault;
import io.dynastore.testkit.FaultPlan;
import io.dynastore.testkit.FaultyHttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;

/** Keys that are not those of the table, whatever client is used and however often. */
class KeySchemaErrorsInRoutesTest extends RouteContract {

    private static final String WRONG = "partitionKey=customer&sortKey=${body}&sortKeyType=number&operation=";
    private static final String OPTION = "sortKeyType=string";

    private InvalidInputException error(String in, Object sortKey) {
        return failure(send(in, sortKey, Map.of()), InvalidInputException.class);
    }

    @Test
    void clientOfTheApplicationWithATimeLimitBringsTheOptionToSet() throws Exception {
        try (DynamoDbAsyncClient limited = dynamo.clientBuilder()
                .overrideConfiguration(override -> override.apiCallTimeout(Duration.ofSeconds(20)))
                .build()) {
            context.getRegistry().bind("limited", limited);
            String in = route((builder, from) -> from.toD(store(WRONG + "get&dynamoDbAsyncClient=#bean:limited")));

            assertThat(error(in, 1)).hasMessageContainingAll("Table " + table, "[customer, 1]", OPTION);
        }
    }

    @Test
    void clientOfTheComponentBringsTheOptionToSet() throws Exception {
        context.getRegistry().unbind("client");
        String in = route((builder, from) -> from.toD(store(WRONG
                + "get&region=eu-central-1&accessKey=test&secretKey=test&overrideEndpoint=true&uriEndpointOverride="
                + dynamo.endpoint())));

        assertThat(error(in, 1)).hasMessageContainingAll("Table " + table, "[customer, 1]", OPTION);
    }

    @Test
    void oneWarningNamesTheOptionWhateverTheNumberOfKeys(@TempDir Path folder) throws Exception {
        String in = route((builder, from) -> from.toD(store(WRONG + "get")));
        List<String> warnings;
        try (LogFile log = LogFile.in(folder)) {
            for (int number = 4710; number < 4715; number++) {
                error(in, number);
            }
            warnings = log.lines().stream()
                    .filter(line -> line.startsWith("WARN io.dynastore"))
                    .toList();
        }

        assertThat(warnings)
                .singleElement()
                .asString()
                .contains("Table " + table, OPTION)
                .doesNotContain("471");
    }

    @Test
    void descriptionThatFailedIsAskedForAgain() throws Exception {
        FaultPlan plan = FaultPlan.none().only("DescribeTable");
        plan.next(Fault.DROP);
        try (DynamoDbAsyncClient client = dynamo.clientBuilder()
                .httpClient(new FaultyHttpClient(HTTP, plan))
                .overrideConfiguration(override -> override.retryStrategy(retry -> retry.maxAttempts(1)))
                .build()) {
            context.getRegistry().bind("faulty", client);
            String in = route((builder, from) -> from.toD(store(WRONG + "get&dynamoDbAsyncClient=#bean:faulty")));

            assertThat(error(in, 1)).hasMessageContainingAll("[customer, 1]", "sortKeyType");
            assertThat(error(in, 2)).hasMessageContainingAll("[customer, 2]", OPTION);
            assertThat(error(in, 3)).hasMessageContainingAll("[customer, 3]", OPTION);
        }
        assertThat(sentAndAsked()).containsExactly("GetItem", "GetItem", "DescribeTable", "GetItem");
    }
}
