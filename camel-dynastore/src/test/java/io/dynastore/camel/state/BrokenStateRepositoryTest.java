/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.state;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dynastore.test.DynamoDbExtension;
import java.time.Clock;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.spi.StateRepository;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.DeleteItemRequest;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;

/** The tests of the state repository have to catch repositories that leave a condition out. */
class BrokenStateRepositoryTest {

    /** That of the tests, so that its tables are dropped. */
    @RegisterExtension
    static final DynamoDbExtension dynamo = DynaStoreStateRepositoryTest.dynamo;

    private static final Pattern NAME = Pattern.compile("#\\w+");

    private BrokenRepositories broken = new BrokenRepositories(request -> false);

    @AfterEach
    void stop() {
        broken.closeBroken();
    }

    @Test
    void writeOverAnyVersionIsCaught() throws Exception {
        started(new BrokenRepositories(UpdateItemRequest.class::isInstance));

        assertCaught(broken::conditionalWriteIsRefusedIfAnotherHasWritten);
    }

    @Test
    void writeOfARemovedValueIsCaught() throws Exception {
        started(new BrokenRepositories(UpdateItemRequest.class::isInstance));

        assertCaught(broken::conditionalWriteIsRefusedIfAnotherHasRemovedTheValue);
    }

    @Test
    void writeOverAValueThatWasNotReadIsCaught() throws Exception {
        started(new BrokenRepositories(PutItemRequest.class::isInstance));

        assertCaught(broken::conditionalWriteNeedsAReadOfAnExistingValue);
    }

    @Test
    void removalOfAnyVersionIsCaught() throws Exception {
        started(new BrokenRepositories(DeleteItemRequest.class::isInstance));

        assertCaught(broken::conditionalRemovalIsRefusedIfAnotherHasWritten);
    }

    @Test
    void expiredValueThatCountsIsCaught() throws Exception {
        started(new BrokenRepositories(request -> false));
        broken.clockOfRepositories = Clock.fixed(broken.clock.instant(), broken.clock.getZone());

        assertCaught(broken::expiredValueIsAbsentAtOnce);
    }

    @Test
    void anHonestRepositoryIsNotCaught() throws Exception {
        started(broken);

        broken.conditionalWriteIsRefusedIfAnotherHasWritten();
    }

    private void started(BrokenRepositories repositories) throws Exception {
        broken = repositories;
        broken.start();
    }

    private static void assertCaught(ThrowingCallable test) {
        assertThatThrownBy(test).isInstanceOf(AssertionError.class);
    }

    /** The tests, on repositories some of whose conditions always hold. */
    private static final class BrokenRepositories extends DynaStoreStateRepositoryTest {

        private final DynamoDbAsyncClient tampering;
        private Clock clockOfRepositories = clock;

        BrokenRepositories(Predicate<SdkRequest> unconditional) {
            tampering = dynamo.clientBuilder()
                    .httpClient(http)
                    .overrideConfiguration(override -> override.addExecutionInterceptor(new ExecutionInterceptor() {
                        @Override
                        public SdkRequest modifyRequest(Context.ModifyRequest context, ExecutionAttributes attributes) {
                            SdkRequest request = context.request();
                            return unconditional.test(request) ? anyway(request) : request;
                        }
                    }))
                    .build();
        }

        @Override
        StateRepository<String, String> create() {
            DynaStoreStateRepository created = (DynaStoreStateRepository) super.create();
            created.setDynamoDbAsyncClient(tampering);
            created.setClock(clockOfRepositories);
            return created;
        }

        void closeBroken() {
            stop();
            tampering.close();
            closeClient();
        }
    }

    private static SdkRequest anyway(SdkRequest request) {
        if (request instanceof UpdateItemRequest update) {
            return update.toBuilder()
                    .conditionExpression(anyway(update.conditionExpression()))
                    .build();
        }
        if (request instanceof PutItemRequest put) {
            return put.toBuilder()
                    .conditionExpression(anyway(put.conditionExpression()))
                    .build();
        }
        DeleteItemRequest delete = (DeleteItemRequest) request;
        return delete.toBuilder()
                .conditionExpression(anyway(delete.conditionExpression()))
                .build();
    }

    /** The condition stays, since each name of the request has to occur in it, and is always true. */
    private static String anyway(String condition) {
        Matcher name = NAME.matcher(condition);
        return name.find()
                ? "(" + condition + ") OR attribute_exists(" + name.group() + ") OR attribute_not_exists("
                        + name.group() + ")"
                : condition;
    }
}
