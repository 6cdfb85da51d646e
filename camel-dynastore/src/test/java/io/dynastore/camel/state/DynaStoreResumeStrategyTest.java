/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dynastore.store.InvalidInputException;
import io.dynastore.store.VersionConflictException;
import io.dynastore.test.DynamoDbExtension;
import io.dynastore.testkit.Fault;
import io.dynastore.testkit.FaultPlan;
import io.dynastore.testkit.FaultyHttpClient;
import io.dynastore.testkit.RecordedRequest;
import io.dynastore.testkit.RecordingHttpClient;
import io.dynastore.testkit.SettableClock;
import java.io.File;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.resume.Cacheable;
import org.apache.camel.resume.Deserializable;
import org.apache.camel.resume.Offset;
import org.apache.camel.resume.OffsetKey;
import org.apache.camel.resume.ResumeAdapter;
import org.apache.camel.resume.cache.ResumeCache;
import org.apache.camel.support.resume.OffsetKeys;
import org.apache.camel.support.resume.Offsets;
import org.apache.camel.support.resume.Resumables;
import org.jspecify.annotations.Nullable;
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

/** Positions on a real engine: loaded after a restart, and never moved back, by whichever instance. */
class DynaStoreResumeStrategyTest {

    @RegisterExtension
    static final DynamoDbExtension dynamo = DynamoDbExtension.create();

    private final SettableClock clock = StateTests.clock();
    private final FaultPlan plan = FaultPlan.none().withDelaysUpTo(Duration.ofHours(10));
    private final RecordingHttpClient recorder = new RecordingHttpClient(NettyNioAsyncHttpClient.create());
    private final FaultyHttpClient http = new FaultyHttpClient(recorder, plan);
    private final BackoffStrategy soon = BackoffStrategy.exponentialDelay(Duration.ofMillis(5), Duration.ofMillis(20));
    private final DynamoDbAsyncClient client = dynamo.clientBuilder()
            .httpClient(http)
            .overrideConfiguration(override -> override.retryStrategy(
                    retry -> retry.maxAttempts(4).backoffStrategy(soon).throttlingBackoffStrategy(soon)))
            .build();
    private final DefaultCamelContext context = new DefaultCamelContext();
    private String table = dynamo.table("resume");

    @AfterEach
    void stop() {
        context.stop();
        client.close();
        http.close();
    }

    /** Keeps what it was given. */
    private static final class Adapter implements ResumeAdapter, Cacheable, Deserializable {

        private final Map<Object, Object> loaded = new ConcurrentHashMap<>();
        private final Map<Object, Object> added = new ConcurrentHashMap<>();

        @Override
        public void resume() {}

        @Override
        public boolean deserialize(ByteBuffer key, ByteBuffer value) {
            loaded.put(deserializeKey(key), deserializeValue(value));
            return true;
        }

        @Override
        public boolean add(OffsetKey<?> key, Offset<?> offset) {
            added.put(key.getValue(), offset.getValue());
            return true;
        }

        @Override
        public void setCache(ResumeCache<?> cache) {}

        @Override
        public @Nullable ResumeCache<?> getCache() {
            return null;
        }
    }

    private DynaStoreResumeStrategy strategy() throws Exception {
        DynaStoreResumeStrategy strategy = new DynaStoreResumeStrategy();
        strategy.setCamelContext(context);
        strategy.setTableName(table);
        strategy.setName("stream");
        strategy.setDynamoDbAsyncClient(client);
        strategy.setAdapter(new Adapter());
        strategy.setClock(clock);
        return strategy;
    }

    private DynaStoreResumeStrategy started() throws Exception {
        DynaStoreResumeStrategy strategy = strategy();
        strategy.start();
        return strategy;
    }

    private static void update(DynaStoreResumeStrategy strategy, Object key, Object offset) throws Exception {
        strategy.updateLastOffset(OffsetKeys.of(key), Offsets.of(offset));
    }

    private static Adapter adapter(DynaStoreResumeStrategy strategy) {
        return (Adapter) Objects.requireNonNull(strategy.getAdapter());
    }

    private static Map<Object, Object> loaded(DynaStoreResumeStrategy strategy) throws Exception {
        strategy.loadCache();
        return adapter(strategy).loaded;
    }

    @Test
    void positionsOfAllTypesAreLoadedByAnotherInstance() throws Exception {
        DynaStoreResumeStrategy first = started();
        update(first, "shard-1", "49590338271490256608559692538361571095921575989136588898");
        update(first, new File("in/a.txt"), 7L);
        update(first, "topic/0", 8);
        first.updateLastOffset(Resumables.of("topic/1", 9L));

        assertThat(loaded(started()))
                .isEqualTo(Map.of(
                        "shard-1",
                        "49590338271490256608559692538361571095921575989136588898",
                        new File("in/a.txt"),
                        7L,
                        "topic/0",
                        8,
                        "topic/1",
                        9L));
        assertThat(adapter(first).added).as("its own cache").hasSize(4);
    }

