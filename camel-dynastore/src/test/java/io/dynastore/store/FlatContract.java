/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store;

import static io.dynastore.store.StoreFixture.n;
import static io.dynastore.store.StoreFixture.s;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dynastore.testkit.EngineAbility;
import io.dynastore.testkit.NeedsEngine;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Items whose payload is their attributes, as other programs write them. */
abstract class FlatContract extends StoreContract {

    FlatContract(Service service) {
        super(service, TableSchema.named("-").withFlatItems(true));
    }

    private void foreign() {
        table.rawPut(
                key,
                Map.of(
                        "status",
                        s("open"),
                        "payload",
                        s("p"),
                        "total",
                        n(5),
                        "list",
                        AttributeValue.fromL(List.of(n(1)))));
    }

    @Test
    void payloadIsTheAttributesWithoutKeysVersionAndExpiry() {
        foreign();
        Item item = table.item(key);
        assertThat(item.payload())
                .isEqualTo(Map.of("status", "open", "payload", "p", "total", 5L, "list", List.of(1L)));
        assertThat(item.fields()).isEmpty();
        assertThat(item.version()).isZero();

        table.write(Call.update(key, Map.of("status", "shipped")).expiry(Expiry.after(Duration.ofDays(1))));
        assertThat(table.item(key).payload()).isEqualTo(Map.of("status", "shipped"));
        assertThat(table.item(key).version()).isEqualTo(1);
        assertThat(table.run(Call.get(key).payloadFormat(PayloadFormat.JSON)).item())
                .extracting(Item::payload)
                .isEqualTo("{\"status\":\"shipped\"}");
    }

    @Test
    void createWritesAttributes() {
        Outcome.Written written = table.write(
                Call.create(key, Map.of("a", 1, "b", Map.of("c", 2))).fields(Map.of("field", "f")));

        assertThat(written.version()).isEqualTo(1);
        assertThat(table.raw(key))
                .isEqualTo(with(
                        table.schema.encode(key),
                        Map.of(
                                "version", n(1),
                                "a", n(1),
                                "b", AttributeValue.fromM(Map.of("c", n(2))),
                                "field", s("f"))));
        assertThatThrownBy(() -> table.run(Call.create(key, Map.of()))).isInstanceOf(KeyExistsException.class);
    }

    @ParameterizedTest
    @EnumSource(
            value = WriteCall.Kind.class,
            names = {"PUT", "UPDATE"})
    void replacementRemovesWhatIsGoneAndKeepsTheRest(WriteCall.Kind kind) {
        foreign();
        table.write(Call.update(key, Map.of("status", "open", "gone", 1))
                .expiry(Expiry.after(Duration.ofDays(1)))
                .fencingToken(7L)
                .due(Due.at(StoreFixture.NOW)));
        Map<String, AttributeValue> before = table.rawWhole(key);

        Outcome.Written written =
                table.write(WriteCall.builder(kind).key(key).value(Map.of("status", "shipped", "new", 2)));

        assertThat(written.version()).isEqualTo(2);
        assertThat(written.incarnation())
                .isEqualTo(new Incarnation(
                        Objects.requireNonNull(before.get("_dsc")).b()));
        Map<String, AttributeValue> after = table.rawWhole(key);
        assertThat(after)
                .containsEntry("status", s("shipped"))
                .containsEntry("new", n(2))
                .doesNotContainKeys("gone", "payload", "total", "list");
        for (String kept : List.of("expires", "_dsc", "_dsfence", "_dsqf")) {
            assertThat(after.get(kept)).as(kept).isNotNull().isEqualTo(before.get(kept));
        }
        assertThat(after.get("_dsw1")).isEqualTo(before.get("_dsw0"));
    }

    @Test
    void putCreatesAnAbsentItemAndReplacesAnExpiredOne() {
        assertThat(table.write(Call.put(key, Map.of("a", 1))).version()).isEqualTo(1);
        table.rawPutExpired(key);

        assertThat(table.write(Call.put(key, Map.of("b", 1))).version()).isEqualTo(8);
        assertThat(table.item(key).payload()).isEqualTo(Map.of("b", 1L));
        assertThat(table.item(key).expires()).isNull();
    }

    @Test
    void updateOfAnAbsentOrExpiredItemIsRefused() {
        assertThatThrownBy(() -> table.run(Call.update(key, Map.of()))).isInstanceOf(KeyNotFoundException.class);
        table.rawPutExpired(key);
        Map<?, ?> before = table.rawWhole(key);
        assertThatThrownBy(() -> table.run(Call.update(key, Map.of()))).isInstanceOf(KeyNotFoundException.class);
        assertThat(table.rawWhole(key)).isEqualTo(before);
    }

