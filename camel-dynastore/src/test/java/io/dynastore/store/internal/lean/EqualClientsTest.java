/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store.internal.lean;

import static org.assertj.core.api.Assertions.assertThat;

import io.dynastore.store.internal.item.LaterAttempts;
import io.dynastore.store.internal.item.RetryWithinTimeout;
import io.dynastore.testkit.LeanClients;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.function.UnaryOperator;
import java.util.zip.CRC32;
import java.util.zip.GZIPOutputStream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.client.config.ClientOverrideConfiguration;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.http.SdkHttpFullRequest;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.SignRequest;
import software.amazon.awssdk.metrics.MetricCollection;
import software.amazon.awssdk.metrics.MetricPublisher;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.StandardRetryStrategy;
import software.amazon.awssdk.retries.api.BackoffStrategy;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClientBuilder;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbResponse;
import software.amazon.awssdk.services.dynamodb.model.GetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsRequest;

/**
 * Over the same network, the two clients that the component makes send the same requests and end their calls alike.
 * Each test compares all that can be seen of the calls: requests with their headers and bodies, responses, errors with
 * message, class, cause and count of attempts.
 */
@Timeout(60)
class EqualClientsTest {

    private static final GetItemRequest GET = GetItemRequest.builder()
            .tableName("tickets")
            .key(Map.of("id", AttributeValue.fromS("1")))
            .build();

    private static final byte[] ITEM = bytes("{\"Item\":{\"id\":{\"S\":\"1\"},\"n\":{\"N\":\"2\"}},"
            + "\"ConsumedCapacity\":{\"TableName\":\"tickets\",\"CapacityUnits\":0.5}}");

    private static final DateTimeFormatter DATE =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmssX").withZone(ZoneOffset.UTC);

    private static final ScriptedHttp.Reply OK = ok(ITEM);

    private final List<DynamoDbAsyncClient> clients = new ArrayList<>();
    private UnaryOperator<DynamoDbAsyncClientBuilder> settings = builder -> builder;
    private AwsCredentialsProvider credentials = () -> AwsBasicCredentials.create("AKID", "secret");
    private Consumer<ClientOverrideConfiguration.Builder> more = override -> {};
    private Duration attemptLimit = Duration.ofSeconds(10);
    private Duration callLimit = Duration.ofSeconds(20);
    private Function<DynamoDbAsyncClient, CompletableFuture<? extends DynamoDbResponse>> call =
            client -> client.getItem(GET);

    @AfterEach
    void closeClients() {
        clients.forEach(DynamoDbAsyncClient::close);
        System.clearProperty("aws.newRetries2026");
    }

    // -- the comparison

    private final class Run {
        final AtomicInteger requests = new AtomicInteger();
        final ScriptedHttp http;
        final DynamoDbAsyncClient client;
        final Trace trace = new Trace();
        volatile boolean ready;

        Run(LeanClients kind, IntFunction<ScriptedHttp.Reply> script) {
            http = new ScriptedHttp(sent -> ready ? script.apply(requests.incrementAndGet()) : OK);
            StandardRetryStrategy retries = AwsRetryStrategy.standardRetryStrategy().toBuilder()
                    .backoffStrategy(BackoffStrategy.retryImmediately())
                    .throttlingBackoffStrategy(BackoffStrategy.retryImmediately())
                    .build();
            client = kind.client(
                    settings.apply(DynamoDbAsyncClient.builder()
                            .region(Region.EU_CENTRAL_1)
                            .credentialsProvider(credentials)),
                    http.builder(),
                    retries,
                    override -> more.accept(override.apiCallTimeout(callLimit).apiCallAttemptTimeout(attemptLimit)));
            clients.add(client);
        }

        /** The first call is the SDK's in any case. */
        Run warm() throws InterruptedException {
            new Trace().end(call.apply(client));
            http.sent.clear();
            ready = true;
            return this;
        }

