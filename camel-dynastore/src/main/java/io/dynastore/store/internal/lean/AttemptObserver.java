/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store.internal.lean;

import io.dynastore.store.internal.item.LaterAttempts;
import io.dynastore.store.internal.item.RetryWithinTimeout;
import java.time.Instant;
import java.util.UUID;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttribute;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.SdkExecutionAttribute;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.services.dynamodb.model.DescribeEndpointsRequest;

/** Sees the attempts that the SDK makes, and learns from them what first attempts must heed. Thread safe. */
final class AttemptObserver implements LaterAttempts {

    /** The SDK refuses a second attribute of a name, even if it belongs to another copy of this class. */
    private static final String UNIQUE = UUID.randomUUID().toString();

    /** On a request that is to be the source of a template. */
    static final ExecutionAttribute<RequestTemplates.Lesson> LESSON =
            new ExecutionAttribute<>("dynastore-lesson-" + UNIQUE);

    /** On a request whose first attempt was made already. */
    static final ExecutionAttribute<Replay> REPLAY = new ExecutionAttribute<>("dynastore-replay-" + UNIQUE);

    /** On such a request: when its call began. */
    static final ExecutionAttribute<RetryWithinTimeout.Begun> BEGUN =
            new ExecutionAttribute<>("dynastore-begun-" + UNIQUE);

    private static final String ATTEMPT = "amz-sdk-request";
    private static final String FIRST = "attempt=1;";

    private final RequestTemplates templates;
    private volatile int secondsAhead;
    private volatile boolean discovery;

    AttemptObserver(RequestTemplates templates) {
        this.templates = templates;
    }

    /** A first attempt that was made already, and the number that the SDK gives to its call. */
    static final class Replay {
        private final ReplayingHttpClient http;
        private final AttemptOutcome outcome;
        private volatile String invocation = "";

        Replay(ReplayingHttpClient http, AttemptOutcome outcome) {
            this.http = http;
            this.outcome = outcome;
        }

        private void begin(SdkHttpRequest request) {
            invocation = ReplayingHttpClient.invocation(request);
            http.instead(invocation, outcome);
        }

        /** The call has ended. */
        void end() {
            http.forget(invocation);
        }
    }

    /** The time that the SDK signs with: that of the JVM, with the correction that the SDK has found necessary. */
    Instant now() {
        return Instant.now().minusSeconds(secondsAhead);
    }

    /** Whether the SDK asks the service for endpoints, which then change as it likes. */
    boolean discoversEndpoints() {
        return discovery;
    }

    @Override
    public void beforeTransmission(Context.BeforeTransmission context, ExecutionAttributes attributes) {
        Integer ahead = attributes.getAttribute(SdkExecutionAttribute.TIME_OFFSET);
        if (ahead != null) {
            secondsAhead = ahead;
        }
        if (context.request() instanceof DescribeEndpointsRequest) {
            discovery = true;
        }
        SdkHttpRequest request = context.httpRequest();
        if (!request.firstMatchingHeader(ATTEMPT).orElse("").startsWith(FIRST)) {
            return;
        }
        Replay replay = attributes.getAttribute(REPLAY);
        if (replay != null) {
            replay.begin(request);
        }
        RequestTemplates.Lesson lesson = attributes.getAttribute(LESSON);
        if (lesson != null) {
            templates.learn(lesson, request);
        }
    }
}