    @Test
    void expectedVersionIsHeededAndBeginsAtZero() {
        foreign();

        assertThatThrownBy(() -> table.run(Call.update(key, Map.of()).expectedVersion(1L)))
                .isInstanceOfSatisfying(VersionConflictException.class, conflict -> assertThat(conflict.actual())
                        .isZero());
        assertThat(table.write(Call.put(key, Map.of("a", 1)).expectedVersion(0L))
                        .version())
                .isEqualTo(1);
        assertThat(table.write(Call.update(key, Map.of("b", 1)).expectedVersion(1L))
                        .version())
                .isEqualTo(2);
        assertThatThrownBy(() -> table.run(Call.delete(key).expectedVersion(1L)))
                .isInstanceOf(VersionConflictException.class);
        assertThat(table.item(key).payload()).isEqualTo(Map.of("b", 1L));
    }

    @Test
    void mergeKeepsWhatItDoesNotName() {
        foreign();

        Map<String, @Nullable Object> change = new HashMap<>();
        change.put("status", "shipped");
        change.put("total", null);
        change.put("address", Map.of("city", "Bonn"));
        table.write(Call.update(key, change).payloadMode(PayloadMode.FLAT_MERGE));
        table.write(Call.put(key, Map.of("address", Map.of("zip", "1"))).payloadMode(PayloadMode.MERGE));

        assertThat(table.item(key).payload())
                .isEqualTo(Map.of(
                        "status",
                        "shipped",
                        "payload",
                        "p",
                        "list",
                        List.of(1L),
                        "address",
                        Map.of("city", "Bonn", "zip", "1")));
        assertThatThrownBy(() -> table.run(
                        Call.update(key, Map.of("status", Map.of("a", 1))).payloadMode(PayloadMode.MERGE)))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("'status'");
    }

    @Test
    void fieldsAndIncrementsAreAttributesToo() {
        foreign();

        table.write(Call.update(key, null)
                .payloadMode(PayloadMode.KEEP)
                .fields(Map.of("status", "shipped"))
                .increments(Map.of("total", 2, "stats.views", 1)));
        assertThat(table.item(key).payload())
                .isEqualTo(Map.of(
                        "status",
                        "shipped",
                        "payload",
                        "p",
                        "total",
                        7L,
                        "list",
                        List.of(1L),
                        "stats",
                        Map.of("views", 1L)));

        table.write(
                Call.update(key, Map.of("a", 1)).increments(Map.of("total", 1)).fields(Map.of("b", 2)));
        assertThat(table.item(key).payload()).isEqualTo(Map.of("a", 1L, "b", 2L, "total", 8L));
        for (WriteCall.Builder twice : List.of(
                Call.update(key, Map.of("a", 1)).increments(Map.of("a", 1)),
                Call.update(key, Map.of("a", 1)).fields(Map.of("a", 1)),
                Call.update(key, Map.of("a", 1)).payloadMode(PayloadMode.MERGE).fields(Map.of("a", 1)))) {
            assertThatThrownBy(() -> table.run(twice))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageContainingAll(table.schema.table(), key.toString(), "'a'");
        }
    }

    @Test
    void replacementsAtTheSameTimeAreNeverMixed() {
        foreign();
        List<CompletableFuture<Outcome.Written>> all = IntStream.range(0, 8)
                .mapToObj(i -> table.store.execute(
                        Call.put(key, Map.of("m" + i, i, "common", i)).build()))
                .toList();
        all.forEach(CompletableFuture::join);

        assertThat(table.item(key).version()).isEqualTo(8);
        Map<?, ?> last = (Map<?, ?>) table.item(key).payload();
        assertThat(last).hasSize(2);
        assertThat(last.get("m" + last.get("common"))).isEqualTo(last.get("common"));
    }

    @Test
    void memberThatRepeatsTheKeyIsLeftOutAndOneOfAReservedNameIsRefused() {
        table.write(Call.create(key, Map.of("id", key.partitionKey(), "name", "a", "x", 1)));
        assertThat(table.item(key).payload()).isEqualTo(Map.of("x", 1L));

        for (Map<String, ?> reserved :
                List.of(Map.of("id", "other"), Map.of("version", 1), Map.of("expires", 1), Map.of("_dsx", 1))) {
            assertThatThrownBy(() -> table.run(Call.update(key, reserved)))
                    .isInstanceOf(ReservedFieldException.class)
                    .hasMessageContainingAll(table.schema.table(), key.toString());
        }
        assertThatThrownBy(() -> table.run(Call.put(key, "SECRET")))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContainingAll(table.schema.table(), key.toString(), "payloadMode=flat")
                .hasMessageNotContaining("SECRET");
        assertThat(table.item(key).version()).isEqualTo(1);
    }

