/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel;

import static io.dynastore.camel.DynaStoreConstants.OPERATION;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dynastore.camel.cluster.DynaStoreClusterService;
import io.dynastore.camel.state.DynaStoreAggregationRepository;
import io.dynastore.camel.state.DynaStoreIdempotentRepository;
import io.dynastore.camel.state.DynaStoreRepository;
import io.dynastore.camel.state.DynaStoreStateRepository;
import io.dynastore.lease.Locks;
import io.dynastore.store.InvalidInputException;
import io.dynastore.store.TableSchema;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.cluster.CamelClusterView;
import org.apache.camel.component.mock.MockEndpoint;
import org.apache.camel.impl.DefaultCamelContext;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.core.SdkResponse;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.DescribeTableRequest;
import software.amazon.awssdk.services.dynamodb.model.DescribeTableResponse;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;
import software.amazon.awssdk.services.dynamodb.model.MultiRegionConsistency;
import software.amazon.awssdk.services.dynamodb.model.ReplicaDescription;

/** A table that DynamoDB describes as replicated, which the engine of the tests has none of. */
class ReplicatedTableTest extends RouteContract {

    private static final String LOCK = "operation=lock&partitionKey=locks&sortKey=import";
    private static final String REASON = "replicated to eu-west-1, us-east-1 without strong consistency";

    private final Description description = new Description();
    private final DynamoDbAsyncClient client = dynamo.clientBuilder()
            .overrideConfiguration(override -> override.addExecutionInterceptor(description))
            .build();

    @Override
    protected void configure(DefaultCamelContext fresh) {
        fresh.getRegistry().bind("client", client);
    }

    @AfterEach
    void closeClient() {
        client.close();
    }

    /** Changes the engine's description of a table, or denies it. */
    private static final class Description implements ExecutionInterceptor {
        private final AtomicInteger asked = new AtomicInteger();
        private volatile MultiRegionConsistency consistency = MultiRegionConsistency.EVENTUAL;
        private volatile @Nullable DynamoDbException denied;
        private volatile int denials = Integer.MAX_VALUE;

        @Override
        public void beforeExecution(Context.BeforeExecution context, ExecutionAttributes attributes) {
            if (context.request() instanceof DescribeTableRequest) {
                int number = asked.incrementAndGet();
                DynamoDbException error = denied;
                if (error != null && number <= denials) {
                    throw error;
                }
            }
        }

        @Override
        public SdkResponse modifyResponse(Context.ModifyResponse context, ExecutionAttributes attributes) {
            return context.response() instanceof DescribeTableResponse described
                    ? described.toBuilder()
                            .table(described.table().toBuilder()
                                    .replicas(replica("eu-west-1"), replica("us-east-1"))
                                    .multiRegionConsistency(consistency)
                                    .build())
                            .build()
                    : context.response();
        }

        private static ReplicaDescription replica(String region) {
            return ReplicaDescription.builder().regionName(region).build();
        }

        private void deny(int status, String code) {
            denied = (DynamoDbException) DynamoDbException.builder()
                    .statusCode(status)
                    .message(code)
                    .awsErrorDetails(AwsErrorDetails.builder().errorCode(code).build())
                    .build();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {LOCK, "operation=lock&partitionKey=locks&leaseAny=true", "partitionKey=locks&sortKey=a"})
    void lockIsRefusedWithTheReasonAndWritesNothing(String options) throws Exception {
        String lock = route((builder, from) -> from.to(store(options)));
        for (int i = 0; i < 3; i++) {
            assertThat(failure(send(lock, null, Map.of(OPERATION, "lock")), InvalidInputException.class))
                    .hasMessageStartingWith("Table " + table + ": it is " + REASON)
                    .hasMessageContaining("allowReplicated=true");
        }

        assertThat(dynamo.rawScan(table)).isEmpty();
        assertThat(description.asked).hasValue(1);
    }

    @Test
    void oneDescriptionIsForAllEndpointsOfTheTable() throws Exception {
        description.consistency = MultiRegionConsistency.STRONG;
        for (String name : List.of("a", "b", "c")) {
            assertThat(through(null, Map.of(), store("operation=lock&partitionKey=locks&sortKey=" + name))
                            .getException())
                    .isNull();
        }

        assertThat(description.asked).hasValue(1);
    }

