/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.history;

import static org.assertj.core.api.Assertions.assertThat;

import io.dynastore.history.ClientOperation.Kind;
import io.dynastore.history.ClientOperation.Refusal;
import io.dynastore.history.ClientOperation.Result;
import io.dynastore.history.Report.Rule;
import io.dynastore.test.DynamoDbExtension;
import io.dynastore.test.TableSpec;
import io.dynastore.testkit.EngineAbility;
import io.dynastore.testkit.NeedsEngine;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;

/** The checks have to catch clients that are known to be wrong; each test is one of these, run on the engine. */
@NeedsEngine(EngineAbility.STREAMS)
class BrokenClientsTest {

    @RegisterExtension
    static final DynamoDbExtension dynamo = DynamoDbExtension.create();

    private static final String ID = "item";
    private static final String KEY = TableHistory.key(ID, StoreClient.NAME);

    private final HistoryLog log = new HistoryLog();
    private String table;
    private ForeignWriter foreign;

    @BeforeEach
    void makeTable() {
        table = dynamo.table(
                "broken",
                TableSpec.partitionKey("id", ScalarAttributeType.S).sortKey("name", ScalarAttributeType.S).stream());
        foreign = new ForeignWriter(dynamo.client(), table, log);
    }

    @Test
    void findNothingWrongWithClientThatIsRight() {
        ItemState first = create();
        HistoryLog.Entry update = log.begin(Kind.UPDATE, KEY).expecting(first).adding(1);
        ItemState second = store(2, update.writeId(), 1);
        update.end(new Result.Done(2L));
        log.begin(Kind.READ, KEY).end(new Result.Found(second));
        HistoryLog.Entry late = log.begin(Kind.UPDATE, KEY).expecting(first).adding(1);
        late.end(new Result.Refused(Refusal.CONFLICT, 2L));
        foreign.increment(ID);

        assertThat(check().violations()).isEmpty();
    }

    @Test
    void findNothingWrongWithClientThatDeletesAndBeginsAgain() {
        HistoryLog.Entry delete = log.begin(Kind.DELETE, KEY).expecting(create());
        delete();
        delete.end(new Result.Done(null));
        log.begin(Kind.READ, KEY).end(new Result.Absent());
        log.begin(Kind.UPDATE, KEY).end(new Result.Refused(Refusal.MISSING, null));
        create();

        assertThat(check().violations()).isEmpty();
    }

    @Test
    void catchUpdateWithoutCondition() {
        ItemState read = create();
        for (int i = 0; i < 2; i++) {
            HistoryLog.Entry update =
                    log.begin(Kind.UPDATE, KEY).expecting(read).adding(1);
            store(2, update.writeId(), 1);
            update.end(new Result.Done(2L));
        }

        assertThat(check().broken())
                .containsOnlyKeys(Rule.VERSIONS_RISE_BY_ONE, Rule.WRITES_MEET_THEIR_CONDITION, Rule.COUNTERS_ADD_UP);
    }

    @Test
    void catchConflictThatIsReportedForOnesOwnWrite() {
        HistoryLog.Entry update = log.begin(Kind.UPDATE, KEY).expecting(create());
        store(2, update.writeId(), 0);
        update.end(new Result.Refused(Refusal.CONFLICT, 2L));

        assertThat(check().broken()).containsOnlyKeys(Rule.REFUSAL_IS_NOT_APPLIED);
    }

    @Test
    void catchConflictWithNobody() {
        HistoryLog.Entry update = log.begin(Kind.UPDATE, KEY).expecting(create());
        update.end(new Result.Refused(Refusal.CONFLICT, 2L));

        assertThat(check().broken()).containsOnlyKeys(Rule.REFUSAL_HAS_ITS_REASON);
    }

    @Test
    void catchCreateThatFindsItsOwnItem() {
        HistoryLog.Entry create = log.begin(Kind.CREATE, KEY);
        store(1, create.writeId(), 0);
        create.end(new Result.Refused(Refusal.EXISTS, null));

        assertThat(check().broken()).containsOnlyKeys(Rule.REFUSAL_IS_NOT_APPLIED);
    }

    @Test
    void catchDeleteThatMissesWhatItRemovedItself() {
        HistoryLog.Entry delete = log.begin(Kind.DELETE, KEY).expecting(create());
        delete();
        delete.end(new Result.Refused(Refusal.MISSING, null));

        assertThat(check().broken()).containsOnlyKeys(Rule.REFUSAL_IS_NOT_APPLIED);
    }

    @Test
    void catchDeleteThatLeavesTheItem() {
        create();
        log.begin(Kind.DELETE, KEY).end(new Result.Done(null));

        assertThat(check().broken()).containsOnlyKeys(Rule.SUCCESS_IS_APPLIED);
    }

    @Test
    void catchSuccessThatNeverHappened() {
        log.begin(Kind.UPDATE, KEY).expecting(create()).end(new Result.Done(2L));

        assertThat(check().broken()).containsOnlyKeys(Rule.SUCCESS_IS_APPLIED);
    }

    @Test
    void catchSuccessAtAnotherVersion() {
        create();
        HistoryLog.Entry put = log.begin(Kind.PUT, KEY);
        store(2, put.writeId(), 0);
        put.end(new Result.Done(3L));

        assertThat(check().broken()).containsOnlyKeys(Rule.SUCCESS_IS_APPLIED);
    }

