/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store.internal.lean;

import java.net.URI;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;

/**
 * A request that is a template with a few headers of its own. The SDK's request copies all headers into maps, which
 * costs more than to sign it. Immutable.
 */
final class SignedRequest implements SdkHttpRequest {

    private final RequestTemplate template;
    private final String[] own;

    /**
     * A request.
     *
     * @param own the values of its own headers, in the order of {@link OwnHeader}; kept
     */
    SignedRequest(RequestTemplate template, String[] own) {
        this.template = template;
        this.own = own;
    }

    @Override
    public String protocol() {
        return template.endpoint().protocol();
    }

    @Override
    public String host() {
        return template.endpoint().host();
    }

    @Override
    public int port() {
        return template.endpoint().port();
    }

    @Override
    public String encodedPath() {
        return template.endpoint().encodedPath();
    }

    @Override
    public Map<String, List<String>> rawQueryParameters() {
        return template.endpoint().rawQueryParameters();
    }

    @Override
    public Optional<String> encodedQueryParameters() {
        return template.endpoint().encodedQueryParameters();
    }

    @Override
    public URI getUri() {
        return template.uri();
    }

    @Override
    public SdkHttpMethod method() {
        return template.endpoint().method();
    }

    @Override
    public Optional<String> firstMatchingHeader(String name) {
        for (RequestTemplate.Header header : template.headers()) {
            if (header.name().equalsIgnoreCase(name)) {
                return Optional.of(header.value(own));
            }
        }
        return Optional.empty();
    }

    @Override
    public void forEachHeader(BiConsumer<? super String, ? super List<String>> consumer) {
        for (RequestTemplate.Header header : template.headers()) {
            consumer.accept(header.name(), List.of(header.value(own)));
        }
    }

    @Override
    public int numHeaders() {
        return template.headers().size();
    }

    @Override
    public Map<String, List<String>> headers() {
        Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        forEachHeader(headers::put);
        return Collections.unmodifiableMap(headers);
    }

    /** Of the SDK's request. */
    @Override
    public SdkHttpRequest.Builder toBuilder() {
        SdkHttpRequest.Builder builder = template.endpoint().toBuilder();
        forEachHeader(builder::putHeader);
        return builder;
    }

    /** Without headers, as they contain a session token. */
    @Override
    public String toString() {
        return method() + " " + getUri();
    }
}
