/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store.internal.lean;

import java.time.Clock;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.http.SdkHttpFullRequest;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.SignRequest;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;

/**
 * All that is the same in the first attempts of an operation with the same credentials: endpoint, region and headers.
 * It is taken from a request that the SDK has sent. So the rules of endpoints, headers and user agents are the SDK's.
 * Immutable.
 *
 * @param request the request, without the headers that {@link #sign} sets
 * @param accessKeyId of the credentials
 * @param region the region that the SDK signs for
 * @param service the service that the SDK signs for
 */
record RequestTemplate(SdkHttpRequest request, String accessKeyId, String region, String service) {

    private static final AwsV4HttpSigner SIGNER = AwsV4HttpSigner.create();

    private static final String INVOCATION = "amz-sdk-invocation-id";
    private static final String LENGTH = "Content-Length";

    /** What differs between two requests. */
    private static final Set<String> OF_ONE_REQUEST = Set.of(
            INVOCATION,
            "content-length",
            "authorization",
            "host",
            "x-amz-date",
            "x-amz-content-sha256",
            "x-amz-security-token");

    private static final Pattern AUTHORIZATION = Pattern.compile(
            "AWS4-HMAC-SHA256 Credential=(?<key>[^/]+)/\\d{8}/(?<region>[^/]+)/(?<service>[^/]+)/aws4_request, .*");

    /** What is the same in all requests of an operation. */
    private static final Set<String> OF_ALL = Set.of("amz-sdk-request", "content-type", "user-agent", "x-amz-target");

    /**
     * The template of a request that the SDK has signed; empty if it is signed in another way, or has a header of which
     * it is not known whether each request has the same.
     */
    static Optional<RequestTemplate> of(SdkHttpRequest signed) {
        Matcher authorization = AUTHORIZATION.matcher(
                signed.firstMatchingHeader("Authorization").orElse(""));
        if (!authorization.matches() || !isKnown(signed)) {
            return Optional.empty();
        }
        SdkHttpRequest.Builder bare = signed.toBuilder();
        signed.forEachHeader((name, values) -> {
            if (OF_ONE_REQUEST.contains(name.toLowerCase(Locale.ROOT))) {
                bare.removeHeader(name);
            }
        });
        if (bare instanceof SdkHttpFullRequest.Builder full) {
            // Or the body of the first request would be kept as long as the client.
            full.contentStreamProvider(null);
        }
        return Optional.of(new RequestTemplate(
                bare.build(),
                authorization.group("key"),
                authorization.group("region"),
                authorization.group("service")));
    }

    private static boolean isKnown(SdkHttpRequest signed) {
        return signed.headers().keySet().stream()
                .map(name -> name.toLowerCase(Locale.ROOT))
                .allMatch(name -> OF_ALL.contains(name) || OF_ONE_REQUEST.contains(name));
    }

    /** Whether requests with these credentials are made from this template. */
    boolean isFor(AwsCredentialsIdentity identity) {
        return identity.accessKeyId().equals(accessKeyId);
    }

    /**
     * A signed request.
     *
     * @param invocation the number of the call
     * @param clock the service's time, as far as it is known
     */
    SdkHttpRequest sign(AwsCredentialsIdentity identity, SdkBytes body, String invocation, Clock clock) {
        SdkHttpRequest unsigned = request.toBuilder()
                .putHeader(INVOCATION, invocation)
                .putHeader(LENGTH, Integer.toString(body.asByteArrayUnsafe().length))
                .build();
        return SIGNER.sign(SignRequest.builder(identity)
                        .request(unsigned)
                        .payload(body::asInputStream)
                        .putProperty(AwsV4HttpSigner.REGION_NAME, region)
                        .putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, service)
                        .putProperty(HttpSigner.SIGNING_CLOCK, clock)
                        .build())
                .request();
    }
}