    @Test
    void numberNeverGoesBackOnAnyInstance() throws Exception {
        DynaStoreResumeStrategy first = started();
        DynaStoreResumeStrategy second = started();
        update(first, "a", 7L);
        update(second, "a", 12L);
        update(first, "a", 9L);
        update(second, "a", 11L);

        assertThat(loaded(started())).isEqualTo(Map.of("a", 12L));
        update(first, "a", 13L);
        assertThat(loaded(started())).isEqualTo(Map.of("a", 13L));
    }

    @Test
    void replacedInstanceCannotMoveAnyOtherOffset() throws Exception {
        DynaStoreResumeStrategy first = started();
        update(first, "a", "one");
        update(first, "a", "two");
        DynaStoreResumeStrategy successor = started();
        assertThat(loaded(successor)).isEqualTo(Map.of("a", "two"));
        update(successor, "a", "three");

        assertThatThrownBy(() -> update(first, "a", "two and a half"))
                .isInstanceOf(VersionConflictException.class)
                .hasMessageContainingAll(table, "[_ds/resume/stream, a]");
        assertThatThrownBy(() -> update(started(), "a", "never loaded")).isInstanceOf(VersionConflictException.class);
        update(successor, "a", "four");

        assertThat(loaded(first)).isEqualTo(Map.of("a", "four"));
        update(first, "a", "five");
        assertThatThrownBy(() -> update(successor, "a", "four and a half"))
                .isInstanceOf(VersionConflictException.class);
        assertThat(loaded(started())).isEqualTo(Map.of("a", "five"));
    }

    @Test
    void filesOfADirectoryAreEntriesOfASet() throws Exception {
        DynaStoreResumeStrategy first = started();
        DynaStoreResumeStrategy second = started();
        File directory = new File("in");
        update(first, directory, new File("in/a.txt"));
        update(second, directory, new File("in/b.txt"));
        update(second, directory, new File("in/b.txt"));

        assertThat(dynamo.rawScan(table))
                .extracting(item -> Objects.requireNonNull(item.get("name")).s())
                .containsExactlyInAnyOrder("in|in/a.txt", "in|in/b.txt");
    }

    @ParameterizedTest
    @EnumSource(value = Fault.class, mode = EnumSource.Mode.EXCLUDE, names = "SLOW_ANSWER")
    void eachFaultLeavesTheLastPosition(Fault fault) throws Exception {
        DynaStoreResumeStrategy strategy = started();
        for (int i = 1; i <= 3; i++) {
            plan.next(fault);
            update(strategy, "number", (long) i);
            plan.next(fault);
            update(strategy, "text", "text " + i);
        }
        http.settle();

        assertThat(loaded(started())).isEqualTo(Map.of("number", 3L, "text", "text 3"));
    }

    @Test
    void eachUpdateCostsOneWriteAndALoadOneQuery() throws Exception {
        DynaStoreResumeStrategy strategy = started();
        update(strategy, "a", 1L);
        update(strategy, "a", 1L);
        update(strategy, "b", "x");
        update(strategy, new File("in"), new File("in/a"));
        strategy.loadCache();

        assertThat(recorder.requests())
                .extracting(RecordedRequest::operation)
                .containsExactly("UpdateItem", "UpdateItem", "UpdateItem", "UpdateItem", "Query");
    }

    @Test
    void expiredPositionCountsAsAbsentBeforeTheTableHasRemovedIt() throws Exception {
        DynaStoreResumeStrategy first = strategy();
        first.setTtl(Duration.ofMinutes(10));
        first.start();
        update(first, "number", 9L);
        update(first, "text", "text 9");
        clock.advance(Duration.ofMinutes(10).plusSeconds(1));

        DynaStoreResumeStrategy second = started();
        assertThat(loaded(second)).isEmpty();
        update(second, "number", 1L);
        update(second, "text", "text 1");

        assertThat(loaded(started())).isEqualTo(Map.of("number", 1L, "text", "text 1"));
    }

    @Test
    void positionThatIsWrittenWithoutTtlStays() throws Exception {
        DynaStoreResumeStrategy first = strategy();
        first.setTtl(Duration.ofMinutes(10));
        first.start();
        update(first, "number", 1L);
        DynaStoreResumeStrategy second = started();
        update(second, "number", 2L);

        clock.advance(Duration.ofMinutes(10).plusSeconds(1));

        assertThat(loaded(second)).isEqualTo(Map.of("number", 2L));
    }