    @Test
    void lockIsAllowedByTheOptionWithoutADescription() throws Exception {
        assertThat(through(null, Map.of(), store(LOCK + "&allowReplicated=true"))
                        .getException())
                .isNull();
        assertThat(description.asked).hasValue(0);
    }

    @Test
    void roleThatMayNotDescribeTheTableMayLock() throws Exception {
        description.deny(400, "AccessDeniedException");

        lockThreeTimes();

        assertThat(description.asked).hasValue(1);
    }

    @Test
    void serviceThatCouldNotBeAskedIsAskedAgain() throws Exception {
        description.deny(500, "InternalServerError");

        lockThreeTimes();
        assertThat(description.asked).hasValueGreaterThanOrEqualTo(3);

        description.denied = null;
        assertThat(failure(through(null, Map.of(), store(LOCK)), InvalidInputException.class))
                .hasMessageContaining(REASON);
    }

    @Test
    void unknownAnswerIsAWarningOnceAndAMissingPermissionIsNone(@TempDir Path folder) throws Exception {
        try (LogFile log = LogFile.in(folder)) {
            description.deny(500, "InternalServerError");
            lockThreeTimes();
            description.deny(400, "AccessDeniedException");
            lockThreeTimes();

            assertThat(log.lines())
                    .filteredOn(line -> line.contains("replicated to other regions"))
                    .satisfiesExactly(
                            unknown -> assertThat(unknown).startsWith("WARN").contains(table),
                            denied -> assertThat(denied).startsWith("INFO").contains("dynamodb:DescribeTable"));
        }
    }

    private void lockThreeTimes() throws Exception {
        String lock = route((builder, from) -> from.to(store(LOCK + "&acquireTimeout=20s")));
        for (int i = 0; i < 3; i++) {
            assertThat(send(lock, null, Map.of()).getException()).isNull();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"group=readers", "claim=true&onSuccess=delete"})
    void consumerThatSharesIsRefusedAtItsStart(String options) {
        String from = store("partitionKeys=jobs&" + options);
        assertThatThrownBy(() -> RouteBuilder.addRoutes(
                        context, routes -> routes.from(from).to("mock:out")))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageStartingWith("Table " + table + ": it is " + REASON);
    }

