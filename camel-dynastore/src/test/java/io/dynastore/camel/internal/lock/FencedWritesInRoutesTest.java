/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.lock;

import static org.assertj.core.api.Assertions.assertThat;

import io.dynastore.camel.DynaStoreConstants;
import io.dynastore.camel.RouteContract;
import io.dynastore.store.InvalidInputException;
import io.dynastore.store.LockLostException;
import io.dynastore.store.TransactionFailedException;
import io.dynastore.testkit.EngineAbility;
import io.dynastore.testkit.NeedsEngine;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Writes that carry the token of a lock, and when they are refused. */
class FencedWritesInRoutesTest extends RouteContract {

    private static final String TICKET = "partitionKey=customer&sortKey=1&operation=";
    private static final String LOCK = "partitionKey=locks&sortKey=one&operation=";

    private static Map<String, Object> token(Object token) {
        return Map.of(DynaStoreConstants.FENCING_TOKEN, token);
    }

    @ParameterizedTest
    @ValueSource(strings = {"update", "put"})
    void refuseAnOlderTokenThanThatOfTheLastWrite(String operation) throws Exception {
        given("customer", "1", "first");
        done(through("second", token(20L), store(TICKET + operation)));
        done(through("third", token(20L), store(TICKET + operation)));

        Exchange late = through("late", token(19L), store(TICKET + operation));

        assertThat(failure(late, LockLostException.class))
                .hasMessageContaining("customer")
                .hasMessageContaining("19");
        assertThat(stored("customer", "1")).containsEntry("payload", text("third"));
    }

    @Test
    void createKeepsTheToken() throws Exception {
        done(through("first", token(20L), store(TICKET + "create")));

        failure(through("late", token(19L), store(TICKET + "put")), LockLostException.class);
        assertThat(stored("customer", "1")).containsEntry("payload", text("first"));
    }

    @Test
    void createHeedsTheTokenOfAnExpiredItem() throws Exception {
        given("customer", "1", "first");
        Map<String, Object> expiring = Map.of(DynaStoreConstants.FENCING_TOKEN, 20L, DynaStoreConstants.TTL, "1s");
        done(through("expired", expiring, store(TICKET + "update")));
        expire("customer", "1");

        failure(through("late", token(19L), store(TICKET + "create")), LockLostException.class);
        done(through("next", token(20L), store(TICKET + "create")));
    }

    private void expire(String id, String name) {
        Map<String, AttributeValue> item = new HashMap<>(dynamo.rawGet(table, key(id, name)));
        item.put("expires", number(1));
        dynamo.rawPut(table, item);
    }

    @Test
    void deleteHeedsTheToken() throws Exception {
        done(through("first", token(20L), store(TICKET + "create")));

        failure(through(null, token(19L), store(TICKET + "delete")), LockLostException.class);
        assertThat(stored("customer", "1")).containsEntry("payload", text("first"));
        done(through(null, token(20L), store(TICKET + "delete")));
        assertThat(stored("customer", "1")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"create", "put", "update", "delete"})
    void areRefusedIfTheTokenIsThereAndNull(String operation) throws Exception {
        Exchange exchange = through(
                "x", Collections.singletonMap(DynaStoreConstants.FENCING_TOKEN, null), store(TICKET + operation));

        assertThat(refusal(exchange, InvalidInputException.class))
                .hasMessageContainingAll(table, "FencingToken", "null", "remove it");
    }

    @Test
    @NeedsEngine(EngineAbility.TRANSACT_WRITE_ITEMS)
    void refuseAWholeTransaction() throws Exception {
        given("customer", "1", "first");
        done(through("second", token(20L), store(TICKET + "update")));

        Exchange late = through(
                List.of(
                        Map.of("operation", "update", "partitionKey", "customer", "sortKey", "1", "value", "late"),
                        Map.of("operation", "put", "partitionKey", "customer", "sortKey", "2", "value", "late")),
                token(19L),
                store("operation=transact"));

        assertThat(late.getException()).isInstanceOfAny(TransactionFailedException.class, LockLostException.class);
        assertThat(stored("customer", "1")).containsEntry("payload", text("second"));
        assertThat(stored("customer", "2")).isEmpty();
    }

    @Test
    void stayFencedByALockWhenAnotherIsUnlocked() throws Exception {
        String lock = "operation=lock&partitionKey=locks&sortKey=";
        String unlock = "operation=unlock&partitionKey=locks&sortKey=";
        List<Object> tokens = new ArrayList<>();
        Processor note = exchange -> tokens.add(exchange.getMessage().getHeader(DynaStoreConstants.FENCING_TOKEN));

        done(send(
                route((builder, from) -> from.to(store(lock + "a"))
                        .to(store(lock + "b"))
                        .process(note)
                        .to(store(unlock + "a"))
                        .process(note)
                        .to(store(unlock + "b"))
                        .process(note)),
                null,
                Map.of()));

        assertThat(tokens.get(0)).isInstanceOf(Long.class);
        assertThat(tokens.get(1)).isEqualTo(tokens.get(0));
        assertThat(tokens.get(2)).isNull();
    }

    @Test
    void useTheTokenOfALockInTheSameRoute() throws Exception {
        given("customer", "1", "first");

        Exchange exchange = through("second", Map.of(), store(LOCK + "lock"), store(TICKET + "update"));

        Long token = done(exchange).getHeader(DynaStoreConstants.FENCING_TOKEN, Long.class);
        failure(through("late", token(token - 1), store(TICKET + "update")), LockLostException.class);
        done(through("next", token(token + 1), store(TICKET + "update")));
    }

    @Test
    void areNotSentOnceTheLockIsKnownToBeGone() throws Exception {
        given("customer", "1", "first");
        Map<String, Object> me = Map.of(DynaStoreConstants.LOCK_OWNER, "me");
        String unlock = route((builder, from) -> from.to(store(LOCK + "unlock")));
        String endpoint = route((builder, from) -> from.to(store(LOCK + "lock"))
                .process(exchange -> done(send(unlock, "body", me)))
                .process(exchange -> HTTP.clear())
                .to(store(TICKET + "update")));

        Exchange exchange = send(endpoint, "late", me);

        assertThat(failure(exchange, LockLostException.class).reason()).isEqualTo(LockLostException.Reason.NOT_HELD);
        assertThat(sent()).isEmpty();
        assertThat(stored("customer", "1")).containsEntry("payload", text("first"));
    }

    @Test
    void needATokenThatIsANumber() throws Exception {
        given("customer", "1", "first");

        Exchange exchange = through("second", token("many"), store(TICKET + "update"));

        assertThat(refusal(exchange, InvalidInputException.class)).hasMessageContaining("FencingToken");
    }
}