    @Test
    void catchBlindRetry() {
        create();
        HistoryLog.Entry update = log.begin(Kind.UPDATE, KEY);
        store(2, update.writeId(), 0);
        store(3, update.writeId(), 0);
        update.end(new Result.Done(3L));

        assertThat(check().broken()).containsOnlyKeys(Rule.WRITES_ARE_APPLIED_ONCE);
    }

    @Test
    void catchRetryAroundAnotherWriterWhereExactlyOnceIsPromised() {
        create();
        HistoryLog.Entry update = log.begin(Kind.UPDATE, KEY).exactlyOnce();
        store(2, update.writeId(), 0);
        foreign.write(ID);
        store(4, update.writeId(), 0);
        update.end(new Result.Done(4L));

        assertThat(check().broken()).containsOnlyKeys(Rule.WRITES_ARE_APPLIED_ONCE);
    }

    @Test
    void allowRetryAroundAnotherWriterWhereNothingMoreIsPromised() {
        create();
        HistoryLog.Entry update = log.begin(Kind.UPDATE, KEY);
        store(2, update.writeId(), 0);
        foreign.write(ID);
        store(4, update.writeId(), 0);
        update.end(new Result.Done(4L));

        assertThat(check()).satisfies(report -> {
            assertThat(report.violations()).isEmpty();
            assertThat(report.count(Report.Note.ALLOWED_REPEATS)).isOne();
        });
    }

    @Test
    void catchIncrementThatCountsTwice() {
        HistoryLog.Entry update =
                log.begin(Kind.UPDATE, KEY).expecting(create()).adding(1);
        store(2, update.writeId(), 2);
        update.end(new Result.Done(2L));

        assertThat(check().broken()).containsOnlyKeys(Rule.COUNTERS_ADD_UP);
    }

    @Test
    void catchIncrementThatIsSentTwice() {
        HistoryLog.Entry update =
                log.begin(Kind.UPDATE, KEY).expecting(create()).adding(1);
        store(2, update.writeId(), 1);
        store(3, update.writeId(), 2);
        update.end(new Result.Done(3L));

        assertThat(check().broken())
                .containsOnlyKeys(Rule.WRITES_ARE_APPLIED_ONCE, Rule.WRITES_MEET_THEIR_CONDITION, Rule.COUNTERS_ADD_UP);
    }

    @Test
    void catchWritesThatTakeAnotherItemForTheirOwn() {
        ItemState read = create();
        HistoryLog.Entry removal = log.begin(Kind.DELETE, KEY);
        delete();
        removal.end(new Result.Done(null));
        create();
        HistoryLog.Entry update = log.begin(Kind.UPDATE, KEY).expecting(read).inItsIncarnation();
        store(2, update.writeId(), 0);
        update.end(new Result.Done(2L));

        assertThat(check().broken()).containsOnlyKeys(Rule.WRITES_MEET_THEIR_CONDITION);
    }

    @Test
    void catchClientThatDoesNotCareToFindOut() {
        ItemState read = create();
        foreign.write(ID);
        log.begin(Kind.DELETE, KEY).expecting(read).inItsIncarnation().end(new Result.Unknown(false));

        assertThat(check().broken()).containsOnlyKeys(Rule.UNKNOWN_HAS_ITS_REASON);
    }

    @Test
    void catchVersionThatIsSkipped() {
        HistoryLog.Entry put = log.begin(Kind.PUT, KEY);
        store(2, put.writeId(), 0);
        put.end(new Result.Done(2L));

        assertThat(check().broken()).containsOnlyKeys(Rule.VERSIONS_RISE_BY_ONE);
    }

    @Test
    void catchCacheThatIsStale() {
        ItemState old = create();
        foreign.write(ID);
        log.begin(Kind.READ, KEY).end(new Result.Found(old));

        assertThat(check().broken()).containsOnlyKeys(Rule.READS_ARE_CURRENT);
    }

    @Test
    void catchReadThatMissesItem() {
        create();
        log.begin(Kind.READ, KEY).end(new Result.Absent());

        assertThat(check().broken()).containsOnlyKeys(Rule.READS_ARE_CURRENT);
    }

    @Test
    void catchWriterThatIsNoneOfTheClients() {
        store(1, "stranger", 0);

        assertThat(check().broken()).containsOnlyKeys(Rule.STREAM_IS_WHOLE);
    }

    private Report check() {
        return HistoryChecks.check(TableHistory.read(dynamo, table), log.operations());
    }

    private ItemState create() {
        HistoryLog.Entry create = log.begin(Kind.CREATE, KEY);
        ItemState state = store(1, create.writeId(), 0);
        create.end(new Result.Done(1L));
        return state;
    }

    private ItemState store(long version, String writeId, long count) {
        Map<String, AttributeValue> item = new HashMap<>(key());
        item.put("version", AttributeValue.fromN(Long.toString(version)));
        item.put("payload", Payloads.attribute(writeId, count));
        dynamo.rawPut(table, item);
        return new ItemState(version, writeId, count);
    }

    private void delete() {
        dynamo.client().deleteItem(delete -> delete.tableName(table).key(key())).join();
    }

    private static Map<String, AttributeValue> key() {
        return Map.of("id", AttributeValue.fromS(ID), "name", AttributeValue.fromS(StoreClient.NAME));
    }
}
