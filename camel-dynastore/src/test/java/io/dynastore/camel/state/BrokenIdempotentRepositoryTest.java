/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.state;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dynastore.test.DynamoDbExtension;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.apache.camel.Exchange;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.services.dynamodb.model.DeleteItemRequest;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;

/** The contract has to catch repositories with the known faults of others. */
class BrokenIdempotentRepositoryTest {

    /** That of the contract, so that its tables are dropped. */
    @RegisterExtension
    static final DynamoDbExtension dynamo = IdempotentNodesContract.dynamo;

    private BrokenNodes nodes = new BrokenNodes(DynaStoreIdempotentRepository::new, request -> request);

    @AfterEach
    void stop() {
        nodes.stopNodes();
    }

    @Test
    void addByCheckThenPutIsCaught() throws Exception {
        started(new BrokenNodes(CheckThenPut::new, request -> adds(request) ? anyway(request) : request));

        assertCaught(nodes::oneOfAllNodesAddsAKey);
    }

    @Test
    void addThatDoesNotRecogniseItselfIsCaught() throws Exception {
        started(new BrokenNodes(
                DynaStoreIdempotentRepository::new,
                request -> adds(request)
                        ? with(request, request.conditionExpression().replaceAll(" OR \\(#holder = :me.*", ""))
                        : request));

        assertCaught(nodes::addWhoseResponseWasLostIsNoDuplicateOfItself);
    }

    @Test
    void addWithoutALeaseIsCaught() throws Exception {
        started(new BrokenNodes(
                DynaStoreIdempotentRepository::new,
                request -> adds(request)
                        ? with(
                                request,
                                request.conditionExpression()
                                        .replace(
                                                "#until < :freeBefore",
                                                "(#until < :freeBefore AND #until > :freeBefore)"))
                        : request));

        assertCaught(nodes::keyOfACrashedNodeIsFreeAfterItsLease);
    }

    @Test
    void confirmWithoutOwnerIsCaught() throws Exception {
        started(new BrokenNodes(
                DynaStoreIdempotentRepository::new, request -> confirms(request) ? anyway(request) : request));

        assertCaught(nodes::lateConfirmOfTheOldOwnerIsRefused);
    }

    @Test
    void removeWithoutOwnerIsCaught() throws Exception {
        started(new BrokenNodes(DynaStoreIdempotentRepository::new, request -> request));
        nodes.removesAnything = true;

        assertCaught(nodes::lateRemoveOfTheOldOwnerIsRefused);
    }

    @Test
    void repositoryThatRenewsNothingIsCaught() throws Exception {
        started(new BrokenNodes(
                DynaStoreIdempotentRepository::new,
                request -> request.updateExpression().startsWith("SET #until")
                        ? with(request, "attribute_not_exists(#until) AND #until <= :until")
                        : request));

        assertCaught(nodes::leaseIsRenewedWhileTheExchangeRuns);
    }

    @Test
    void anHonestRepositoryIsNotCaught() throws Exception {
        started(nodes);

        nodes.oneOfAllNodesAddsAKey();
        nodes.addWhoseResponseWasLostIsNoDuplicateOfItself();
    }

    private void started(BrokenNodes broken) throws Exception {
        nodes = broken;
        nodes.startNodes();
    }

    private static void assertCaught(ThrowingCallable contract) {
        assertThatThrownBy(contract).isInstanceOf(AssertionError.class);
    }

    private static boolean adds(UpdateItemRequest request) {
        return request.updateExpression().contains("#until = :until, #expires") && !renews(request);
    }

    private static boolean renews(UpdateItemRequest request) {
        return request.updateExpression().startsWith("SET #until");
    }

    private static boolean confirms(UpdateItemRequest request) {
        return request.updateExpression().contains("REMOVE #until");
    }

    /** The condition stays, since each name of the request has to occur in it, and is always true. */
    private static UpdateItemRequest anyway(UpdateItemRequest request) {
        return with(
                request,
                request.conditionExpression() + " OR attribute_exists(#holder) OR attribute_not_exists(#holder)");
    }

    private static UpdateItemRequest with(UpdateItemRequest request, String condition) {
        return request.toBuilder().conditionExpression(condition).build();
    }

    /** Asks first, and puts then, as repositories on stores without conditional writes. */
    private static final class CheckThenPut extends DynaStoreIdempotentRepository {

        @Override
        public boolean add(Exchange exchange, String key) {
            return !contains(exchange, key) && super.add(exchange, key);
        }
    }

    /** The contract, on nodes whose requests are changed. */
    private static final class BrokenNodes extends IdempotentNodesContract {

        private final Supplier<DynaStoreIdempotentRepository> repositories;
        private final UnaryOperator<UpdateItemRequest> tampering;
        private boolean removesAnything;

        BrokenNodes(Supplier<DynaStoreIdempotentRepository> repositories, UnaryOperator<UpdateItemRequest> tampering) {
            this.repositories = repositories;
            this.tampering = tampering;
        }

        @Override
        IdempotentNode create() {
            return new IdempotentNode(
                    IdempotentNodesContract.dynamo, table, clock, repositories.get(), new ExecutionInterceptor() {
                        @Override
                        public SdkRequest modifyRequest(Context.ModifyRequest context, ExecutionAttributes attributes) {
                            return context.request() instanceof UpdateItemRequest write
                                            && write.conditionExpression() != null
                                    ? tampering.apply(write)
                                    : context.request() instanceof DeleteItemRequest delete && removesAnything
                                            ? delete.toBuilder()
                                                    .conditionExpression(delete.conditionExpression()
                                                            + " OR attribute_exists(#holder)")
                                                    .build()
                                            : context.request();
                        }
                    });
        }
    }
}
