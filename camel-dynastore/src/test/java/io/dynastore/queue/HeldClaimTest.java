/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dynastore.store.DynaStoreException;
import io.dynastore.store.FieldSelection;
import io.dynastore.store.PayloadFormat;
import io.dynastore.store.TableSchema;
import io.dynastore.store.codec.PayloadCodec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbServiceClientConfiguration;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.DeleteItemRequest;
import software.amazon.awssdk.services.dynamodb.model.DeleteItemResponse;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemResponse;

/** What a claim does if its client or its clock throws what no library should throw. */
class HeldClaimTest {

    private static final TableSchema SCHEMA = TableSchema.named("jobs");

    private final Timer timer = new Timer();
    private final Service service = new Service();
    private final Claims claims = new Claims(
            service,
            service,
            SCHEMA,
            new PayloadCodec(PayloadCodec.defaultMapper(), null),
            PayloadFormat.AUTO,
            FieldSelection.ALL,
            new ClaimSettings(
                    "me",
                    Duration.ofMinutes(1),
                    Duration.ofSeconds(2),
                    5,
                    new RetryDelays(Duration.ZERO, 1, Duration.ofMinutes(15)),
                    null,
                    null),
            () -> 4,
            new ClaimCounters(),
            timer);
    private final HeldClaim claim = claimed();

    private HeldClaim claimed() {
        return claims.claim(new Candidate(new QueueItem(SCHEMA, item()))).join().orElseThrow();
    }

    private static Map<String, AttributeValue> item() {
        Map<String, AttributeValue> item = new HashMap<>();
        item.put("id", AttributeValue.fromS("email"));
        item.put("name", AttributeValue.fromS("01"));
        item.put("version", AttributeValue.fromN("1"));
        return item;
    }

    @AfterEach
    void close() {
        timer.shutdownNow();
    }

    @Test
    void renewalsGoOnAfterAnError() {
        service.thrown = new AssertionError("not expected");
        timer.runOne();

        assertThatThrownBy(claims::checkRenewals)
                .isInstanceOf(DynaStoreException.class)
                .hasMessageContaining("Table jobs")
                .hasCause(service.thrown);
        service.thrown = null;
        timer.runOne();
        assertThatCode(claims::checkRenewals).doesNotThrowAnyException();
        assertThat(timer.tasks).hasSize(1);
    }

    @Test
    void claimThatCannotEndIsGivenUpWithTheError() {
        service.thrown = new AssertionError("not expected");

        assertThat(claim.done(1))
                .failsWithin(Duration.ofSeconds(10))
                .withThrowableThat()
                .havingRootCause()
                .isSameAs(service.thrown);
        assertThat(claims.inFlight()).isZero();
        int sent = service.updates;
        timer.runOne();
        assertThat(service.updates).isEqualTo(sent);
    }

    @Test
    void itemThatIsDoneIsNotKeptUntilItsNextRenewal() {
        assertThat(timer.getQueue()).hasSize(1);

        assertThat(claim.done(1)).succeedsWithin(Duration.ofSeconds(10)).isEqualTo(ClaimEnd.DELETED);

        assertThat(timer.getQueue()).isEmpty();
    }

    @Test
    void claimThatNobodyUsesIsRenewedNoMoreAndSaysSoOnce() {
        AtomicInteger dropped = new AtomicInteger();
        int sent = service.updates;
        claim.renewWhile(() -> false, dropped::incrementAndGet);
        timer.runOne();

        assertThat(dropped).hasValue(1);
        assertThat(claims.inFlight()).isZero();
        assertThat(service.updates).isEqualTo(sent);
        assertThat(timer.tasks).isEmpty();
    }

    /** Keeps what is to run later. */
    private static final class Timer extends ScheduledThreadPoolExecutor {
        private final List<Runnable> tasks = new ArrayList<>();

        Timer() {
            super(0);
            setRemoveOnCancelPolicy(true);
        }

        @Override
        public @Nullable ScheduledFuture<?> schedule(Runnable task, long delay, TimeUnit unit) {
            tasks.add(task);
            return super.schedule(task, 1, TimeUnit.DAYS);
        }

        void runOne() {
            tasks.remove(0).run();
        }
    }

    /** Applies each write, or throws. */
    private static final class Service implements DynamoDbAsyncClient {
        private @Nullable Error thrown;
        private int updates;

        private void send() {
            if (thrown != null) {
                throw thrown;
            }
        }

        @Override
        public CompletableFuture<UpdateItemResponse> updateItem(UpdateItemRequest request) {
            send();
            updates++;
            return CompletableFuture.completedFuture(
                    UpdateItemResponse.builder().attributes(item()).build());
        }

        @Override
        public CompletableFuture<DeleteItemResponse> deleteItem(DeleteItemRequest request) {
            send();
            return CompletableFuture.completedFuture(
                    DeleteItemResponse.builder().build());
        }

        @Override
        public DynamoDbServiceClientConfiguration serviceClientConfiguration() {
            return DynamoDbServiceClientConfiguration.builder().build();
        }

        @Override
        public String serviceName() {
            return SERVICE_NAME;
        }

        @Override
        public void close() {
            // It has nothing to close.
        }
    }
}
