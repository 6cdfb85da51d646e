/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.testkit;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.DoubleAdder;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.core.SdkResponse;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.services.dynamodb.model.ConsumedCapacity;
import software.amazon.awssdk.services.dynamodb.model.DeleteItemRequest;
import software.amazon.awssdk.services.dynamodb.model.DeleteItemResponse;
import software.amazon.awssdk.services.dynamodb.model.GetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.GetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;
import software.amazon.awssdk.services.dynamodb.model.PutItemResponse;
import software.amazon.awssdk.services.dynamodb.model.ReturnConsumedCapacity;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemResponse;

/**
 * Counts the requests for single items of any client of the SDK: the bytes of their bodies; or what the service
 * charges for them, which it has to be asked for, so that the bodies are no longer those of the client. Thread safe.
 */
public final class WireMeter implements ExecutionInterceptor {

    private static final String CONTENT_LENGTH = "Content-Length";

    private final boolean charged;
    private final AtomicInteger requests = new AtomicInteger();
    private final AtomicLong sent = new AtomicLong();
    private final AtomicLong received = new AtomicLong();
    private final DoubleAdder units = new DoubleAdder();

    /** @param charged whether to ask what is charged */
    public WireMeter(boolean charged) {
        this.charged = charged;
    }

    public int requests() {
        return requests.get();
    }

    public long sent() {
        return sent.get();
    }

    public long received() {
        return received.get();
    }

    public double units() {
        return units.sum();
    }

    /** Begins again. */
    public void clear() {
        requests.set(0);
        sent.set(0);
        received.set(0);
        units.reset();
    }

    @Override
    public SdkRequest modifyRequest(Context.ModifyRequest context, ExecutionAttributes attributes) {
        return charged ? asking(context.request()) : context.request();
    }

    private static SdkRequest asking(SdkRequest request) {
        if (request instanceof UpdateItemRequest update) {
            return update.toBuilder()
                    .returnConsumedCapacity(ReturnConsumedCapacity.TOTAL)
                    .build();
        }
        if (request instanceof PutItemRequest put) {
            return put.toBuilder()
                    .returnConsumedCapacity(ReturnConsumedCapacity.TOTAL)
                    .build();
        }
        if (request instanceof DeleteItemRequest delete) {
            return delete.toBuilder()
                    .returnConsumedCapacity(ReturnConsumedCapacity.TOTAL)
                    .build();
        }
        return request instanceof GetItemRequest get
                ? get.toBuilder()
                        .returnConsumedCapacity(ReturnConsumedCapacity.TOTAL)
                        .build()
                : request;
    }

    @Override
    public void afterTransmission(Context.AfterTransmission context, ExecutionAttributes attributes) {
        requests.incrementAndGet();
        sent.addAndGet(context.httpRequest()
                .firstMatchingHeader(CONTENT_LENGTH)
                .map(Long::valueOf)
                .orElseThrow());
        received.addAndGet(context.httpResponse()
                .firstMatchingHeader(CONTENT_LENGTH)
                .map(Long::valueOf)
                .orElseThrow());
    }

    @Override
    public void afterExecution(Context.AfterExecution context, ExecutionAttributes attributes) {
        ConsumedCapacity consumed = consumed(context.response());
        if (consumed != null) {
            units.add(consumed.capacityUnits());
        }
    }

    private static @Nullable ConsumedCapacity consumed(SdkResponse response) {
        if (response instanceof UpdateItemResponse update) {
            return update.consumedCapacity();
        }
        if (response instanceof PutItemResponse put) {
            return put.consumedCapacity();
        }
        if (response instanceof DeleteItemResponse delete) {
            return delete.consumedCapacity();
        }
        return response instanceof GetItemResponse get ? get.consumedCapacity() : null;
    }
}
