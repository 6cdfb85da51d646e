/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.state;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dynastore.test.DynamoDbExtension;
import io.dynastore.testkit.Fault;
import io.dynastore.testkit.FaultPlan;
import io.dynastore.testkit.FaultyHttpClient;
import java.time.Duration;
import java.util.Collections;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.retries.api.BackoffStrategy;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.ProvisionedThroughputExceededException;

/** A repository with a client of the application, whose retries last longer than a request may. */
class ThrottledRepositoryTest {

    @RegisterExtension
    static final DynamoDbExtension dynamo = DynamoDbExtension.create();

    private static final int LIMIT_OF_CLIENT = 60;

    @ParameterizedTest
    @ValueSource(ints = {0, LIMIT_OF_CLIENT})
    void requestThatWasThrottledEachTimeFailsForThat(int secondsOfClient) throws Exception {
        FaultPlan plan = FaultPlan.none();
        BackoffStrategy pause = BackoffStrategy.fixedDelay(Duration.ofMillis(200));
        try (FaultyHttpClient http = new FaultyHttpClient(NettyNioAsyncHttpClient.create(), plan);
                DynamoDbAsyncClient client = dynamo.clientBuilder()
                        .httpClient(http)
                        .overrideConfiguration(override -> override.apiCallTimeout(
                                        secondsOfClient == 0 ? null : Duration.ofSeconds(secondsOfClient))
                                .retryStrategy(retry -> retry.maxAttempts(1_000)
                                        .backoffStrategy(pause)
                                        .throttlingBackoffStrategy(pause)))
                        .build();
                DefaultCamelContext context = new DefaultCamelContext()) {
            DynaStoreIdempotentRepository repository = new DynaStoreIdempotentRepository();
            repository.setTableName(dynamo.table("idempotent"));
            repository.setName("orders");
            repository.setInFlightTtl(Duration.ofSeconds(6));
            repository.setDynamoDbAsyncClient(client);
            context.addService(repository);
            context.start();
            plan.next(Collections.nCopies(1_000, Fault.THROTTLE).toArray(Fault[]::new));

            assertThatThrownBy(() -> repository.add(new DefaultExchange(context), "a"))
                    .isInstanceOf(ProvisionedThroughputExceededException.class);
        }
    }
}