        Run call() throws InterruptedException {
            try {
                trace.end(call.apply(client));
            } catch (RuntimeException e) {
                trace.error("thrown", e);
            }
            return this;
        }

        List<String> lines() {
            trace.sent(http.sent);
            return trace.lines;
        }

        long leanAttempts() {
            return client instanceof LeanClient lean ? lean.attempts() : 0;
        }
    }

    /** Has both clients make some calls, and compares what can be seen of them. Returns the lean client's run. */
    private Run compare(int calls, IntFunction<ScriptedHttp.Reply> script) throws InterruptedException {
        Run sdk = new Run(LeanClients.SDK, script).warm();
        Run lean = new Run(LeanClients.LEAN, script).warm();
        for (int i = 0; i < calls; i++) {
            sdk.call();
            lean.call();
        }
        assertThat(lean.lines()).isEqualTo(sdk.lines());
        return lean;
    }

    /** The same for one call whose first attempt is the lean one. */
    private void compareCall(IntFunction<ScriptedHttp.Reply> script) throws InterruptedException {
        assertThat(compare(1, script).leanAttempts()).isOne();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String crc(byte[] body) {
        CRC32 crc = new CRC32();
        crc.update(body);
        return Long.toString(crc.getValue());
    }

    private static ScriptedHttp.Reply ok(byte[] body) {
        return ScriptedHttp.response(200, body, "x-amz-crc32", crc(body), "Content-Type", "application/x-amz-json-1.0");
    }

    private static ScriptedHttp.Reply error(int status, String type, String... headers) {
        return ScriptedHttp.response(
                status,
                bytes("{\"__type\":\"com.amazonaws.dynamodb.v20120810#" + type + "\",\"message\":\"by the test\","
                        + "\"Item\":{\"id\":{\"S\":\"1\"}}}"),
                headers);
    }

    // -- outcomes

    @Test
    void success() throws InterruptedException {
        compareCall(attempt -> OK);
    }

    @Test
    void throttlingThenSuccess() throws InterruptedException {
        compareCall(attempt -> attempt < 3 ? error(400, "ProvisionedThroughputExceededException") : OK);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ThrottlingException",
                "ConditionalCheckFailedException",
                "ValidationException",
                "ResourceNotFoundException",
                "TransactionCanceledException",
                "ExpiredTokenException",
                "UnknownToAll"
            })
    void errorOfTheService(String type) throws InterruptedException {
        compareCall(attempt -> error(400, type));
    }

    @ParameterizedTest
    @ValueSource(ints = {500, 503, 301, 204, 403, 413})
    void otherStatus(int status) throws InterruptedException {
        compareCall(attempt -> error(status, "InternalServerError"));
    }

