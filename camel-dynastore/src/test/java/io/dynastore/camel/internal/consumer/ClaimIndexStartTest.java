/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.consumer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static software.amazon.awssdk.services.dynamodb.model.ProjectionType.ALL;
import static software.amazon.awssdk.services.dynamodb.model.ProjectionType.KEYS_ONLY;
import static software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType.N;
import static software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType.S;

import io.dynastore.store.InvalidInputException;
import io.dynastore.test.TableSpec;
import io.dynastore.test.TableSpec.KeySpec;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.services.dynamodb.model.GlobalSecondaryIndexDescription;

/** The index of a work queue is created if that is wanted, and checked when a consumer starts. */
class ClaimIndexStartTest extends ConsumerContract {

    private static final String QUEUE = "partitionKeys=email&claim=true&onSuccess=delete";

    @Override
    protected TableSpec tableSpec() {
        return WITH_SORT_KEY
                .globalIndex("by-colour", "colour", S, ALL)
                .globalIndex("text", new KeySpec("_dsqs", S), new KeySpec("colour", S), ALL)
                .globalIndex("narrow", new KeySpec("_dsqs", S), new KeySpec("_dsqf", N), KEYS_ONLY);
    }

    @ParameterizedTest
    @CsvSource({
        "claimIndex=none, does not exist, autoCreateTable=true",
        "claimIndex=by-colour, has another key, sort key _dsqf (N)",
        "claimIndex=text, has another key, partition key _dsqs (S)",
        "claimIndex=narrow, does not project 'version', '_dsqd'",
        "claimIndex=narrow&claimShards=0, claimShards, at most 64",
        "claimIndex=narrow&claimShards=65, claimShards, 64",
        "claimIndex=narrow&sortKeyName=none, claimIndex, sort key",
        "claimIndex=narrow&claimTableInterval=-1, claimTableInterval, 0 or more"
    })
    void wrongIndexIsRefusedWithARemedy(String options, String what, String remedy) {
        assertThatThrownBy(() -> consume(QUEUE + "&" + options))
                .hasStackTraceContaining("Table " + table)
                .hasStackTraceContaining(what)
                .hasStackTraceContaining(remedy.replace("'", ""));
    }

    @Test
    void wholeTableHasNoIndex() {
        assertThatThrownBy(() -> consume("claim=true&onSuccess=delete&claimIndex=narrow"))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("name partitionKeys");
    }

    @Test
    void tooLongPartitionKeyIsRefusedByAProducer() throws Exception {
        String uri = store("operation=create&sortKey=01&claimIndex=due&partitionKey=" + "x".repeat(2047));

        InvalidInputException error = refusal(through("v", Map.of(), uri), InvalidInputException.class);

        assertThat(error).hasMessageContaining("Table " + table).hasMessageContaining("shorten");
    }

    @Test
    void indexIsCreatedWithItsTable() throws Exception {
        String fresh = dynamo.freshName("queue");
        String uri = "dynastore:" + fresh + "?autoCreateTable=true&claimIndex=due&";

        done(through("v", Map.of(), uri + "operation=create&partitionKey=email&sortKey=01"));

        assertThat(indexes(fresh)).containsExactly("due [_dsqs, _dsqf] [version, expires, _dsqd]");
        given(fresh);
    }

    @Test
    void indexIsAddedToAnExistingTable() throws Exception {
        String existing = dynamo.table("existing", WITH_SORT_KEY);
        String uri = "dynastore:" + existing + "?autoCreateTable=true&claimIndex=due&";

        done(through("v", Map.of(), uri + "operation=create&partitionKey=email&sortKey=01"));

        assertThat(indexes(existing)).containsExactly("due [_dsqs, _dsqf] [version, expires, _dsqd]");
        given(existing);
    }

    /** A consumer starts with the index. */
    private void given(String table) throws Exception {
        this.table = table;
        consume(QUEUE + "&claimIndex=due&claimTableInterval=0");
        awaitDelivered(1);
    }

    private static Stream<String> indexes(String table) {
        return dynamo
                .client()
                .describeTable(describe -> describe.tableName(table))
                .join()
                .table()
                .globalSecondaryIndexes()
                .stream()
                .map(ClaimIndexStartTest::shown);
    }

    private static String shown(GlobalSecondaryIndexDescription index) {
        return index.indexName() + " "
                + index.keySchema().stream().map(key -> key.attributeName()).toList() + " "
                + index.projection().nonKeyAttributes();
    }
}
