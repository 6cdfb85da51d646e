/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.consumer;

import static org.apache.camel.language.constant.ConstantLanguage.constant;
import static org.assertj.core.api.Assertions.assertThat;

import io.dynastore.store.LockLostException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * A member that stands still with an item in flight, out of reach of the store, for longer than its lease. Meanwhile
 * another member reads on. Then the first one goes on as if nothing had happened.
 */
class GroupZombieTest extends GroupContract {

    private static final String ONE = "partitionKeys=a&" + GROUP;

    private final CompletableFuture<Void> reached = new CompletableFuture<>();
    private final CompletableFuture<Void> open = new CompletableFuture<>();
    private final List<Throwable> refused = new CopyOnWriteArrayList<>();
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private Node zombie;

    @BeforeEach
    void standStillUntilAnotherMemberHasReadOn() throws Exception {
        givenItems("a", 4);
        zombie = join("zombie", ONE, route -> route.process(this::standStill)
                .doTry()
                .setBody(exchange -> "written by " + exchange.getMessage().getBody())
                .setHeader("CamelDynaStorePartitionKey", constant("parcels"))
                .setHeader("CamelDynaStoreSortKey", constant("a"))
                .to(store("operation=put"))
                .doCatch(Exception.class)
                .process(exchange -> refused.add(exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Throwable.class)))
                .end()
                .process(exchange -> ended.complete(null)));
        reached.get(20, TimeUnit.SECONDS);
        zombie.network.cut();
        join("next", ONE, route -> route.setBody(exchange -> "written by the successor")
                .setHeader("CamelDynaStorePartitionKey", constant("parcels"))
                .setHeader("CamelDynaStoreSortKey", constant("a"))
                .to(store("operation=put")));
        awaitItems(4);
        await().untilAsserted(() -> assertThat(position()).isNotNull());
        zombie.network.heal();
    }

    private void standStill(Exchange exchange) throws Exception {
        if (reached.complete(null)) {
            open.get(30, TimeUnit.SECONDS);
        }
    }

    private @Nullable AttributeValue position() {
        return lease("a").get("payload");
    }

    private long zombieDeliveries() {
        return deliveries.stream().filter(one -> one.member().equals("zombie")).count();
    }

    private void goOn() throws Exception {
        open.complete(null);
        ended.get(20, TimeUnit.SECONDS);
        long polls = zombie.consumer().getCounter();
        await().until(() -> zombie.consumer().getCounter() > polls + 2);
    }

    @Test
    void itMovesNoCheckpoint() throws Exception {
        AttributeValue position = position();
        String owner = owner("a");

        goOn();

        assertThat(position()).isEqualTo(position);
        assertThat(owner).isEqualTo("next");
        assertThat(owner("a")).isEqualTo("next");
    }

    @Test
    void itDeliversNoFurtherItem() throws Exception {
        assertThat(zombieDeliveries()).isEqualTo(1);

        goOn();

        assertThat(zombieDeliveries()).isEqualTo(1);
        assertThat(deliveries.stream()
                        .filter(one -> one.member().equals("next"))
                        .map(Delivery::item))
                .containsExactlyElementsOf(names("a", 1, 4));
    }

    @Test
    void itOverwritesNothingThatItsSuccessorHasWritten() throws Exception {
        goOn();

        assertThat(refused).singleElement().isInstanceOf(LockLostException.class);
        assertThat(dynamo.rawGet(table, key("parcels", "a")).get("payload"))
                .isEqualTo(text("written by the successor"));
        assertThat(Map.copyOf(dynamo.rawGet(table, key("parcels", "a")))).containsKey("_dsfence");
    }
}