    @ParameterizedTest
    @ValueSource(strings = {"group=readers", "claim=true&onSuccess=delete"})
    void consumerThatSharesIsRefusedAtItsPollsIfItsStartCouldNotAsk(String options) throws Exception {
        description.deny(500, "InternalServerError");
        description.denials = 1;
        String from = store("partitionKeys=jobs&bridgeErrorHandler=true&delay=50&initialDelay=0&" + options);
        RouteBuilder.addRoutes(context, routes -> {
            routes.onException(InvalidInputException.class)
                    .handled(true)
                    .setBody(routes.exceptionMessage())
                    .to("mock:refused");
            routes.from(from).to("mock:out");
        });

        MockEndpoint refused = context.getEndpoint("mock:refused", MockEndpoint.class);
        refused.expectedMinimumMessageCount(1);
        refused.assertIsSatisfied();
        assertThat(refused.getExchanges().get(0).getMessage().getBody(String.class))
                .startsWith("Table " + table + ": it is " + REASON);
        assertThat(description.asked).hasValue(2);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "group=readers&allowReplicated=true",
                "claim=true&onSuccess=delete&allowReplicated=true",
                "resume=memory"
            })
    void otherConsumersStart(String options) throws Exception {
        RouteBuilder.addRoutes(context, routes -> routes.from(store("partitionKeys=jobs&" + options))
                .to("mock:out"));

        assertThat(description.asked).hasValue(0);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void leaderIsElectedOnlyIfThatIsAllowed(boolean allowed) throws Exception {
        DynaStoreClusterService service = new DynaStoreClusterService();
        service.setTableName(table);
        service.setDynamoDbAsyncClient(client);
        service.setPollInterval(Duration.ofMillis(50));
        service.setAllowReplicated(allowed);
        context.addService(service);
        CamelClusterView view = service.getView("jobs");

        if (allowed) {
            Awaitility.await().until(() -> view.getLocalMember().isLeader());
            assertThat(description.asked).hasValue(0);
        } else {
            Awaitility.await().until(() -> dynamo.rawScan(table).stream()
                    .anyMatch(
                            item -> Objects.requireNonNull(item.get("name")).s().startsWith("member/")));
            assertThat(view.getLocalMember().isLeader()).isFalse();
            assertThat(dynamo.rawScan(table))
                    .extracting(item -> Objects.requireNonNull(item.get("name")).s())
                    .doesNotContain("leader");
            assertThat(description.asked).hasValue(1);
        }
        service.releaseView(view);
    }

    /** The first request is that of the service's start, the second that of the campaign. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void leaderIsNotElectedEvenIfTheServiceCouldNotBeAskedAtFirst(int denials, @TempDir Path folder) throws Exception {
        description.deny(500, "InternalServerError");
        description.denials = denials;
        DynaStoreClusterService service = new DynaStoreClusterService();
        service.setTableName(table);
        service.setDynamoDbAsyncClient(client);
        service.setPollInterval(Duration.ofMillis(50));
        try (LogFile log = LogFile.in(folder)) {
            context.addService(service);
            CamelClusterView view = service.getView("jobs");

            Awaitility.await().until(() -> log.lines().stream().anyMatch(line -> line.contains("can't stand")));
            assertThat(view.getLocalMember().isLeader()).isFalse();
            assertThat(log.lines()).noneMatch(line -> line.contains(" leads, token"));
            assertThat(description.asked).hasValue(denials + 1);
            service.releaseView(view);
        }
    }

    static Stream<Supplier<DynaStoreRepository>> repositories() {
        return Stream.of(DynaStoreIdempotentRepository::new, DynaStoreAggregationRepository::new);
    }

    @ParameterizedTest
    @MethodSource("repositories")
    void repositoryIsRefusedAtItsStartUnlessThatIsAllowed(Supplier<DynaStoreRepository> repositories) {
        DynaStoreRepository refused = prepared(repositories.get());
        assertThatThrownBy(refused::start)
                .hasStackTraceContaining("Table " + table + ": it is " + REASON)
                .hasStackTraceContaining("allowReplicated=true");
        assertThat(dynamo.rawScan(table)).isEmpty();
        assertThat(description.asked).hasValue(1);

        DynaStoreRepository allowed = prepared(repositories.get());
        allowed.setAllowReplicated(true);
        allowed.start();
        assertThat(dynamo.rawScan(table)).isNotEmpty();
        assertThat(description.asked).hasValue(1);
    }

    @Test
    void repositoryOfPositionsAsksNothing() {
        prepared(new DynaStoreStateRepository()).start();

        assertThat(description.asked).hasValue(0);
    }

    private DynaStoreRepository prepared(DynaStoreRepository repository) {
        repository.setCamelContext(context);
        repository.setTableName(table);
        repository.setName("orders");
        repository.setDynamoDbAsyncClient(client);
        return repository;
    }

    @Test
    void locksInJavaAskIfTheyAreToldTo() {
        try (Locks locks = Locks.builder(client, TableSchema.named(table)).build()) {
            assertThat(locks.refuseReplicated())
                    .failsWithin(Duration.ofSeconds(20))
                    .withThrowableThat()
                    .havingCause()
                    .isInstanceOf(InvalidInputException.class)
                    .withMessageStartingWith("Table " + table + ": it is " + REASON);

            description.consistency = MultiRegionConsistency.STRONG;
            assertThat(locks.refuseReplicated()).succeedsWithin(Duration.ofSeconds(20));
        }
        assertThat(description.asked).hasValue(2);
    }

    @Test
    void otherOperationsAskNothing() throws Exception {
        Exchange written = through(
                "v",
                Map.of(),
                store("operation=create&partitionKey=a&sortKey=b"),
                store("operation=get&partitionKey=a&sortKey=b"));

        assertThat(written.getException()).isNull();
        assertThat(description.asked).hasValue(0);
    }
}
