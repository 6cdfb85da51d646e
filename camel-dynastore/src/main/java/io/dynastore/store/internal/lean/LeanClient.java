/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store.internal.lean;

import io.dynastore.store.internal.item.ForwardingClient;
import io.dynastore.store.internal.item.LaterAttempts;
import io.dynastore.store.internal.item.PageItems;
import java.time.Duration;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.AwsRequestOverrideConfiguration;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.client.config.ClientOverrideConfiguration;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;
import software.amazon.awssdk.identity.spi.IdentityProvider;
import software.amazon.awssdk.retries.LegacyRetryStrategy;
import software.amazon.awssdk.retries.StandardRetryStrategy;
import software.amazon.awssdk.retries.api.AcquireInitialTokenRequest;
import software.amazon.awssdk.retries.api.RecordSuccessRequest;
import software.amazon.awssdk.retries.api.RetryStrategy;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbServiceClientConfiguration;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbRequest;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsRequest;
import software.amazon.awssdk.services.dynamodb.waiters.DynamoDbAsyncWaiter;

/**
 * A client that makes the first attempt of frequent requests itself, at less cost than the SDK's client. Thread safe.
 *
 * <ol>
 *   <li>A response that says success, and that can be read in full, ends the call.
 *   <li>Whatever else comes of the attempt is reported to the SDK's client as the outcome of <em>its</em> first
 *       attempt. So retries, pauses, errors and their classes are those of the SDK.
 *   <li>What a request consists of is taken from requests that the SDK has sent, see {@link RequestTemplates}.
 *   <li>The SDK sends every request that has settings of its own other than time limits, and each one of a client
 *       that has interceptors or publishers of metrics.
 * </ol>
 *
 * <p>Decision 21 in docs/decisions has the reasons.
 */
final class LeanClient extends ForwardingClient {

    /** The SDK's own interceptors, which change nothing, or the same in each request of an operation. */
    private static final Set<String> HARMLESS = Set.of(
            "software.amazon.awssdk.core.internal.interceptor.HttpChecksumValidationInterceptor",
            "software.amazon.awssdk.awscore.interceptor.HelpfulUnknownHostExceptionInterceptor",
            "software.amazon.awssdk.awscore.eventstream.EventStreamInitialRequestInterceptor",
            "software.amazon.awssdk.awscore.interceptor.TraceIdExecutionInterceptor",
            "software.amazon.awssdk.enhanced.dynamodb.internal.ApplyUserAgentInterceptor");

    /** How long only the SDK asks for credentials after they could not be had. Else each call would ask twice. */
    private static final long PAUSE = Duration.ofSeconds(1).toNanos();

    /** In a Lambda function each request names the trace of what the function does at that moment. */
    private static final boolean IN_LAMBDA = System.getenv("AWS_LAMBDA_FUNCTION_NAME") != null;

    /** The SDK has one scope for all calls of a client. */
    private static final AcquireInitialTokenRequest SCOPE = AcquireInitialTokenRequest.create("GLOBAL");

    private final ReplayingHttpClient http;
    private final AttemptObserver observer;
    private final RequestTemplates templates;
    private final RetryStrategy retries;
    private final Threads threads;
    private final IdentityProvider<? extends AwsCredentialsIdentity> identities;
    private final CallLimits limits;
    private final boolean applicable;
    private final LongAdder attempts = new LongAdder();

    /** Until when only the SDK asks for credentials, by {@link System#nanoTime}; null: they could be had. */
    private volatile @Nullable Long pauseEnd;

    /**
     * A client over the SDK's.
     *
     * @param retries those of the SDK's client, which learn of calls that succeed at once
     * @param threads the caller shuts them down
     */
    LeanClient(
            DynamoDbAsyncClient client,
            ReplayingHttpClient http,
            AttemptObserver observer,
            RequestTemplates templates,
            RetryStrategy retries,
            Threads threads) {
        super(client);
        this.http = http;
        this.observer = observer;
        this.templates = templates;
        this.retries = retries;
        this.threads = threads;
        DynamoDbServiceClientConfiguration settings = client.serviceClientConfiguration();
        ClientOverrideConfiguration override = settings.overrideConfiguration();
        this.identities = settings.credentialsProvider();
        this.limits = new CallLimits(
                override.apiCallTimeout().orElse(null),
                override.apiCallAttemptTimeout().orElse(null));
        this.applicable = !IN_LAMBDA
                && override.metricPublishers().isEmpty()
                && override.executionInterceptors().stream().allMatch(LeanClient::isHarmless);
    }

