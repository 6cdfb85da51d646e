/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.consumer;

import static org.assertj.core.api.Assertions.assertThat;

import io.dynastore.testkit.Fault;
import io.dynastore.testkit.FaultPlan;
import io.dynastore.testkit.FaultyHttpClient;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.apache.camel.CamelContext;
import org.apache.camel.Processor;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.health.HealthCheck;
import org.apache.camel.health.HealthCheckHelper;
import org.apache.camel.main.Main;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.ResourceNotFoundException;

/** The readiness check of a consumer. */
class ConsumerHealthTest extends ConsumerContract {

    private final Main main = new Main();
    private final AtomicBoolean broken = new AtomicBoolean();

    @AfterEach
    void stopMain() {
        main.stop();
    }

    private DynamoDbAsyncClient client = recorded();

    private void start(String uri) throws Exception {
        start(uri, exchange -> {});
    }

    private void start(String uri, Processor processor) throws Exception {
        main.bind("client", client);
        main.bind("partitions", (Supplier<List<String>>) () -> {
            if (broken.get()) {
                throw new IllegalStateException("no partitions today");
            }
            return List.of("customer");
        });
        main.configure().addRoutesBuilder(new RouteBuilder() {
            @Override
            public void configure() {
                errorHandler(noErrorHandler());
                from(uri)
                        .routeId(ROUTE)
                        .process(exchange -> delivered.add(name(exchange)))
                        .process(processor);
            }
        });
        main.start();
    }

    private HealthCheck.Result readiness() {
        CamelContext inMain = Objects.requireNonNull(main.getCamelContext());
        return HealthCheckHelper.invokeReadiness(inMain, "full").stream()
                .filter(result -> result.getCheck().getId().equals("consumer:" + ROUTE))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void isReadyAfterItsFirstPageAndNotBefore() throws Exception {
        start(store("partitionKeys=customer&initialDelay=500"));
        assertThat(readiness().getState()).isNotEqualTo(HealthCheck.State.UP);

        await().until(() -> readiness().getState() == HealthCheck.State.UP);
        assertThat(sent()).contains("Query");
    }

    @Test
    void isReadyWhileItDeliversItsFirstPage() throws Exception {
        givenItems("customer", 2);
        Gate gate = new Gate("customer/01");
        start(store("partitionKeys=customer&onSuccess=delete" + QUICK), gate);
        gate.awaitReached();

        assertThat(readiness().getState()).isEqualTo(HealthCheck.State.UP);
        gate.open();
    }

    @Test
    void isDownWithTheCauseAndUpAgainAfterwards() throws Exception {
        start(store("partitionKeys=#partitions&resume=memory" + QUICK));
        await().until(() -> readiness().getState() == HealthCheck.State.UP);

        broken.set(true);
        await().until(() -> readiness().getState() == HealthCheck.State.DOWN);
        assertThat(readiness().getError())
                .hasValueSatisfying(error -> assertThat(error).hasMessage("no partitions today"));
        broken.set(false);

        await().until(() -> readiness().getState() == HealthCheck.State.UP);
    }

    @Test
    void isDownIfItsTableIsMissing() throws Exception {
        start("dynastore:no-such-table?partitionKeys=customer" + QUICK);

        await().until(() -> readiness().getState() == HealthCheck.State.DOWN
                && readiness().getError().isPresent());
        assertThat(readiness().getError()).containsInstanceOf(ResourceNotFoundException.class);
        assertThat(readiness().getDetails())
                .containsEntry("service.status.code", 400)
                .containsEntry("service.error.code", "ResourceNotFoundException")
                .hasEntrySatisfying("dynastore.remedy", remedy -> assertThat(String.valueOf(remedy))
                        .contains("there is none", "autoCreateTable"));
    }

    @Test
    void isDownWithTheOptionsOfTheTableIfItsKeyIsDescribedWrongly() throws Exception {
        start(store("partitionKeys=customer&partitionKeyName=other" + QUICK));

        await().until(() -> readiness().getState() == HealthCheck.State.DOWN
                && readiness().getError().isPresent());
        assertThat(readiness().getError())
                .hasValueSatisfying(error -> assertThat(error).hasMessageContaining("partitionKeyName=id"));
        assertThat(readiness().getDetails()).containsKey("dynastore.remedy");
    }

    @Test
    void isDownWhileItsClaimsCanNotBeRenewed() throws Exception {
        givenItems("customer", 1);
        FaultPlan plan = FaultPlan.none().only("UpdateItem");
        client = dynamo.clientBuilder()
                .httpClient(new FaultyHttpClient(HTTP, plan))
                .overrideConfiguration(override -> override.retryStrategy(retries -> retries.maxAttempts(1)))
                .build();
        Gate gate = new Gate("customer/01");
        start(store("partitionKeys=customer&claim=true&onSuccess=delete&claimTtl=3s" + QUICK), gate);
        gate.awaitReached();
        await().until(() -> readiness().getState() == HealthCheck.State.UP);

        plan.next(Collections.nCopies(100, Fault.DROP).toArray(Fault[]::new));
        await().until(() -> readiness().getState() == HealthCheck.State.DOWN);
        assertThat(readiness().getError())
                .hasValueSatisfying(error -> assertThat(error).hasMessageContaining("can't be renewed"));
        gate.open();

        await().until(() -> readiness().getState() == HealthCheck.State.UP);
        assertThat(dynamo.rawScan(table)).isEmpty();
    }

    @Test
    void isDownWhileItsGroupCanNotBeReached() throws Exception {
        FaultyHttpClient network = new FaultyHttpClient(HTTP, FaultPlan.none());
        client = dynamo.clientBuilder().httpClient(network).build();
        start(store("partitionKeys=customer&group=shipping&groupLease=3s&rebalanceInterval=300ms" + QUICK));
        await().until(() -> readiness().getState() == HealthCheck.State.UP);

        network.cut();
        await().until(() -> readiness().getState() == HealthCheck.State.DOWN
                && String.valueOf(readiness().getError().orElse(null)).contains("can't reach its group"));
        assertThat(readiness().getError())
                .hasValueSatisfying(error -> assertThat(error).hasMessageContainingAll(table, "shipping"));
        network.heal();

        await().until(() -> readiness().getState() == HealthCheck.State.UP);
    }

    @Test
    void endsWithItsRouteAlsoInARunningContext() throws Exception {
        start(store("partitionKeys=customer" + QUICK));
        await().until(() -> readiness().getState() == HealthCheck.State.UP);
        CamelContext inMain = Objects.requireNonNull(main.getCamelContext());

        inMain.getRouteController().stopRoute(ROUTE);
        inMain.removeRoute(ROUTE);

        assertThat(HealthCheckHelper.invoke(inMain, "full"))
                .extracting(result -> result.getCheck().getId())
                .doesNotContain("consumer:" + ROUTE);
    }

    @Test
    void isUnknownIfTheComponentDisablesIt() throws Exception {
        main.addInitialProperty("camel.component.dynastore.health-check-consumer-enabled", "false");
        start("dynastore:no-such-table?partitionKeys=customer" + QUICK);

        assertThat(readiness().getState()).isEqualTo(HealthCheck.State.UNKNOWN);
        assertThat(readiness().getMessage()).contains("Disabled");
    }

    @Test
    void isUpWhileItemsFail() throws Exception {
        givenItems("customer", 1);
        start(store("partitionKeys=customer&onSuccess=delete" + QUICK), exchange -> {
            throw new IllegalStateException("always");
        });

        awaitDelivered(2);

        assertThat(readiness().getState()).isEqualTo(HealthCheck.State.UP);
    }
}
