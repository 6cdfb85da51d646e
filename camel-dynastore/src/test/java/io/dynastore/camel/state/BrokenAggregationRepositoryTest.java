/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.state;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dynastore.test.DynamoDbExtension;
import io.dynastore.testkit.EngineAbility;
import io.dynastore.testkit.NeedsEngine;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.apache.camel.spi.OptimisticLockingAggregationRepository.OptimisticLockingException;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.DeleteItemRequest;
import software.amazon.awssdk.services.dynamodb.model.Put;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsRequest;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;

/** The contract has to catch repositories with the known faults of others. */
@NeedsEngine(EngineAbility.TRANSACT_WRITE_ITEMS)
class BrokenAggregationRepositoryTest {

    /** That of the contract, so that its tables are dropped. */
    @RegisterExtension
    static final DynamoDbExtension dynamo = AggregationNodesContract.dynamo;

    private BrokenNodes nodes = new BrokenNodes(request -> request);

    @AfterEach
    void stop() {
        nodes.stopNodes();
    }

    @Test
    void addByCheckThenPutIsCaught() throws Exception {
        started(request -> request instanceof PutItemRequest put
                ? put.toBuilder()
                        .conditionExpression(anyway(put.conditionExpression()))
                        .build()
                : request);

        assertCaught(nodes::everyMessageOfAllNodesIsInTheGroupOnce);
    }

    @Test
    void addThatDoesNotRecogniseItselfIsCaught() throws Exception {
        started(request -> request instanceof PutItemRequest put
                ? put.toBuilder()
                        .conditionExpression(put.conditionExpression()
                                .replace("#write = :me", "(#write = :me AND attribute_not_exists(#write))"))
                        .item(withoutHistory(put.item()))
                        .build()
                : request);

        assertCaught(nodes::addWhoseResponseWasLostIsNoConflict);
    }

    @Test
    void removeByDeleteThenPutIsCaught() throws Exception {
        started(request -> request instanceof TransactWriteItemsRequest all
                ? all.toBuilder().transactItems(all.transactItems().get(0)).build()
                : request);

        assertCaught(nodes::crashAfterTheFirstRequestOfACompletionLosesNothing);
    }

    @Test
    void removeWithoutConditionIsCaught() throws Exception {
        started(request -> request instanceof TransactWriteItemsRequest all ? withoutCondition(all) : request);

        assertCaught(nodes::oneOfAllNodesCompletesAGroup);
        assertCaught(nodes::groupThatAnotherNodeHasChangedIsNotCompleted);
    }

    @Test
    void removeThatLeavesNothingIsCaught() throws Exception {
        started(request -> request instanceof PutItemRequest put
                ? put.toBuilder()
                        .conditionExpression(anyway(put.conditionExpression()))
                        .build()
                : request);

        assertCaught(nodes::firstMessageThatArrivesLateMakesNoSecondGroup);
    }

    @Test
    void recoveryWithoutALeaseIsCaught() throws Exception {
        started(request -> request instanceof UpdateItemRequest update && recovers(update)
                ? update.toBuilder()
                        .conditionExpression(anyway(update.conditionExpression()))
                        .build()
                : request);

        assertCaught(nodes::oneOfAllNodesRecoversAGroupAtATime);
    }

    @Test
    void leaseThatIsNotRenewedIsCaught() throws Exception {
        started(request -> request instanceof UpdateItemRequest update
                        && update.updateExpression().startsWith("SET #until")
                ? update.toBuilder()
                        .conditionExpression("(" + update.conditionExpression() + ") AND attribute_not_exists(#until)")
                        .build()
                : request);

        assertCaught(nodes::groupThatItsNodeWorksOnIsNotRecoveredByAnother);
    }

    @Test
    void redeliveriesThatAreNotCountedAreCaught() throws Exception {
        started(request -> request instanceof UpdateItemRequest update && recovers(update)
                ? update.toBuilder()
                        .updateExpression(update.updateExpression()
                                .replace(
                                        "#deliveries = :deliveries",
                                        "#deliveries = if_not_exists(#until, :deliveries)"))
                        .build()
                : request);

        assertCaught(nodes::redeliveriesAreCountedOverAllNodes);
    }

    @Test
    void confirmWithoutOwnerIsCaught() throws Exception {
        started(request -> request instanceof DeleteItemRequest delete
                ? delete.toBuilder()
                        .conditionExpression(anyway(delete.conditionExpression()))
                        .build()
                : request);

        assertCaught(nodes::lateConfirmOfTheOldOwnerDoesNotConfirmTheRecovery);
    }

    @Test
    void anHonestRepositoryIsNotCaught() throws Exception {
        started(request -> request);

        nodes.addWhoseResponseWasLostIsNoConflict();
        nodes.oneOfAllNodesCompletesAGroup();
    }

    private void started(UnaryOperator<SdkRequest> tampering) throws Exception {
        nodes = new BrokenNodes(tampering);
        nodes.startNodes();
    }

    private static void assertCaught(ThrowingCallable contract) {
        assertThatThrownBy(contract).isInstanceOfAny(AssertionError.class, OptimisticLockingException.class);
    }

    private static boolean recovers(UpdateItemRequest update) {
        return update.updateExpression().contains("#deliveries");
    }

    private static Map<String, AttributeValue> withoutHistory(Map<String, AttributeValue> item) {
        Map<String, AttributeValue> left = new HashMap<>(item);
        left.remove(AggregationWrites.HISTORY);
        return left;
    }

    /** The condition stays, since each name of the request has to occur in it, and is always true. */
    private static String anyway(String condition) {
        String name = condition.contains("#write") ? "#write" : "#holder";
        return "(" + condition + ") OR attribute_exists(" + name + ") OR attribute_not_exists(" + name + ")";
    }

    private static TransactWriteItemsRequest withoutCondition(TransactWriteItemsRequest all) {
        List<TransactWriteItem> items = all.transactItems().stream()
                .map(item -> {
                    Put put = Objects.requireNonNull(item.put());
                    return TransactWriteItem.builder()
                            .put(put.toBuilder()
                                    .conditionExpression(anyway(put.conditionExpression()))
                                    .build())
                            .build();
                })
                .toList();
        return all.toBuilder().transactItems(items).build();
    }

    /** The contract, on nodes whose requests are changed. */
    private static final class BrokenNodes extends AggregationNodesContract {

        private final UnaryOperator<SdkRequest> tampering;

        BrokenNodes(UnaryOperator<SdkRequest> tampering) {
            this.tampering = tampering;
        }

        @Override
        AggregationNode create() {
            return new AggregationNode(
                    AggregationNodesContract.dynamo,
                    table,
                    clock,
                    new DynaStoreAggregationRepository(),
                    new ExecutionInterceptor() {
                        @Override
                        public SdkRequest modifyRequest(Context.ModifyRequest context, ExecutionAttributes attributes) {
                            return tampering.apply(context.request());
                        }
                    });
        }
    }
}
