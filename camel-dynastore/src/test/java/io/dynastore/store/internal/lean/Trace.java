/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store.internal.lean;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbResponse;

/** All that can be seen of calls, in lines that are equal for clients that behave alike. */
final class Trace {

    /** Different for each request; the signature covers them. */
    private static final Set<String> RANDOM = Set.of("amz-sdk-invocation-id", "authorization", "x-amz-date");

    final List<String> lines = new ArrayList<>();

    /** Notes how a call ends, and its class if it is no wrapper. */
    void end(CompletableFuture<? extends DynamoDbResponse> call) throws InterruptedException {
        try {
            DynamoDbResponse response = call.get(20, TimeUnit.SECONDS);
            lines.add("response " + response);
            lines.add("id " + response.responseMetadata() + " "
                    + response.responseMetadata().requestId());
            lines.add("status " + response.sdkHttpResponse().statusCode() + " "
                    + new TreeMap<>(response.sdkHttpResponse().headers()));
        } catch (ExecutionException e) {
            error("error", Objects.requireNonNull(e.getCause()));
        } catch (TimeoutException e) {
            lines.add("no end");
        }
    }

    void error(String what, Throwable error) {
        Throwable shown = error instanceof CompletionException && error.getCause() != null ? error.getCause() : error;
        lines.add(what + " " + shown.getClass().getName() + " " + message(shown));
        if (shown instanceof SdkException sdk) {
            lines.add("attempts " + sdk.numAttempts() + " retryable " + sdk.retryable());
        }
        if (shown instanceof AwsServiceException service) {
            lines.add("service " + service.requestId() + " " + service.statusCode() + " "
                    + service.awsErrorDetails().errorCode() + " "
                    + new TreeMap<>(service.awsErrorDetails().sdkHttpResponse().headers()));
        }
        if (shown instanceof ConditionalCheckFailedException failed) {
            lines.add("item " + failed.item());
        }
        if (shown.getStackTrace().length > 0) {
            lines.add("at " + shown.getStackTrace()[0].getClassName());
        }
        // The SDK adds attempts to this error when callers may have it already.
        if (!(shown instanceof ApiCallTimeoutException)) {
            for (Throwable suppressed : shown.getSuppressed()) {
                lines.add("suppressed " + suppressed);
            }
        }
        if (shown.getCause() != null && shown.getCause() != shown) {
            error("cause", shown.getCause());
        }
    }

    /** Without the identities and states of objects. */
    private static String message(Throwable error) {
        return String.valueOf(error.getMessage())
                .replaceAll("@\\p{XDigit}+", "@")
                .replaceAll("\\[[\\w ]+, pool size.*", "");
    }

    /** Notes what was sent. */
    void sent(List<ScriptedHttp.Sent> requests) {
        for (ScriptedHttp.Sent one : requests) {
            lines.add(one.request().method() + " " + one.request().getUri());
            one.request()
                    .headers()
                    .forEach((name, values) -> lines.add("  " + name + " "
                            + (RANDOM.contains(name.toLowerCase(Locale.ROOT)) ? shape(name, values) : values)));
            lines.add("  " + one.body().asUtf8String());
        }
    }

    private static String shape(String name, List<String> values) {
        // All but the signature is the same within a day.
        return name.equalsIgnoreCase("Authorization")
                ? values.get(0).replaceFirst("Signature=.*", "Signature")
                : Arrays.toString(values.stream().map(String::length).toArray());
    }
}
