/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.DescribeTableRequest;
import software.amazon.awssdk.services.dynamodb.model.DescribeTableResponse;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;
import software.amazon.awssdk.services.dynamodb.model.GlobalSecondaryIndexDescription;
import software.amazon.awssdk.services.dynamodb.model.LimitExceededException;
import software.amazon.awssdk.services.dynamodb.model.ProvisionedThroughput;
import software.amazon.awssdk.services.dynamodb.model.TableDescription;
import software.amazon.awssdk.services.dynamodb.model.UpdateTableRequest;
import software.amazon.awssdk.services.dynamodb.model.UpdateTableResponse;

/** What is asked of the service when an existing table lacks the index of a work queue. */
class ClaimIndexCreationTest {

    private static final ClaimIndex INDEX = new ClaimIndex("due", 4);

    private final Service service = new Service();
    private final ClaimIndexCreation creation = new ClaimIndexCreation(service, TableSchema.named("jobs"), INDEX);

    private void create(Consumer<TableDescription.Builder> table) {
        creation.ensure(TableDescription.builder().applyMutation(table).build(), Duration.ofSeconds(5))
                .join();
    }

    private @Nullable ProvisionedThroughput throughput() {
        return service.updates
                .get(0)
                .globalSecondaryIndexUpdates()
                .get(0)
                .create()
                .provisionedThroughput();
    }

    @Test
    void indexHasTheCapacityOfItsTable() {
        create(table -> table.provisionedThroughput(
                capacity -> capacity.readCapacityUnits(7L).writeCapacityUnits(3L)));

        assertThat(throughput())
                .isEqualTo(ProvisionedThroughput.builder()
                        .readCapacityUnits(7L)
                        .writeCapacityUnits(3L)
                        .build());
    }

    @Test
    void indexOfAnOnDemandTableHasNoCapacity() {
        create(table -> table.provisionedThroughput(
                capacity -> capacity.readCapacityUnits(0L).writeCapacityUnits(0L)));

        assertThat(throughput()).isNull();
    }

    @Test
    void anotherProgramMayBeFaster() {
        service.refusal = LimitExceededException.builder().build();
        create(table -> {});
        service.refusal = invalid("Attempting to create an index which already exists");
        create(table -> {});

        assertThat(service.updates).hasSize(2);
    }

    @Test
    void refusalIsTheCauseOfTheFailure() {
        service.refusal = invalid("No provisioned throughput specified");

        assertThatThrownBy(() -> create(table -> {}))
                .cause()
                .isInstanceOf(DynaStoreException.class)
                .hasMessageContainingAll("Table jobs", "due")
                .hasCause(service.refusal);
    }

    private static DynamoDbException invalid(String message) {
        return (DynamoDbException) DynamoDbException.builder()
                .statusCode(400)
                .awsErrorDetails(AwsErrorDetails.builder()
                        .errorCode("ValidationException")
                        .errorMessage(message)
                        .build())
                .build();
    }

    /** Has the index when it is asked again. */
    private static final class Service implements DynamoDbAsyncClient {
        private final List<UpdateTableRequest> updates = new ArrayList<>();
        private @Nullable Throwable refusal;

        @Override
        public CompletableFuture<UpdateTableResponse> updateTable(UpdateTableRequest request) {
            updates.add(request);
            return refusal == null
                    ? CompletableFuture.completedFuture(
                            UpdateTableResponse.builder().build())
                    : CompletableFuture.failedFuture(refusal);
        }

        @Override
        public CompletableFuture<DescribeTableResponse> describeTable(DescribeTableRequest request) {
            return CompletableFuture.completedFuture(DescribeTableResponse.builder()
                    .table(table -> table.globalSecondaryIndexes(GlobalSecondaryIndexDescription.builder()
                            .indexName(INDEX.name())
                            .build()))
                    .build());
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
