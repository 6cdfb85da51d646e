/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.group;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType.S;

import io.dynastore.lease.ClockReading;
import io.dynastore.store.DynaStoreException;
import io.dynastore.store.TableSchema;
import io.dynastore.test.DynamoDbExtension;
import io.dynastore.test.TableSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
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

    /** A member takes the partition this long ago, processes some items, and crashes. */
    private void crashed(Duration ago) {
        Instant then = Instant.now().minus(ago);
        send(member.acquire("a", "holder", null, GroupRules.Grounds.FREE, new ClockReading(then, 0)));
        send(member.checkpoint("a", "holder", 2, then.plus(LEASE).toEpochMilli(), "005"));
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
        assertThatThrownBy(() -> send(member.checkpoint("a", "holder", 99, until, "006")))
                .hasCauseInstanceOf(ConditionalCheckFailedException.class);
        assertThat(partition().position()).isEqualTo("003");
        Map<String, AttributeValue> next =
                send(member.acquire("a", "next", null, GroupRules.Grounds.FREE, new ClockReading(Instant.now(), 0)));
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
}
