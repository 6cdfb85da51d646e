/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store;

import static io.dynastore.store.StoreFixture.run;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dynastore.test.DynamoDbExtension;
import io.dynastore.testkit.EngineAbility;
import io.dynastore.testkit.Fault;
import io.dynastore.testkit.FaultPlan;
import io.dynastore.testkit.FaultyHttpClient;
import io.dynastore.testkit.NeedsEngine;
import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;

/** The result of writes that replace an expired item, if their responses are lost. */
class ReplacementTest {

    @RegisterExtension
    static final DynamoDbExtension dynamo = DynamoDbExtension.create();

    private final FaultPlan plan = FaultPlan.none();
    private final FaultyHttpClient http = new FaultyHttpClient(NettyNioAsyncHttpClient.create(), plan);
    private final DynamoDbAsyncClient client =
            dynamo.clientBuilder().httpClient(http).build();
    private final Key key = Key.of("p", "a");
    private StoreFixture table;
    private DynaStore others;

    @BeforeEach
    void makeTable() {
        table = StoreFixture.standard(dynamo, client);
        others = DynaStore.builder(dynamo.client(), table.schema)
                .clock(table.clock)
                .build();
    }

    @AfterEach
    void close() {
        client.close();
        http.close();
    }

    @Test
    void incarnationGoesOnAsTheVersionDoes() {
        Outcome.Written first = table.write(shortLived(Call.create(key, "one")));
        table.clock.advance(Duration.ofSeconds(5));

        Outcome.Written second = table.write(Call.create(key, "two"));

        assertThat(second.version()).isEqualTo(2);
        assertThat(second.incarnation()).isNotNull().isEqualTo(first.incarnation());
        table.run(Call.update(key, "three").expectedVersion(2L).expectedIncarnation(second.incarnation()));
    }

    @Test
    @NeedsEngine(EngineAbility.OLD_ITEM_OF_A_FAILED_CONDITION)
    void replacementKnowsItsItemHoweverOftenOthersHaveWrittenSince() {
        table.rawPutExpired(key);
        plan.next(Fault.NONE, Fault.LOSE_RESPONSE);
        http.between(() -> othersWrite(7));

        assertThat(table.write(Call.create(key, "mine")).version()).isEqualTo(8);
        assertThat(table.item(key).version()).isEqualTo(15);
    }

    @Test
    @NeedsEngine(EngineAbility.OLD_ITEM_OF_A_FAILED_CONDITION)
    void replacementThatMayHaveBeenReplacedItselfIsUnknown() {
        run(others, shortLived(Call.create(key, "old")));
        table.clock.advance(Duration.ofSeconds(5));
        plan.next(Fault.NONE, Fault.LOSE_RESPONSE);
        http.between(() -> {
            run(others, shortLived(Call.put(key, "short")));
            table.clock.advance(Duration.ofSeconds(5));
            run(others, Call.create(key, "theirs"));
            othersWrite(7);
        });

        assertThatThrownBy(() -> table.run(Call.create(key, "mine"))).isInstanceOf(OutcomeUnknownException.class);
    }

    @Test
    void replacementThatWasLostOnItsWayIsRefusedIfAnotherCameFirst() {
        table.rawPutExpired(key);
        plan.next(Fault.NONE, Fault.DROP);
        http.between(() -> run(others, Call.create(key, "theirs")));

        assertThatThrownBy(() -> table.run(Call.create(key, "mine"))).isInstanceOf(KeyExistsException.class);
        assertThat(table.item(key).payload()).isEqualTo("theirs");
    }

    private static WriteCall.Builder shortLived(WriteCall.Builder call) {
        return call.expiry(Expiry.after(Duration.ofSeconds(1)));
    }

    private void othersWrite(int times) {
        IntStream.range(0, times).forEach(i -> run(others, Call.put(key, "theirs" + i)));
    }
}