    @Test
    void laterHolderAndLockAreRespected() {
        table.write(Call.create(key, Map.of("a", 1)).fencingToken(8L));
        assertThatThrownBy(() -> table.run(Call.update(key, Map.of("b", 1)).fencingToken(7L)))
                .isInstanceOf(LockLostException.class);
        assertThatThrownBy(() -> table.run(Call.put(key, Map.of("b", 1)).fencingToken(7L)))
                .isInstanceOf(LockLostException.class);
        assertThat(table.item(key).payload()).isEqualTo(Map.of("a", 1L));

        table.rawPut(key, Map.of("_dslock", s("lock")));
        assertThatThrownBy(() -> table.run(Call.put(key, Map.of("b", 1)))).isInstanceOf(InvalidInputException.class);
    }

    @Test
    @NeedsEngine(EngineAbility.TRANSACT_WRITE_ITEMS)
    void transactionReplacesMergesAndCreates() {
        foreign();
        Key other = Key.of(key.partitionKey(), "other");
        Key third = Key.of(key.partitionKey(), "third");
        table.rawPutExpired(third);
        table.write(Call.create(other, Map.of("a", 1, "b", 2)));

        Outcome.Transacted done = table.run(Call.transact(List.of(
                Write.update(key, Map.of("status", "shipped")),
                Write.put(other, Map.of("b", 3)).payloadMode(PayloadMode.MERGE),
                Write.put(third, Map.of("c", 4)),
                Write.put(Key.of(key.partitionKey(), "new"), Map.of("d", 5)))));

        assertThat(done.versions()).containsExactly(1L, null, 8L, 1L);
        assertThat(table.item(key).payload()).isEqualTo(Map.of("status", "shipped"));
        assertThat(table.item(other).payload()).isEqualTo(Map.of("a", 1L, "b", 3L));
        assertThat(table.item(third).payload()).isEqualTo(Map.of("c", 4L));
        assertThatThrownBy(() -> table.run(Call.transact(List.of(
                        Write.put(other, Map.of("z", 1)),
                        Write.update(Key.of(key.partitionKey(), "absent"), Map.of()),
                        Write.update(key, Map.of()).expectedVersion(5L)))))
                .isInstanceOfSatisfying(TransactionFailedException.class, failed -> assertThat(failed.reasons())
                        .satisfiesExactly(
                                first -> assertThat(first).isNull(),
                                second -> assertThat(second).isInstanceOf(KeyNotFoundException.class),
                                last -> assertThat(last).isInstanceOf(VersionConflictException.class)));
        assertThat(table.item(other).version()).isEqualTo(2);
    }

    @Test
    @NeedsEngine(EngineAbility.TRANSACT_WRITE_ITEMS)
    void exactlyOnceReplacesInTheSameWay() {
        foreign();

        assertThat(table.write(Call.update(key, Map.of("a", 1)).exactlyOnce(true))
                        .version())
                .isEqualTo(1);
        assertThat(table.write(Call.put(key, Map.of("b", 1)).exactlyOnce(true)).version())
                .isEqualTo(2);
        assertThat(table.item(key).payload()).isEqualTo(Map.of("b", 1L));
    }

    @Test
    void listsAndBatchesReadThemInTheSameWay() {
        foreign();

        assertThat(table.page(Call.list(key.partitionKey())).items())
                .singleElement()
                .isEqualTo(table.item(key));
        assertThat(table.run(Call.batchGet(List.of(key))).items()).containsExactly(table.item(key));
        assertThat(table.run(Call.exists(key)).version()).isZero();
    }

    @Test
    void filterNamesAttributesAndPathsIntoThem() {
        table.write(Call.create(
                key, Map.of("address", Map.of("city", "Bonn"), "a.b", 1, "payload", Map.of("x", 2), "status", "open")));

        for (String holds : List.of("address.city=Bonn", "a\\.b=1", "payload.x=2", "status=open", "!address.zip")) {
            assertThat(found(holds)).as(holds).hasSize(1);
        }
        for (String fails : List.of("address.city=Kiel", "a.b=1", "address.city.name")) {
            assertThat(found(fails)).as(fails).isEmpty();
        }
        for (String wrong : List.of("address..city=Bonn", "list[0]=1", "_dsc.x")) {
            assertThatThrownBy(() -> found(wrong))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageContaining(wrong.replaceFirst("[.=].*", ""));
        }
    }

    private List<Item> found(String filter) {
        return table.page(Call.list(key.partitionKey()).filter(FieldFilter.parse(filter)))
                .items();
    }

    private static Map<String, AttributeValue> with(
            Map<String, AttributeValue> some, Map<String, AttributeValue> more) {
        Map<String, AttributeValue> all = new HashMap<>(some);
        all.putAll(more);
        return all;
    }
}
