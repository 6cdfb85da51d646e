/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dynastore.store.KeyExistsException;
import io.dynastore.store.KeyNotFoundException;
import io.dynastore.store.VersionConflictException;
import io.dynastore.test.DynamoDbExtension;
import io.dynastore.testkit.Fault;
import io.dynastore.testkit.FaultPlan;
import io.dynastore.testkit.FaultyHttpClient;
import io.dynastore.testkit.RecordedRequest;
import io.dynastore.testkit.RecordingHttpClient;
import io.dynastore.testkit.SettableClock;
import java.time.Duration;
import org.apache.camel.spi.StateRepository;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.retries.api.BackoffStrategy;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ResourceNotFoundException;

/** The repository on a real engine: the contract of Camel's own, and what several nodes add to it. */
class DynaStoreStateRepositoryTest extends StateRepositoryContract {

    @RegisterExtension
    static final DynamoDbExtension dynamo = DynamoDbExtension.create();

    private static final Duration TTL = Duration.ofMinutes(10);

    final SettableClock clock = StateTests.clock();
    private final FaultPlan plan = FaultPlan.none().withDelaysUpTo(Duration.ofHours(10));
    private final RecordingHttpClient recorder = new RecordingHttpClient(NettyNioAsyncHttpClient.create());
    final FaultyHttpClient http = new FaultyHttpClient(recorder, plan);
    private final BackoffStrategy soon = BackoffStrategy.exponentialDelay(Duration.ofMillis(5), Duration.ofMillis(20));
    final DynamoDbAsyncClient client = dynamo.clientBuilder()
            .httpClient(http)
            .overrideConfiguration(override -> override.retryStrategy(
                    retry -> retry.maxAttempts(4).backoffStrategy(soon).throttlingBackoffStrategy(soon)))
            .build();
    private String table = dynamo.table("state");

    @AfterEach
    void closeClient() {
        client.close();
        http.close();
    }

    @Override
    StateRepository<String, String> create() {
        DynaStoreStateRepository created = new DynaStoreStateRepository();
        created.setTableName(table);
        created.setName("offsets");
        created.setDynamoDbAsyncClient(client);
        created.setClock(clock);
        return created;
    }

    @Test
    void valuesOutliveTheContextAndAreSeenByOthers() throws Exception {
        repository.setState("a", "1");

        assertThat(other(false).getState("a")).isEqualTo("1");
        context.stop();
        assertThat(other(false).getState("a")).isEqualTo("1");
    }

    @Test
    void lastWriteOfAllNodesCounts() throws Exception {
        StateRepository<String, String> other = other(false);
        repository.setState("a", "1");
        other.setState("a", "2");
        repository.setState("a", "3");

        assertThat(other.getState("a")).isEqualTo("3");
    }

    @Test
    void conditionalWriteIsRefusedIfAnotherHasWritten() throws Exception {
        StateRepository<String, String> replaced = other(true);
        StateRepository<String, String> successor = other(true);
        replaced.setState("a", "1");
        assertThat(successor.getState("a")).isEqualTo("1");
        successor.setState("a", "2");
        successor.setState("a", "3");

        assertThatThrownBy(() -> replaced.setState("a", "1b")).isInstanceOf(VersionConflictException.class);
        assertThatThrownBy(() -> replaced.setState("a", "1c")).isInstanceOf(KeyExistsException.class);
        assertThat(replaced.getState("a")).isEqualTo("3");
        replaced.setState("a", "4");

        assertThat(successor.getState("a")).isEqualTo("4");
    }

    @Test
    void conditionalWriteNeedsAReadOfAnExistingValue() throws Exception {
        repository.setState("a", "1");

        assertThatThrownBy(() -> other(true).setState("a", "2")).isInstanceOf(KeyExistsException.class);
        assertThatThrownBy(() -> other(true).setState("a", null)).isInstanceOf(KeyExistsException.class);
        assertThat(repository.getState("a")).isEqualTo("1");
    }