    @Test
    void callbackIsToldTheResult() throws Exception {
        DynaStoreResumeStrategy strategy = started();
        CompletableFuture<@Nullable Throwable> done = new CompletableFuture<>();
        CompletableFuture<@Nullable Throwable> failed = new CompletableFuture<>();

        strategy.updateLastOffset(Resumables.of("a", "x"), done::complete);
        assertThat(done.get(20, TimeUnit.SECONDS)).isNull();
        strategy.updateLastOffset(Resumables.of("b", "y"), null);
        http.cut();
        strategy.updateLastOffset(OffsetKeys.of("a"), Offsets.of("z"), failed::complete);

        assertThat(failed.get(20, TimeUnit.SECONDS)).hasMessageContaining("cut off");
        http.heal();
        assertThat(loaded(started())).isEqualTo(Map.of("a", "x", "b", "y"));
    }

    @Test
    void writeAfterOneWithoutResponseIsApplied() throws Exception {
        DynaStoreResumeStrategy strategy = started();
        update(strategy, "a", "one");
        http.cut();
        assertThatThrownBy(() -> update(strategy, "a", "two")).hasMessageContaining("cut off");
        http.heal();

        update(strategy, "a", "three");

        assertThat(loaded(started())).isEqualTo(Map.of("a", "three"));
    }

    @Test
    void itWorksOnAfterAStopAndARestart() throws Exception {
        DynaStoreResumeStrategy strategy = started();
        update(strategy, "a", "one");
        strategy.stop();
        update(strategy, "a", "two");
        strategy.start();
        update(strategy, "a", "three");

        assertThat(loaded(started())).isEqualTo(Map.of("a", "three"));
    }

    @Test
    void expiredPositionIsNotLoaded() throws Exception {
        DynaStoreResumeStrategy forgetful = strategy();
        forgetful.setTtl(Duration.ofMinutes(10));
        forgetful.start();
        update(forgetful, "a", 1L);
        update(forgetful, "b", "x");

        clock.advance(Duration.ofMinutes(10));
        assertThat(loaded(started())).hasSize(2);
        clock.advance(Duration.ofSeconds(1));
        assertThat(loaded(started())).isEmpty();
    }

    @Test
    void manyPositionsAreLoadedPageByPage() throws Exception {
        DynaStoreResumeStrategy strategy = started();
        String large = "x".repeat(200_000);
        for (int i = 0; i < 8; i++) {
            update(strategy, "key " + i, large + i);
        }
        recorder.clear();

        assertThat(loaded(started())).hasSize(8).containsEntry("key 7", large + 7);

        assertThat(recorder.requests()).extracting(RecordedRequest::operation).containsExactly("Query", "Query");
    }

    @Test
    void partitionIsOneOfTheComponentsOwn() throws Exception {
        update(started(), "a", 7L);

        assertThat(dynamo.rawScan(table)).singleElement().satisfies(item -> assertThat(item)
                .containsEntry("id", AttributeValue.fromS("_ds/resume/stream"))
                .containsEntry("name", AttributeValue.fromS("a"))
                .containsEntry("_dsposition", AttributeValue.fromN("7")));
    }

    @Test
    void offsetsWithoutASerializedFormAreRefusedBeforeAnythingIsSent() throws Exception {
        DynaStoreResumeStrategy strategy = started();

        assertThatThrownBy(() -> update(strategy, "a", List.of(1)))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContainingAll("java.util.ImmutableCollections", "serialize()");
        assertThat(recorder.requests()).isEmpty();
    }

    @Test
    void loadNeedsAnAdapterThatReadsPositions() throws Exception {
        DynaStoreResumeStrategy strategy = started();
        strategy.setAdapter(() -> {});

        assertThatThrownBy(strategy::loadCache)
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("is not Deserializable");
    }

    @Test
    void positionThatTheAdapterCannotReadIsNamed() throws Exception {
        update(started(), "a", 7L);
        DynaStoreResumeStrategy strategy = started();
        strategy.setAdapter(new Picky());

        assertThatThrownBy(strategy::loadCache)
                .hasMessageContainingAll(table, "[_ds/resume/stream, a]", "Picky")
                .hasRootCauseMessage("no number");
    }

    private static final class Picky implements ResumeAdapter, Deserializable {

        @Override
        public void resume() {}

        @Override
        public boolean deserialize(ByteBuffer key, ByteBuffer value) {
            throw new IllegalArgumentException("no number");
        }
    }

    @Test
    void missingTableFailsTheLoad() throws Exception {
        table = "no-such-table";
        DynaStoreResumeStrategy strategy = started();

        assertThatThrownBy(strategy::loadCache).isInstanceOf(ResourceNotFoundException.class);
    }

    @Test
    void useBeforeTheStartIsRefused() {
        assertThatThrownBy(() -> update(strategy(), "a", 1L))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("is not started");
    }
}
