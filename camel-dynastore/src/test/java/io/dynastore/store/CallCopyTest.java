/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.SdkBytes;

/** A copy of a builder has every option of the original, and shares nothing with it that changes. */
class CallCopyTest {

    private static final Key KEY = Key.of("p", "s");
    private static final IdempotencyToken TOKEN =
            new IdempotencyToken(SdkBytes.fromUtf8String("12345678"), List.of("content"));

    @Test
    void ofAWrite() {
        WriteCall.Builder all = Call.update(KEY, "v")
                .fields(Map.of("f", 1))
                .expiry(Expiry.NEVER)
                .payloadMode(PayloadMode.KEEP)
                .increments(Map.of("n", 1))
                .returnIncrements(true)
                .payloadFormat(PayloadFormat.JSON)
                .expectedVersion(3L)
                .expectedIncarnation(new Incarnation(null))
                .claimIndex(new ClaimIndex("i", 2))
                .returnVersion(false)
                .fencingToken(4L)
                .exactlyOnce(true)
                .idempotencyToken(TOKEN);

        assertThat(all.copy().build()).isEqualTo(all.build());
        assertThat(all.copy().value("else").build()).isNotEqualTo(all.build());
        assertThat(all.build()).hasNoNullFieldsOrProperties();
    }

    @Test
    void ofADelete() {
        DeleteCall.Builder all = Call.delete(KEY)
                .mustExist(false)
                .expectedVersion(3L)
                .expectedIncarnation(new Incarnation(null))
                .fencingToken(4L)
                .exactlyOnce(true)
                .idempotencyToken(TOKEN);

        assertThat(all.copy().build()).isEqualTo(all.build());
        assertThat(all.copy().mustExist(true).build()).isNotEqualTo(all.build());
        assertThat(all.build()).hasNoNullFieldsOrProperties();
    }

    @Test
    void ofAGet() {
        GetCall.Builder all = Call.get(KEY)
                .failIfMissing(false)
                .payloadFormat(PayloadFormat.JSON)
                .consistentRead(true)
                .includeExpired(true)
                .fields(FieldSelection.NONE);

        assertThat(all.copy().build()).isEqualTo(all.build());
        assertThat(all.copy().consistentRead(false).build()).isNotEqualTo(all.build());
    }

    @Test
    void ofAnExists() {
        ExistsCall.Builder all = Call.exists(KEY).consistentRead(true).includeExpired(true);

        assertThat(all.copy().build()).isEqualTo(all.build());
        assertThat(all.copy().includeExpired(false).build()).isNotEqualTo(all.build());
    }

    @Test
    void ofABatchGet() {
        BatchGetCall.Builder all = Call.batchGet(List.of(KEY))
                .payloadFormat(PayloadFormat.JSON)
                .consistentRead(true)
                .includeExpired(true)
                .fields(FieldSelection.NONE);

        assertThat(all.copy().build()).isEqualTo(all.build());
        assertThat(all.copy().keys(List.of()).build()).isNotEqualTo(all.build());
    }

    @Test
    void ofATransaction() {
        TransactCall.Builder all = Call.transact(List.of(Write.delete(KEY)))
                .expiry(Expiry.NEVER)
                .due(Due.at(Instant.EPOCH))
                .claimIndex(new ClaimIndex("i", 2))
                .payloadFormat(PayloadFormat.JSON)
                .fencingToken(4L)
                .idempotencyToken(TOKEN);

        assertThat(all.copy().build()).isEqualTo(all.build());
        assertThat(all.copy().fencingToken(5L).build()).isNotEqualTo(all.build());
        assertThat(all.build()).hasNoNullFieldsOrProperties();
    }

    @Test
    void ofABulk() {
        BulkCall.Builder all = Call.putAll(List.<Write>of().iterator())
                .executor(Runnable::run)
                .expiry(Expiry.NEVER)
                .due(Due.at(Instant.EPOCH))
                .claimIndex(new ClaimIndex("i", 2))
                .payloadFormat(PayloadFormat.JSON)
                .fencingToken(4L)
                .exactlyOnce(true)
                .mustExist(false)
                .concurrentWrites(3)
                .maxFailures(4);

        assertThat(all.copy().build()).isEqualTo(all.build());
        assertThat(all.copy().maxFailures(5).build()).isNotEqualTo(all.build());
        assertThat(all.build().options()).hasNoNullFieldsOrProperties();
    }

    @Test
    void ofAList() {
        ListCall.Builder all = Call.list("p")
                .sortKeyFrom("a")
                .sortKeyTo("b")
                .reverse(true)
                .limit(5)
                .nextToken("t")
                .index("i")
                .indexPartitionKeyName("ip")
                .indexPartitionKeyType(KeyType.NUMBER)
                .indexSortKeyName("is")
                .indexSortKeyType(KeyType.BINARY)
                .fetch(true)
                .payloadFormat(PayloadFormat.JSON)
                .consistentRead(true)
                .includeExpired(true)
                .fields(FieldSelection.NONE)
                .filter(FieldFilter.parse("a=1"));
        ListCall.Builder prefixed = Call.listAll(new Segment(0, 2)).sortKeyPrefix("x");

        assertThat(all.copy().build()).isEqualTo(all.build());
        assertThat(prefixed.copy().build()).isEqualTo(prefixed.build());
        assertThat(all.copy().fetch(false).build()).isNotEqualTo(all.build());
        assertThat(all.build().options()).hasNoNullFieldsOrPropertiesExcept("sortKeyPrefix");
    }
}