    @Test
    void conditionalWriteIsRefusedIfAnotherHasRemovedTheValue() throws Exception {
        StateRepository<String, String> first = other(true);
        first.setState("a", "1");
        repository.setState("a", null);

        assertThatThrownBy(() -> first.setState("a", "2")).isInstanceOf(KeyNotFoundException.class);
        first.setState("a", "3");

        assertThat(repository.getState("a")).isEqualTo("3");
    }

    @Test
    void conditionalRemovalIsRefusedIfAnotherHasWritten() throws Exception {
        StateRepository<String, String> first = other(true);
        first.setState("a", "1");
        repository.setState("a", "2");

        assertThatThrownBy(() -> first.setState("a", null)).isInstanceOf(VersionConflictException.class);

        assertThat(repository.getState("a")).isEqualTo("2");
    }

    @Test
    void nullRemovesTheValue() throws Exception {
        StateRepository<String, String> conditional = other(true);
        conditional.setState("a", "1");
        conditional.setState("a", null);
        conditional.setState("a", null);
        assertThat(repository.getState("a")).isNull();
        conditional.setState("a", "2");
        repository.setState("a", null);
        repository.setState("a", null);

        assertThat(conditional.getState("a")).isNull();
    }

    @ParameterizedTest
    @EnumSource(value = Fault.class, mode = EnumSource.Mode.EXCLUDE, names = "SLOW_ANSWER")
    void eachWriteReportsTheTruth(Fault fault) throws Exception {
        StateRepository<String, String> conditional = other(true);
        for (int i = 0; i < 3; i++) {
            plan.next(fault);
            conditional.setState("a", "conditional " + i);
            http.settle();
            assertThat(conditional.getState("a")).isEqualTo("conditional " + i);
        }
        plan.next(fault);
        repository.setState("b", "last");
        assertThat(repository.getState("b")).isEqualTo("last");
    }

    @Test
    void eachStepCostsOneRequest() throws Exception {
        StateRepository<String, String> conditional = other(true);
        recorder.clear();

        conditional.setState("a", "1");
        conditional.setState("a", "2");
        conditional.getState("a");
        repository.setState("a", "3");
        repository.getState("a");

        assertThat(recorder.requests())
                .extracting(RecordedRequest::operation)
                .containsExactly("PutItem", "UpdateItem", "GetItem", "UpdateItem", "GetItem");
    }

    @Test
    void expiredValueIsAbsentAtOnce() throws Exception {
        DynaStoreStateRepository forgetful = (DynaStoreStateRepository) create();
        forgetful.setTtl(TTL);
        context.addService(forgetful);
        forgetful.setState("a", "1");

        clock.advance(TTL);
        assertThat(forgetful.getState("a")).isEqualTo("1");
        clock.advance(Duration.ofSeconds(1));
        assertThat(forgetful.getState("a")).isNull();
    }

    @Test
    void partitionIsOneOfTheComponentsOwn() {
        repository.setState("a", "1");

        assertThat(dynamo.rawScan(table)).singleElement().satisfies(item -> assertThat(item)
                .containsEntry("id", AttributeValue.fromS("_ds/state/offsets"))
                .containsEntry("name", AttributeValue.fromS("a"))
                .containsEntry("payload", AttributeValue.fromS("1")));
    }

    @Test
    void itWorksOnAfterAStop() throws Exception {
        DynaStoreStateRepository conditional = other(true);
        conditional.setState("a", "1");

        conditional.stop();
        conditional.setState("a", "2");
        conditional.start();
        conditional.setState("a", "3");

        assertThat(repository.getState("a")).isEqualTo("3");
    }

    @Test
    void missingTableFailsTheStart() {
        table = "no-such-table";

        assertThatThrownBy(() -> other(false)).hasStackTraceContaining(ResourceNotFoundException.class.getName());
    }

    @Test
    void useBeforeTheStartIsRefused() {
        assertThatThrownBy(() -> new DynaStoreStateRepository().getState("a"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("is not started");
    }

    private DynaStoreStateRepository other(boolean conditional) throws Exception {
        DynaStoreStateRepository other = (DynaStoreStateRepository) create();
        other.setConditional(conditional);
        other.setCamelContext(context);
        other.start();
        return other;
    }
}
