/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.group;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType.S;

import io.dynastore.lease.ClockReading;
import io.dynastore.store.DynaStoreException;
import io.dynastore.store.OutcomeUnknownException;
import io.dynastore.store.TableSchema;
import io.dynastore.test.DynamoDbExtension;
import io.dynastore.test.TableSpec;
import io.dynastore.testkit.Fault;
import io.dynastore.testkit.FaultPlan;
import io.dynastore.testkit.FaultyHttpClient;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.http.async.SdkAsyncHttpClient;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;

/** An operator moves the position of a partition whose owner has crashed. */
class DynaStoreGroupTest {

    @RegisterExtension
    static final DynamoDbExtension dynamo = DynamoDbExtension.create();

    private static final Duration LEASE = Duration.ofSeconds(20);
    private static final Duration SKEW = Duration.ofSeconds(2);

    private final TableSchema schema = TableSchema.named(
            dynamo.table("orders", TableSpec.partitionKey("id", S).sortKey("name", S)));
    private final GroupRequests member = new GroupRequests(
            schema,
            new GroupSettings(
                    "shipping", "m", "named partitions", LEASE, LEASE, Duration.ZERO, SKEW, Integer.MAX_VALUE, true));
    private final DynaStoreGroup group = DynaStoreGroup.of(dynamo.client(), schema, "shipping");

    private static final SdkAsyncHttpClient NETWORK = NettyNioAsyncHttpClient.create();

    /** A late request waits until the test lets it through. */
    private final FaultPlan plan =
            FaultPlan.none().withDelaysUpTo(Duration.ofHours(10)).only("UpdateItem");

    private final FaultyHttpClient http = new FaultyHttpClient(NETWORK, plan);
    private final DynamoDbAsyncClient client =
            dynamo.clientBuilder().httpClient(http).build();
    private final DynaStoreGroup faulty = DynaStoreGroup.of(client, schema, "shipping");

    @AfterEach
    void close() {
        client.close();
    }

    @AfterAll
    static void closeNetwork() {
        NETWORK.close();
    }

    /** A member takes the partition this long ago, processes some items, and crashes. */
    private void crashed(Duration ago) {
        Instant then = Instant.now().minus(ago);
        send(member.leases().acquire("a", "holder", null, GroupRules.Grounds.FREE, new ClockReading(then, 0)));
        send(member.leases().checkpoint("a", "holder", 2, then.plus(LEASE).toEpochMilli(), "005"));
    }

    private Map<String, AttributeValue> send(UpdateItemRequest request) {
        return dynamo.client().updateItem(request).join().attributes();
    }

    private DynaStoreGroup.Partition partition() {
        return group.partitions().join().get(0);
    }

    @Test
    void afterTheLeaseTheCheckpointIsMovedAndAnOwnerThatGoesOnMovesNothing() {
        crashed(LEASE.plus(SKEW).plusSeconds(1));
        long token = partition().token();

        group.setCheckpoint("a", "003").join();

        assertThat(partition().position()).isEqualTo("003");
        assertThat(partition().owner()).isNull();
        long until = Instant.now().plus(LEASE).toEpochMilli();
        assertThatThrownBy(() -> send(member.leases().checkpoint("a", "holder", 99, until, "006")))
                .hasCauseInstanceOf(ConditionalCheckFailedException.class);
        assertThat(partition().position()).isEqualTo("003");
        Map<String, AttributeValue> next = send(member.leases()
                .acquire("a", "next", null, GroupRules.Grounds.FREE, new ClockReading(Instant.now(), 0)));
        assertThat(LeaseItem.number(next, "_dsfence")).isGreaterThan(token);
    }

    @Test
    void afterTheLeaseTheCheckpointIsDeleted() {
        crashed(LEASE.plus(SKEW).plusSeconds(1));

        group.deleteCheckpoint("a").join();

        assertThat(partition().position()).isNull();
        assertThat(partition().owner()).isNull();
    }

    @Test
    void asLongAsClocksMayDifferTheOwnerKeepsItsCheckpoint() {
        crashed(LEASE.plus(SKEW).minusSeconds(1));

        assertThatThrownBy(() -> group.setCheckpoint("a", "003").join())
                .hasCauseInstanceOf(DynaStoreException.class)
                .hasMessageContaining(schema.table())
                .hasMessageContaining("clockSkew");
        assertThat(partition().position()).isEqualTo("005");
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT1M", "-PT1M"})
    void anOperatorWhoseClockIsOffTakesNoLeaseAndStillMovesWhatIsFree(Duration error) {
        DynaStoreGroup off =
                DynaStoreGroup.of(dynamo.client(), schema, "shipping", SKEW, Clock.offset(Clock.systemUTC(), error));
        crashed(Duration.ofSeconds(5));
        assertThatThrownBy(() -> off.setCheckpoint("a", "003").join())
                .hasCauseInstanceOf(DynaStoreException.class)
                .hasMessageContaining("Correct the clock");
        assertThatThrownBy(() -> off.deleteCheckpoint("a").join()).hasCauseInstanceOf(DynaStoreException.class);
        assertThat(partition().position()).isEqualTo("005");
        assertThat(partition().owner()).isEqualTo("m");
        send(member.leases().free("a", "holder", 3, null, null, new ClockReading(Instant.now(), 0)));

        off.setCheckpoint("a", "003").join();
        off.setCheckpoint("b", "001").join();

        assertThat(group.partitions().join())
                .extracting(DynaStoreGroup.Partition::position)
                .containsExactly("003", "001");
    }

    @Test
    void anOwnerThatRenewsBetweenTheReadAndTheWriteKeepsItsLease() {
        crashed(LEASE.plus(SKEW).plusSeconds(1));
        long until = Instant.now().plus(LEASE).toEpochMilli();
        plan.next(Fault.THROTTLE);
        http.between(() -> send(member.leases().checkpoint("a", "holder", 3, until, "006")));

        assertThatThrownBy(() -> faulty.setCheckpoint("a", "003").join())
                .hasMessageContaining("a member has this partition");
        assertThat(partition().position()).isEqualTo("006");
        assertThat(partition().owner()).isEqualTo("m");
    }

    @ParameterizedTest
    @EnumSource(value = Fault.class, mode = EnumSource.Mode.EXCLUDE, names = "SLOW_ANSWER")
    void aMoveReportsTheTruth(Fault fault) {
        for (String position : List.of("003", "004")) {
            plan.next(fault);
            faulty.setCheckpoint("a", position).join();
            http.settle();

            assertThat(partition().position()).isEqualTo(position);
        }
    }

    @Test
    void aMoveIsUnknownIfTheNextOwnerHasWrittenBeforeItIsSentAgain() {
        plan.next(Fault.LOSE_RESPONSE);
        http.between(() -> send(member.leases()
                .acquire("a", "next", null, GroupRules.Grounds.FREE, new ClockReading(Instant.now(), 0))));

        assertThatThrownBy(() -> faulty.setCheckpoint("a", "003").join())
                .hasCauseInstanceOf(OutcomeUnknownException.class)
                .hasMessageContainingAll(schema.table(), "lease/a");
        assertThat(partition().position()).isEqualTo("003");
    }

    @Test
    void aLateDuplicateOfAMoveDoesNotMoveItBack() {
        group.setCheckpoint("a", "001").join();
        plan.next(Fault.DUPLICATE);
        faulty.setCheckpoint("a", "003").join();
        group.setCheckpoint("a", "007").join();
        http.settle();

        assertThat(partition().position()).isEqualTo("007");
    }
}
