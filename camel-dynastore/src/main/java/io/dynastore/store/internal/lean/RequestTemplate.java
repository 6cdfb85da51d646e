/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store.internal.lean;

import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.http.SdkHttpFullRequest;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;
import software.amazon.awssdk.identity.spi.AwsSessionCredentialsIdentity;

/**
 * All that is the same in the first attempts of an operation with the same credentials: endpoint, region and headers.
 * It is taken from a request that the SDK has sent. So the rules of endpoints, headers and user agents are the SDK's.
 * Thread safe.
 */
final class RequestTemplate {

    /** The values of these are the same, since they depend on the credentials and the endpoint only. */
    private static final Set<String> OF_CREDENTIALS = Set.of("host", "x-amz-security-token");

    /** What is the same in all requests of an operation. */
    private static final Set<String> OF_ALL = Set.of("amz-sdk-request", "content-type", "user-agent", "x-amz-target");

    private static final Pattern AUTHORIZATION = Pattern.compile(
            "AWS4-HMAC-SHA256 Credential=[^/]+/\\d{8}/(?<region>[^/]+)/(?<service>[^/]+)/aws4_request, .*");

    private final SdkHttpRequest endpoint;
    private final URI uri;
    private final List<Header> headers;
    private final AwsCredentialsIdentity identity;
    private final RequestSigner signer;

    /**
     * A header of each request.
     *
     * @param constant its value; null if each request has another one
     * @param own which one it is then
     */
    record Header(
            String name,
            @Nullable String constant,
            @Nullable OwnHeader own) {

        /** The value in a request with these values of its own. */
        String value(String[] values) {
            return own == null ? Objects.requireNonNull(constant) : own.in(values);
        }
    }

    private RequestTemplate(
            SdkHttpRequest endpoint, List<Header> headers, AwsCredentialsIdentity identity, RequestSigner signer) {
        this.endpoint = endpoint;
        this.uri = endpoint.getUri();
        this.headers = headers;
        this.identity = identity;
        this.signer = signer;
    }

    /**
     * The template of a request that the SDK has signed with these credentials; empty if it is signed in another way,
     * or has a header of which it is not known whether each request has the same.
     */
    static Optional<RequestTemplate> of(SdkHttpRequest signed, AwsCredentialsIdentity identity) {
        Matcher authorization = AUTHORIZATION.matcher(
                signed.firstMatchingHeader("Authorization").orElse(""));
        List<Header> headers = new ArrayList<>();
        signed.forEachHeader((name, values) -> headers.add(header(name, values)));
        if (signed.method() != SdkHttpMethod.POST || !authorization.matches() || headers.contains(null)) {
            return Optional.empty();
        }
        RequestSigner signer = new RequestSigner(
                identity.accessKeyId(),
                identity.secretAccessKey(),
                authorization.group("region"),
                authorization.group("service"),
                signed.encodedPath(),
                constants(headers));
        return Optional.of(new RequestTemplate(endpoint(signed), List.copyOf(headers), identity, signer));
    }

    /** Null if it is not known how requests get it. */
    private static @Nullable Header header(String name, List<String> values) {
        String lower = name.toLowerCase(Locale.ROOT);
        OwnHeader own = OwnHeader.of(name);
        if (values.size() != 1 || (own == null && !OF_ALL.contains(lower) && !OF_CREDENTIALS.contains(lower))) {
            return null;
        }
        return new Header(name, own == null ? values.get(0) : null, own);
    }

    private static SortedMap<String, String> constants(List<Header> headers) {
        SortedMap<String, String> constants = new TreeMap<>();
        headers.forEach(header -> constants.put(
                header.name().toLowerCase(Locale.ROOT), Objects.requireNonNullElse(header.constant(), "")));
        return constants;
    }

    private static SdkHttpRequest endpoint(SdkHttpRequest signed) {
        SdkHttpRequest.Builder bare = signed.toBuilder().clearHeaders();
        if (bare instanceof SdkHttpFullRequest.Builder full) {
            // Or the body of the first request would be kept as long as the client.
            full.contentStreamProvider(null);
        }
        return bare.build();
    }

    /** Whether requests with these credentials are made from this template. */
    boolean isFor(AwsCredentialsIdentity other) {
        return other == identity
                || (other.accessKeyId().equals(identity.accessKeyId())
                        && other.secretAccessKey().equals(identity.secretAccessKey())
                        && other.accountId().equals(identity.accountId())
                        && Objects.equals(token(other), token(identity)));
    }

    private static @Nullable String token(AwsCredentialsIdentity identity) {
        return identity instanceof AwsSessionCredentialsIdentity session ? session.sessionToken() : null;
    }

    /** A request without headers and body. */
    SdkHttpRequest endpoint() {
        return endpoint;
    }

    URI uri() {
        return uri;
    }

    /** The headers, in the order in which they are sent. */
    List<Header> headers() {
        return headers;
    }

    /**
     * A signed request.
     *
     * @param invocation the number of the call
     * @param now the service's time, as far as it is known
     */
    SdkHttpRequest sign(SdkBytes body, String invocation, Instant now) {
        byte[] bytes = body.asByteArrayUnsafe();
        String[] own = new String[OwnHeader.COUNT];
        OwnHeader.INVOCATION.put(own, invocation);
        OwnHeader.LENGTH.put(own, Integer.toString(bytes.length));
        OwnHeader.HASH.put(own, RequestSigner.hash(bytes));
        OwnHeader.DATE.put(own, signer.date(now));
        OwnHeader.AUTHORIZATION.put(own, signer.authorization(own));
        return new SignedRequest(this, own);
    }
}
