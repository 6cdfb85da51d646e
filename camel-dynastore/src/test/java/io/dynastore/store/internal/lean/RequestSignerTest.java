/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store.internal.lean;

import static org.assertj.core.api.Assertions.assertThat;

import io.dynastore.testkit.TestSeed;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.http.SdkHttpFullRequest;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.SignRequest;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;
import software.amazon.awssdk.services.dynamodb.model.GetItemRequest;

/** Requests are signed as the SDK's signer does it; what it would sign in another way has no template. */
class RequestSignerTest {

    private static final AwsV4HttpSigner SDK = AwsV4HttpSigner.create();
    private static final AwsCredentialsIdentity IDENTITY = AwsBasicCredentials.create("AKID", "secret");
    private static final Instant NOON = Instant.parse("2026-02-03T12:00:00Z");
    private static final String[] REGIONS = {"eu-central-1", "us-gov-west-1", "cn-north-1", "local"};
    private static final String[] PATHS = {"", "/", "/some/path"};
    private static final String LETTERS = "ABCabc0189+/=";
    private static final int TEMPLATES = Integer.getInteger("dynastore.test.signer", 400);
    private static final int REQUESTS = 10;

    private final long seed = TestSeed.value();
    private final Random random = new Random(seed);

    @Test
    void signaturesAreThoseOfTheSdk() {
        for (int round = 0; round < TEMPLATES; round++) {
            AwsCredentialsIdentity identity = credentials();
            String region = oneOf(REGIONS);
            URI endpoint = URI.create("https://" + text(1 + random.nextInt(20)).replaceAll("[^a-z0-9]", "x") + "."
                    + region + (random.nextBoolean() ? ".amazonaws.com" : ".example:" + (1 + random.nextInt(60_000)))
                    + oneOf(PATHS));
            String target = "DynamoDB_20120810." + oneOf("GetItem", "PutItem", "Query");
            RequestTemplate template = RequestTemplate.of(
                            sdk(identity, region, endpoint, target, body(), number(), moment()), identity)
                    .orElseThrow();
            for (int i = 0; i < REQUESTS; i++) {
                SdkBytes body = body();
                String number = number();
                Instant now = moment();

                SdkHttpRequest own = template.sign(body, number, now);

                assertSame(own, sdk(identity, region, endpoint, target, body, number, now));
            }
        }
    }

    private void assertSame(SdkHttpRequest own, SdkHttpRequest expected) {
        assertThat(own.headers()).as("seed " + seed).isEqualTo(new TreeMap<>(expected.headers()));
        assertThat(own.getUri()).isEqualTo(expected.getUri());
        assertThat(own.method()).isEqualTo(expected.method());
        assertThat(own.numHeaders()).isEqualTo(expected.numHeaders());
        assertThat(own.encodedPath()).isEqualTo(expected.encodedPath());
        assertThat(own.encodedQueryParameters()).isEqualTo(expected.encodedQueryParameters());
        assertThat(own.rawQueryParameters()).isEqualTo(expected.rawQueryParameters());
        assertThat(own.protocol()).isEqualTo(expected.protocol());
        assertThat(own.host()).isEqualTo(expected.host());
        assertThat(own.port()).isEqualTo(expected.port());
        assertThat(own.toBuilder().build().headers()).isEqualTo(own.headers());
        expected.headers().forEach((name, values) -> assertThat(own.firstMatchingHeader(name.toUpperCase(Locale.ROOT)))
                .contains(values.get(0)));
        assertThat(own.firstMatchingHeader("other")).isEmpty();
    }

    /** Between two days, between two seconds, and back again when a clock is corrected. */
    @Test
    void signaturesAreThoseOfTheSdkWhenTheDayChanges() {
        URI endpoint = URI.create("https://dynamodb.eu-central-1.amazonaws.com");
        RequestTemplate template = template(endpoint, IDENTITY).orElseThrow();
        Instant midnight = Instant.parse("2026-03-01T00:00:00Z");
        SdkBytes body = SdkBytes.fromUtf8String("{}");

        for (long millis : new long[] {-1_001, -1, 0, 999, 1_000, -1, 86_400_000, -86_400_000, 0}) {
            Instant now = midnight.plusMillis(millis);

            SdkHttpRequest own = template.sign(body, "number", now);

            assertSame(own, sdk(IDENTITY, "eu-central-1", endpoint, "t", body, "number", now));
        }
    }