    @Test
    void failureOfTheServiceThenSuccess() throws InterruptedException {
        compareCall(attempt -> attempt == 1 ? error(500, "InternalServerError") : OK);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void brokenConnection(boolean forEver) throws InterruptedException {
        compareCall(
                attempt -> forEver || attempt == 1 ? ScriptedHttp.failure(new IOException("connection reset")) : OK);
    }

    @Test
    void noConnection() throws InterruptedException {
        compareCall(attempt -> ScriptedHttp.failure(new ConnectException("refused")));
    }

    @Test
    void unknownHost() throws InterruptedException {
        compareCall(attempt -> ScriptedHttp.failure(new UnknownHostException("nowhere")));
    }

    @Test
    void errorThatIsNoException() throws InterruptedException {
        compareCall(attempt -> ScriptedHttp.failure(new AssertionError("by the test")));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void connectionThatBreaksInTheBody(boolean forEver) throws InterruptedException {
        compareCall(attempt -> forEver || attempt == 1
                ? ScriptedHttp.broken(bytes("{\"Item\":"), new IOException("connection reset"))
                : OK);
    }

    @Test
    void httpClientThatThrows() throws InterruptedException {
        compareCall(attempt -> request -> {
            throw new IllegalStateException("pool is shut down");
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{}",
                "<html>",
                "{\"Item\":{\"id\":{\"S\":\"cut",
                "{\"Other\":{\"deep\":[1]},\"Item\":{\"id\":{\"S\":\"1\"}}}",
                "{\"Item\":null}",
                "{\"Item\":{\"id\":{\"S\":\"1\"},\"id\":{\"S\":\"2\"}}}",
                "null"
            })
    void oddBody(String body) throws InterruptedException {
        compareCall(attempt -> ok(bytes(body)));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void wrongChecksum(boolean forEver) throws InterruptedException {
        compareCall(attempt ->
                forEver || attempt == 1 ? ScriptedHttp.response(200, ITEM, "x-amz-crc32", crc(bytes("other"))) : OK);
    }

    @ParameterizedTest
    @ValueSource(strings = {"no number", "-1"})
    void oddChecksum(String checksum) throws InterruptedException {
        compareCall(attempt -> ScriptedHttp.response(200, ITEM, "x-amz-crc32", checksum));
    }

    @Test
    void noChecksum() throws InterruptedException {
        compareCall(attempt -> ScriptedHttp.response(200, ITEM));
    }

    @Test
    void compressedResponse() throws InterruptedException {
        ByteArrayOutputStream compressed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(compressed)) {
            gzip.write(ITEM);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        byte[] body = compressed.toByteArray();

        compareCall(attempt -> ScriptedHttp.response(200, body, "Content-Encoding", "gzip", "x-amz-crc32", crc(body)));
    }

    // -- time

    @Test
    void clockThatIsWrongIsCorrectedForThisCallAndLaterOnes() throws InterruptedException {
        String later = DateTimeFormatter.RFC_1123_DATE_TIME.format(
                Instant.now().plus(Duration.ofHours(2)).atZone(ZoneOffset.UTC));

        Run lean = compare(2, attempt -> attempt == 1 ? error(400, "RequestTimeTooSkewed", "Date", later) : OK);

        assertThat(lean.leanAttempts()).isEqualTo(2);
        assertThat(lean.http.sent).hasSize(3);
        assertThat(lean.http.sent.subList(1, 3))
                .allSatisfy(sent -> assertThat(DATE.parse(sent.header("X-Amz-Date"), Instant::from))
                        .isAfter(Instant.now().plus(Duration.ofHours(1))));
    }

    @Test
    void attemptThatReachesItsLimit() throws InterruptedException {
        attemptLimit = Duration.ofMillis(100);
        List<Throwable> givenUp = new CopyOnWriteArrayList<>();

        compareCall(attempt -> attempt == 1 ? ScriptedHttp.silence(givenUp) : OK);

        assertThat(givenUp).hasSize(2);
    }

    @Test
    void allAttemptsReachTheirLimit() throws InterruptedException {
        attemptLimit = Duration.ofMillis(100);

        compareCall(attempt -> ScriptedHttp.silence(new CopyOnWriteArrayList<>()));
    }

    @Test
    void callThatReachesItsLimit() throws InterruptedException {
        callLimit = Duration.ofMillis(100);
        List<Throwable> givenUp = new CopyOnWriteArrayList<>();

        compareCall(attempt -> ScriptedHttp.silence(givenUp));

        assertThat(givenUp).hasSize(2);
    }

    @Test
    void callThatReachesItsLimitInASecondAttempt() throws InterruptedException {
        callLimit = Duration.ofMillis(500);

        compareCall(attempt ->
                attempt == 1 ? error(500, "InternalServerError") : ScriptedHttp.silence(new CopyOnWriteArrayList<>()));
    }

    @Test
    void limitsOfARequestComeBeforeThoseOfTheClient() throws InterruptedException {
        call = client -> client.getItem(GET.toBuilder()
                .overrideConfiguration(
                        own -> own.apiCallTimeout(Duration.ofMillis(90)).apiCallAttemptTimeout(Duration.ofSeconds(1)))
                .build());

        compareCall(attempt -> ScriptedHttp.silence(new CopyOnWriteArrayList<>()));
    }

    @Test
    void retriesHaveWhatIsLeftOfTheTime() throws InterruptedException {
        callLimit = Duration.ofHours(1);
        List<Duration> limits = new CopyOnWriteArrayList<>();
        List<Object> begun = new CopyOnWriteArrayList<>();
        LaterAttempts interceptor = new LaterAttempts() {
            @Override
            public void beforeTransmission(Context.BeforeTransmission context, ExecutionAttributes attributes) {
                limits.add(context.request()
                        .overrideConfiguration()
                        .flatMap(own -> own.apiCallTimeout())
                        .orElse(callLimit));
                begun.add(attributes.getOptionalAttribute(AttemptObserver.BEGUN));
            }
        };
        more = override -> override.addExecutionInterceptor(interceptor);
        Run run = new Run(LeanClients.LEAN, attempt -> attempt == 1 ? error(500, "InternalServerError") : OK).warm();
        limits.clear();
        begun.clear();

        run.call();

        assertThat(limits).hasSize(2).allMatch(limit -> limit.compareTo(callLimit) < 0);
        assertThat(begun).allSatisfy(at -> assertThat(at)
                .asInstanceOf(InstanceOfAssertFactories.optional(RetryWithinTimeout.Begun.class))
                .hasValueSatisfying(whole -> assertThat(whole.limit()).isEqualTo(callLimit)));
    }

    /** The SDK lets the request go on. */
    @Test
    void callThatIsCancelledGivesItsRequestUp() throws InterruptedException {
        List<Throwable> givenUp = new CopyOnWriteArrayList<>();
        Run run = new Run(LeanClients.LEAN, attempt -> ScriptedHttp.silence(givenUp)).warm();

        call.apply(run.client).cancel(true);

        assertThat(givenUp).hasSize(1);
        assertThat(run.http.sent).hasSize(1);
    }

    // -- retries

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void quotaOfRetriesIsSpentAndEarnedAlike(boolean newRetries) throws InterruptedException {
        System.setProperty("aws.newRetries2026", String.valueOf(newRetries));

        // Each call that fails spends quota; every third call succeeds at once, and earns some.
        Run lean = compare(150, attempt -> attempt % 7 == 0 ? OK : error(500, "InternalServerError"));

        assertThat(lean.http.sent.size()).isLessThan(450);
    }

    @Test
    void pauseThatTheServiceAsksForIsHeeded() throws InterruptedException {
        System.setProperty("aws.newRetries2026", "true");

        compareCall(attempt -> attempt == 1 ? error(500, "InternalServerError", "x-amz-retry-after", "30") : OK);
    }

    // -- credentials and settings

    @Test
    void templateKeepsNoBody() {
        AwsBasicCredentials identity = AwsBasicCredentials.create("AKID", "secret");
        SdkBytes body = SdkBytes.fromUtf8String("{}");
        SdkHttpFullRequest signed = signed(identity, body);
        RequestTemplates templates = new RequestTemplates();

        templates.learn(new RequestTemplates.Lesson(GetItemRequest.class, identity, body), signed);

        assertThat(signed.contentStreamProvider()).isPresent();
        assertThat(templates.get(GetItemRequest.class, identity))
                .extracting(RequestTemplate::endpoint, InstanceOfAssertFactories.type(SdkHttpFullRequest.class))
                .returns(Optional.empty(), SdkHttpFullRequest::contentStreamProvider);
    }

    @Test
    void templateIsOnlyTakenFromTheBodyThatIsExpected() {
        AwsBasicCredentials identity = AwsBasicCredentials.create("AKID", "secret");
        SdkBytes body = SdkBytes.fromUtf8String("{}");
        SdkHttpFullRequest signed = signed(identity, body);
        RequestTemplates templates = new RequestTemplates();
        RequestTemplates.Lesson lesson = new RequestTemplates.Lesson(GetItemRequest.class, identity, body);

        templates.learn(lesson, with(signed, () -> new ByteArrayInputStream(bytes("[]"))));
        templates.learn(lesson, with(signed, () -> {
            throw new IllegalStateException("by the test");
        }));

        assertThat(templates.get(GetItemRequest.class, identity)).isNull();
    }

    private static SdkHttpFullRequest with(SdkHttpFullRequest request, ContentStreamProvider content) {
        return request.toBuilder().contentStreamProvider(content).build();
    }

    /** A request as the SDK signs it. */
    private static SdkHttpFullRequest signed(AwsBasicCredentials identity, SdkBytes body) {
        SdkHttpFullRequest unsigned = SdkHttpFullRequest.builder()
                .method(SdkHttpMethod.POST)
                .uri(URI.create("https://dynamodb.eu-central-1.amazonaws.com"))
                .putHeader("X-Amz-Target", "DynamoDB_20120810.GetItem")
                .contentStreamProvider(body::asInputStream)
                .build();
        SdkHttpRequest signed = AwsV4HttpSigner.create()
                .sign(SignRequest.builder(identity)
                        .request(unsigned)
                        .payload(body::asInputStream)
                        .putProperty(AwsV4HttpSigner.REGION_NAME, "eu-central-1")
                        .putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, "dynamodb")
                        .build())
                .request();
        return with((SdkHttpFullRequest) signed, body::asInputStream);
    }

    @Test
    void sessionCredentials() throws InterruptedException {
        credentials = () -> AwsSessionCredentials.create("AKID", "secret", "token");

        compareCall(attempt -> attempt == 1 ? error(500, "InternalServerError") : OK);
    }

    @Test
    void credentialsThatChange() throws InterruptedException {
        for (LeanClients kind : LeanClients.values()) {
            AtomicInteger issued = new AtomicInteger();
            AtomicInteger current = new AtomicInteger();
            credentials = () -> {
                issued.incrementAndGet();
                return AwsSessionCredentials.create("AKID" + current.get(), "secret", "token" + current.get());
            };
            Run run = new Run(kind, attempt -> OK).warm();
            for (int i = 1; i <= 3; i++) {
                current.set(i);
                run.call().call();
            }

            assertThat(run.http.sent)
                    .extracting(sent -> sent.header("X-Amz-Security-Token"))
                    .containsExactly("token1", "token1", "token2", "token2", "token3", "token3");
            assertThat(run.leanAttempts()).isEqualTo(kind == LeanClients.LEAN ? 3 : 0);
            // Once for each call, and once more for each of the four that a template is taken from.
            assertThat(issued).hasValue(kind == LeanClients.LEAN ? 11 : 7);
        }
    }

    @Test
    void credentialsThatCannotBeHad() throws InterruptedException {
        List<List<String>> traces = new ArrayList<>();
        for (LeanClients kind : LeanClients.values()) {
            AtomicBoolean failing = new AtomicBoolean();
            AtomicInteger failures = new AtomicInteger();
            credentials = () -> {
                if (failing.get()) {
                    failures.incrementAndGet();
                    throw new IllegalStateException("no credentials");
                }
                return AwsBasicCredentials.create("AKID", "secret");
            };
            Run run = new Run(kind, attempt -> OK).warm();
            failing.set(true);
            traces.add(run.call().lines());
            assertThat(failures).hasValue(kind == LeanClients.LEAN ? 2 : 1);
            for (int i = 0; i < 10; i++) {
                run.call();
            }
            // The next calls leave the question to the SDK, even if the pause ends between some of them.
            assertThat(failures.get()).isBetween(11, 18);
            assertThat(run.http.sent).isEmpty();
        }
        assertThat(traces.get(1)).isEqualTo(traces.get(0)).isNotEmpty();
    }

    @Test
    void endpointsOfAccounts() throws InterruptedException {
        credentials = () -> AwsBasicCredentials.builder()
                .accessKeyId("AKID")
                .secretAccessKey("secret")
                .accountId("123456789012")
                .build();

        Run lean = compare(2, attempt -> OK);

        assertThat(lean.leanAttempts()).isEqualTo(2);
        assertThat(lean.http.sent.get(0).request().host()).startsWith("123456789012.");
    }

    @Test
    void otherEndpoints() throws InterruptedException {
        settings = builder -> builder.endpointOverride(URI.create("http://localhost:8000/some/path"));
        compareCall(attempt -> OK);
        settings = builder -> builder.fipsEnabled(true).dualstackEnabled(true);
        compareCall(attempt -> OK);
    }

    @Test
    void tableThatIsNamedByItsArn() throws InterruptedException {
        call = client -> client.getItem(GET.toBuilder()
                .tableName("arn:aws:dynamodb:eu-central-1:123456789012:table/tickets")
                .build());

        assertThat(compare(2, attempt -> OK).leanAttempts()).isZero();
    }

    @Test
    void requestWithSettingsOfItsOwn() throws InterruptedException {
        call = client -> client.getItem(GET.toBuilder()
                .overrideConfiguration(own -> own.putHeader("x-own", "1"))
                .build());

        assertThat(compare(2, attempt -> OK).leanAttempts()).isZero();
    }

    @Test
    void transactionHasTheSameTokenInAllItsAttempts() throws InterruptedException {
        call = client -> client.transactWriteItems(TransactWriteItemsRequest.builder()
                .transactItems(TransactWriteItem.builder()
                        .delete(delete -> delete.tableName("t").key(Map.of("id", AttributeValue.fromS("1"))))
                        .build())
                .build());
        Run run = new Run(
                        LeanClients.LEAN, attempt -> attempt < 3 ? error(500, "InternalServerError") : ok(bytes("{}")))
                .warm();

        run.call();

        assertThat(run.leanAttempts()).isOne();
        assertThat(run.http.sent).hasSize(3);
        assertThat(run.http.sent.stream().map(sent -> sent.body().asUtf8String()))
                .allMatch(body -> body.contains("ClientRequestToken"))
                .containsOnly(run.http.sent.get(0).body().asUtf8String());
    }

    @Test
    void interceptorSeesEveryRequest() throws InterruptedException {
        AtomicInteger seen = new AtomicInteger();
        ExecutionInterceptor interceptor = new ExecutionInterceptor() {
            @Override
            public void afterExecution(Context.AfterExecution context, ExecutionAttributes attributes) {
                seen.incrementAndGet();
            }
        };

        DynamoDbAsyncClient client = other(override -> override.addExecutionInterceptor(interceptor));
        call.apply(client).join();
        call.apply(client).join();

        assertThat(seen).hasValue(2);
    }

    @Test
    void publisherOfMetricsSeesEveryRequest() {
        AtomicInteger published = new AtomicInteger();
        MetricPublisher publisher = new MetricPublisher() {
            @Override
            public void publish(MetricCollection metrics) {
                published.incrementAndGet();
            }

            @Override
            public void close() {}
        };

        DynamoDbAsyncClient client = other(override -> override.addMetricPublisher(publisher));
        call.apply(client).join();
        call.apply(client).join();

        assertThat(published).hasValue(2);
    }

    private DynamoDbAsyncClient other(Consumer<ClientOverrideConfiguration.Builder> more) {
        DynamoDbAsyncClient client = LeanClients.LEAN.client(
                DynamoDbAsyncClient.builder().region(Region.EU_CENTRAL_1).credentialsProvider(credentials),
                new ScriptedHttp(sent -> OK).builder(),
                more);
        clients.add(client);
        return client;
    }

    @Test
    void clientThatIsClosed() throws InterruptedException {
        List<List<String>> traces = new ArrayList<>();
        for (LeanClients kind : LeanClients.values()) {
            Run run = new Run(kind, attempt -> OK).warm();
            run.client.close();
            assertThat(run.http.closed()).isTrue();
            traces.add(run.call().lines());
        }
        assertThat(traces.get(1)).isEqualTo(traces.get(0)).isNotEmpty();
    }
}
