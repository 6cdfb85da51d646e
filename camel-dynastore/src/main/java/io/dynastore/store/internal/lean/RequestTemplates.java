/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store.internal.lean;

import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.http.SdkHttpFullRequest;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbRequest;

/**
 * The templates of the requests of a client, one for each operation. Thread safe.
 *
 * <p>A template is taken from a request of the SDK only if it gives that request again: the same body byte by byte, the
 * same headers, the same signature. So no request is made here that the SDK would have made in another way. If an
 * operation fails that several times, the SDK sends all its requests.
 *
 * <p>Decision 21 in docs/decisions has the reasons.
 */
final class RequestTemplates {

    private static final Logger LOG = LoggerFactory.getLogger("io.dynastore.camel.DynaStoreComponent");

    /** A failure may be by chance: credentials that change while a request is made. */
    private static final int MOST_FAILURES = 3;

    private static final DateTimeFormatter DATE =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmssX").withZone(ZoneOffset.UTC);

    private final Map<Class<?>, RequestTemplate> templates = new ConcurrentHashMap<>();
    private final Map<Class<?>, AtomicInteger> failures = new ConcurrentHashMap<>();

    /**
     * A request that the SDK is about to send, and from which a template may be taken.
     *
     * @param identity the credentials that it is expected to be signed with
     * @param body the body that it is expected to have
     */
    record Lesson(Class<? extends DynamoDbRequest> operation, AwsCredentialsIdentity identity, SdkBytes body) {}

    /** The template for requests with these credentials; null if there is none. */
    @Nullable
    RequestTemplate get(Class<? extends DynamoDbRequest> operation, AwsCredentialsIdentity identity) {
        RequestTemplate template = templates.get(operation);
        return template != null && template.isFor(identity) ? template : null;
    }

    /** Whether it makes sense to try it with another request. */
    boolean mayLearn(Class<? extends DynamoDbRequest> operation) {
        AtomicInteger failed = failures.get(operation);
        return failed == null || failed.get() < MOST_FAILURES;
    }

    /** Takes a template from a signed request, if it gives that request again. */
    void learn(Lesson lesson, SdkHttpRequest signed) {
        RequestTemplate template = RequestTemplate.of(signed, lesson.identity()).orElse(null);
        if (template != null && gives(template, lesson, signed)) {
            templates.put(lesson.operation(), template);
            failures.remove(lesson.operation());
            return;
        }
        int failed = failures.computeIfAbsent(lesson.operation(), first -> new AtomicInteger())
                .incrementAndGet();
        if (failed == MOST_FAILURES) {
            LOG.debug(
                    "The SDK sends each {}, because its requests have something that is unknown here",
                    lesson.operation().getSimpleName());
        }
    }

    private static boolean gives(RequestTemplate template, Lesson lesson, SdkHttpRequest signed) {
        try {
            SdkHttpRequest again = template.sign(lesson.body(), ReplayingHttpClient.invocation(signed), date(signed));
            return again.method() == signed.method()
                    && again.getUri().equals(signed.getUri())
                    && again.headers().equals(signed.headers())
                    && lesson.body().equals(body(signed));
        } catch (IOException | RuntimeException e) {
            // In doubt, the SDK sends.
            return false;
        }
    }

    private static Instant date(SdkHttpRequest signed) {
        return DATE.parse(signed.firstMatchingHeader("X-Amz-Date").orElse(""), Instant::from);
    }

    private static @Nullable SdkBytes body(SdkHttpRequest signed) throws IOException {
        if (signed instanceof SdkHttpFullRequest full) {
            ContentStreamProvider content = full.contentStreamProvider().orElse(null);
            if (content != null) {
                try (InputStream stream = content.newStream()) {
                    return SdkBytes.fromInputStream(stream);
                }
            }
        }
        return null;
    }
}