    @Test
    void credentialsThatDifferInAnythingHaveAnotherTemplate() {
        URI endpoint = URI.create("https://dynamodb.eu-central-1.amazonaws.com");
        AwsCredentialsIdentity session = AwsSessionCredentials.create("AKID", "secret", "token");
        AwsCredentialsIdentity account = AwsBasicCredentials.builder()
                .accessKeyId("AKID")
                .secretAccessKey("secret")
                .accountId("123456789012")
                .build();
        RequestTemplate template = template(endpoint, session).orElseThrow();

        assertThat(template.isFor(AwsSessionCredentials.create("AKID", "secret", "token")))
                .isTrue();
        assertThat(template.isFor(AwsSessionCredentials.create("AKIE", "secret", "token")))
                .isFalse();
        assertThat(template.isFor(AwsSessionCredentials.create("AKID", "secreu", "token")))
                .isFalse();
        assertThat(template.isFor(AwsSessionCredentials.create("AKID", "secret", "tokeo")))
                .isFalse();
        assertThat(template.isFor(IDENTITY)).isFalse();
        assertThat(template(endpoint, IDENTITY).orElseThrow().isFor(account)).isFalse();
    }

    @Test
    void requestIsShownWithoutItsHeaders() {
        URI endpoint = URI.create("https://dynamodb.eu-central-1.amazonaws.com");
        RequestTemplate template = template(endpoint, AwsSessionCredentials.create("AKID", "secret", "token"))
                .orElseThrow();

        assertThat(template.sign(SdkBytes.fromUtf8String("{}"), "number", NOON))
                .hasToString("POST https://dynamodb.eu-central-1.amazonaws.com");
    }

    /** A path that the SDK encodes again, a query, and a header whose spaces it removes. */
    @ParameterizedTest
    @ValueSource(strings = {"https://a.example/a%20b", "https://a.example/?x=1", "https://a.example/a/../b"})
    void requestThatTheSdkSignsInAnotherWayIsLeftToIt(String endpoint) {
        SdkBytes body = SdkBytes.fromUtf8String("{}");
        SdkHttpRequest signed = sdk(IDENTITY, "local", URI.create(endpoint), "t", body, "number", NOON);
        RequestTemplates templates = new RequestTemplates();

        templates.learn(
                new RequestTemplates.Lesson(GetItemRequest.class, IDENTITY, body),
                ((SdkHttpFullRequest) signed)
                        .toBuilder().contentStreamProvider(body::asInputStream).build());

        assertThat(templates.get(GetItemRequest.class, IDENTITY)).isNull();
    }

    private Optional<RequestTemplate> template(URI endpoint, AwsCredentialsIdentity identity) {
        return RequestTemplate.of(
                sdk(identity, "eu-central-1", endpoint, "t", SdkBytes.fromUtf8String("{}"), "number", NOON), identity);
    }

    private static SdkHttpRequest sdk(
            AwsCredentialsIdentity identity,
            String region,
            URI endpoint,
            String target,
            SdkBytes body,
            String number,
            Instant now) {
        SdkHttpRequest unsigned = SdkHttpFullRequest.builder()
                .method(SdkHttpMethod.POST)
                .uri(endpoint)
                .putHeader("amz-sdk-invocation-id", number)
                .putHeader("amz-sdk-request", "attempt=1; max=3")
                .putHeader("Content-Length", Integer.toString(body.asByteArrayUnsafe().length))
                .putHeader("Content-Type", "application/x-amz-json-1.0")
                .putHeader("User-Agent", "sdk (by the test)  with spaces")
                .putHeader("X-Amz-Target", target)
                .build();
        return SDK.sign(SignRequest.builder(identity)
                        .request(unsigned)
                        .payload(body::asInputStream)
                        .putProperty(AwsV4HttpSigner.REGION_NAME, region)
                        .putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, "dynamodb")
                        .putProperty(HttpSigner.SIGNING_CLOCK, Clock.fixed(now, ZoneOffset.UTC))
                        .build())
                .request();
    }

    private AwsCredentialsIdentity credentials() {
        String key = text(16 + random.nextInt(5)).replace('/', 'x');
        String secret = text(1 + random.nextInt(60));
        return random.nextBoolean()
                ? AwsBasicCredentials.create(key, secret)
                : AwsSessionCredentials.create(key, secret, text(1 + random.nextInt(400)));
    }

    private Instant moment() {
        return NOON.plus(Duration.ofMillis(random.nextLong(-400_000_000_000L, 400_000_000_000L)));
    }

    private String number() {
        return new UUID(random.nextLong(), random.nextLong()).toString();
    }

    private SdkBytes body() {
        byte[] body = new byte[random.nextInt(random.nextInt(10) == 0 ? 20_000 : 300)];
        random.nextBytes(body);
        return SdkBytes.fromByteArrayUnsafe(body);
    }

    private String text(int length) {
        StringBuilder text = new StringBuilder();
        while (text.length() < length) {
            text.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
        }
        return text.toString();
    }

    private String oneOf(String... texts) {
        return texts[random.nextInt(texts.length)];
    }
}
