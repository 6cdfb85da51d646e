/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.lease;

import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;

/**
 * Records when acquires and renewals were really built, whatever the shifted clocks show. One for all workers. Thread
 * safe.
 */
final class WriteTimes implements ExecutionInterceptor {

    private record Write(@Nullable String holder, long until) {}

    private final Map<Write, Long> built = new ConcurrentHashMap<>();

    /** By the exact wall clock, in milliseconds since 1970; empty if no worker has written this. */
    OptionalLong of(LockItem item) {
        Long time = built.get(new Write(item.holder(), item.until()));
        return time == null ? OptionalLong.empty() : OptionalLong.of(time);
    }

    /** Once for each request, before its first attempt. */
    @Override
    public void beforeExecution(Context.BeforeExecution context, ExecutionAttributes attributes) {
        if (context.request() instanceof UpdateItemRequest write) {
            AttributeValue holder = write.expressionAttributeValues().get(":me");
            AttributeValue until = write.expressionAttributeValues().get(":until");
            if (holder != null && until != null) {
                built.put(new Write(holder.s(), Long.parseLong(until.n())), System.currentTimeMillis());
            }
        }
    }
}
