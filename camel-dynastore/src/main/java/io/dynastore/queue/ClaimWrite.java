/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.queue;

import software.amazon.awssdk.services.dynamodb.model.DeleteItemRequest;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsRequest;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;

/** A conditional write of a queue. Its request is the same in each attempt. */
sealed interface ClaimWrite {

    record Update(UpdateItemRequest request) implements ClaimWrite {}

    record Delete(DeleteItemRequest request) implements ClaimWrite {}

    /** First the item is deleted, second its dead copy is put. */
    record Move(TransactWriteItemsRequest request) implements ClaimWrite {}
}