    private static boolean isHarmless(ExecutionInterceptor interceptor) {
        return interceptor instanceof LaterAttempts
                || HARMLESS.contains(interceptor.getClass().getName());
    }

    /** Whether these retries have nothing to decide before a first attempt. Adaptive ones may hold it back. */
    static boolean isPossible(RetryStrategy retries) {
        return retries instanceof StandardRetryStrategy || retries instanceof LegacyRetryStrategy;
    }

    /** The number of attempts that were not the SDK's. */
    long attempts() {
        return attempts.sum();
    }

    @Override
    protected boolean readsPages() {
        return applicable;
    }

    @Override
    protected <Q extends DynamoDbRequest, A> CompletableFuture<A> send(
            Q given, Function<Q, CompletableFuture<A>> call) {
        ResponseReader<?> reader = ResponseReader.of(given.getClass());
        if (reader == null || !applicable || observer.discoversEndpoints() || !templates.mayLearn(given.getClass())) {
            return call.apply(given);
        }
        CallLimits own = CallLimits.of(given, limits).orElse(null);
        if (own == null || Tables.byArn(given) || isPaused()) {
            return call.apply(given);
        }
        Q request = withToken(given);
        AwsCredentialsIdentity identity = identity();
        SdkBytes body = identity == null ? null : RequestWriter.write(request);
        if (identity == null || body == null) {
            return call.apply(request);
        }
        RequestTemplate template = templates.get(request.getClass(), identity);
        if (template == null) {
            return call.apply(lesson(request, new RequestTemplates.Lesson(request.getClass(), identity, body)));
        }
        attempts.increment();
        LeanCall<Q, A> lean = new LeanCall<>(request, call, own, identity, http, this::succeeded);
        PageItems items = request.overrideConfiguration().map(PageItems::in).orElse(null);
        lean.begin(
                items == null ? reader : reader.into(items),
                template.sign(body, number(), observer.now()),
                body,
                threads);
        return lean.response();
    }

    /** The SDK would draw the token for each of its own calls anew: the attempts of one call must have the same. */
    @SuppressWarnings("unchecked")
    private static <Q extends DynamoDbRequest> Q withToken(Q request) {
        return request instanceof TransactWriteItemsRequest transaction && transaction.clientRequestToken() == null
                ? (Q) transaction.toBuilder()
                        .clientRequestToken(UUID.randomUUID().toString())
                        .build()
                : request;
    }

    /** The credentials, unless they are still on their way or can't be had: then the SDK waits for them, or fails. */
    private @Nullable AwsCredentialsIdentity identity() {
        try {
            CompletableFuture<? extends AwsCredentialsIdentity> identity = identities.resolveIdentity();
            if (identity.isDone()) {
                return identity.join();
            }
            var unused = identity.whenComplete((late, error) -> {
                if (error != null) {
                    pause();
                }
            });
        } catch (RuntimeException e) {
            pause();
        }
        return null;
    }

    private void pause() {
        pauseEnd = System.nanoTime() + PAUSE;
    }

    private boolean isPaused() {
        Long end = pauseEnd;
        if (end == null) {
            return false;
        }
        if (System.nanoTime() - end < 0) {
            return true;
        }
        pauseEnd = null;
        return false;
    }

    @SuppressWarnings("unchecked")
    private static <Q extends DynamoDbRequest> Q lesson(Q request, RequestTemplates.Lesson lesson) {
        AwsRequestOverrideConfiguration.Builder settings = request.overrideConfiguration()
                .map(AwsRequestOverrideConfiguration::toBuilder)
                .orElseGet(AwsRequestOverrideConfiguration::builder);
        settings.putExecutionAttribute(AttemptObserver.LESSON, lesson);
        return (Q) request.toBuilder().overrideConfiguration(settings.build()).build();
    }

    /** A number like those of the SDK: for logs, not for secrets. */
    private static String number() {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        return new UUID(random.nextLong(), random.nextLong()).toString();
    }

    /** A success at once adds to the quota of retries. */
    private void succeeded() {
        retries.recordSuccess(
                RecordSuccessRequest.create(retries.acquireInitialToken(SCOPE).token()));
    }

    @Override
    public void close() {
        client().close();
    }

    @Override
    public DynamoDbAsyncWaiter waiter() {
        return DynamoDbAsyncWaiter.builder().client(this).build();
    }
}
