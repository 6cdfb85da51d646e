/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store.internal.lean;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.http.SdkHttpFullRequest;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpResponse;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbResponse;
import software.amazon.awssdk.services.dynamodb.model.GetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.GetItemResponse;

/** The end of a first attempt reaches the caller, whatever goes wrong in telling it. */
@Timeout(30)
class FirstAttemptTest {

    private static final SdkHttpFullRequest SIGNED = SdkHttpFullRequest.builder()
            .method(SdkHttpMethod.POST)
            .uri(URI.create("http://localhost"))
            .build();

    private static final SdkBytes BODY = SdkBytes.fromUtf8String("{}");

    private static final ResponseReader<?> READER = Objects.requireNonNull(ResponseReader.of(GetItemRequest.class));

    private final ScheduledExecutorService scheduler = Executors.newSingleThreadScheduledExecutor();

    @AfterEach
    void stop() {
        scheduler.shutdownNow();
    }

    private static ReplayingHttpClient http(ScriptedHttp.Reply reply) {
        return new ReplayingHttpClient(new ScriptedHttp(sent -> reply));
    }

    private static ScriptedHttp.Reply response(int status) {
        return ScriptedHttp.response(status, "{}".getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void callSucceedsEvenIfItsSuccessCannotBeNoted() throws Exception {
        LeanCall<GetItemRequest, GetItemResponse> call = new LeanCall<>(
                GetItemRequest.builder().build(),
                request -> new CompletableFuture<>(),
                new CallLimits(Duration.ofMinutes(1), null),
                AwsBasicCredentials.create("AKID", "secret"),
                http(response(200)),
                () -> {
                    throw new OutOfMemoryError("by the test");
                });

        call.begin(READER, SIGNED, BODY, new Threads(scheduler, Runnable::run));

        assertThat(call.response().get(1, TimeUnit.SECONDS).sdkHttpResponse().statusCode())
                .isEqualTo(200);
    }

    @Test
    void callEndsEvenIfItsOutcomeCannotBeReported() {
        CompletableFuture<GetItemResponse> rest = new CompletableFuture<>() {
            @Override
            public CompletableFuture<GetItemResponse> whenComplete(
                    BiConsumer<? super GetItemResponse, ? super Throwable> action) {
                throw new OutOfMemoryError("by the test");
            }
        };
        LeanCall<GetItemRequest, GetItemResponse> call = new LeanCall<>(
                GetItemRequest.builder().build(),
                request -> rest,
                new CallLimits(Duration.ofMinutes(1), null),
                AwsBasicCredentials.create("AKID", "secret"),
                http(response(500)),
                () -> {});

        call.begin(READER, SIGNED, BODY, new Threads(scheduler, Runnable::run));

        assertThatThrownBy(() -> call.response().get(1, TimeUnit.SECONDS)).hasRootCauseMessage("by the test");
    }

    @Test
    void requestWithAResponseIsNotCancelledByTheErrorOfItsCall() {
        CompletableFuture<Void> request = new CompletableFuture<>();
        LeanCall<GetItemRequest, GetItemResponse> call = new LeanCall<>(
                GetItemRequest.builder().build(),
                again -> CompletableFuture.failedFuture(new IllegalStateException("by the service")),
                new CallLimits(Duration.ofMinutes(1), null),
                AwsBasicCredentials.create("AKID", "secret"),
                http(sent -> {
                    var unused = response(400).to(sent);
                    // The HTTP client still has to give the connection back.
                    return request;
                }),
                () -> {});

        call.begin(READER, SIGNED, BODY, new Threads(scheduler, Runnable::run));

        assertThatThrownBy(() -> call.response().get(1, TimeUnit.SECONDS)).hasRootCauseMessage("by the service");
        assertThat(request).isNotDone();
    }

    @Test
    void bodyThatIsLongerThanPromisedIsKeptInFullAndItsPartsAreLeftUnchanged() {
        byte[] first = "{ ".getBytes(StandardCharsets.UTF_8);
        byte[] second = " }".getBytes(StandardCharsets.UTF_8);
        List<String> bodies = new ArrayList<>();
        FirstAttempt attempt = new FirstAttempt(
                READER,
                new FirstAttempt.End() {
                    @Override
                    public void succeeded(DynamoDbResponse response) {
                        bodies.add("none");
                    }

                    @Override
                    public void ended(AttemptOutcome outcome) {
                        bodies.add(outcome.body().asUtf8String());
                    }

                    @Override
                    public void outOfTime() {
                        bodies.add("none");
                    }

                    @Override
                    public void failed(Throwable unforeseen) {
                        bodies.add("none");
                    }
                },
                Runnable::run);

        attempt.onHeaders(SdkHttpResponse.builder()
                .statusCode(400)
                .putHeader("Content-Length", "2")
                .build());
        attempt.onNext(ByteBuffer.wrap(first));
        attempt.onNext(ByteBuffer.wrap(second));
        attempt.onComplete();

        assertThat(bodies).containsExactly("{  }");
        assertThat(first).asString(StandardCharsets.UTF_8).isEqualTo("{ ");
    }

    @Test
    void largeResponseIsReadByTheReadersAndASmallOneAtOnce() throws Exception {
        List<Runnable> queued = new ArrayList<>();

        assertThat(call(largeResponse(10), queued::add).response()).isDone();
        assertThat(queued).isEmpty();

        CompletableFuture<GetItemResponse> large =
                call(largeResponse(20_000), queued::add).response();
        assertThat(large).isNotDone();
        queued.get(0).run();
        assertThat(text(large)).hasSize(20_000);
    }

    @Test
    void callEndsInTimeEvenIfNoReaderComes() {
        List<Runnable> queued = new ArrayList<>();
        LeanCall<GetItemRequest, GetItemResponse> call =
                call(largeResponse(20_000), queued::add, Duration.ofMillis(20));

        assertThatThrownBy(() -> call.response().get(10, TimeUnit.SECONDS))
                .hasCauseInstanceOf(ApiCallTimeoutException.class);
        queued.forEach(Runnable::run);
        assertThat(call.response()).isCompletedExceptionally();
    }

    @Test
    void callThatIsCancelledBeforeAReaderComesIsNotRepeated() {
        List<Runnable> queued = new ArrayList<>();
        List<GetItemRequest> repeated = new ArrayList<>();
        LeanCall<GetItemRequest, GetItemResponse> call =
                call(largeError(), queued::add, Duration.ofMinutes(1), notingIn(repeated));

        call.response().cancel(true);
        queued.get(0).run();

        assertThat(repeated).isEmpty();
    }

    @Test
    void responseIsToldOnceEvenIfTheReadersTakeItAndFail() {
        List<Runnable> queued = new ArrayList<>();
        List<GetItemRequest> repeated = new ArrayList<>();
        call(
                largeError(),
                task -> {
                    queued.add(task);
                    throw new OutOfMemoryError("by the test");
                },
                Duration.ofMinutes(1),
                notingIn(repeated));

        queued.get(0).run();

        assertThat(repeated).hasSize(1);
    }

    private static ScriptedHttp.Reply largeError() {
        return ScriptedHttp.response(500, ("<html>" + " ".repeat(20_000)).getBytes(StandardCharsets.UTF_8));
    }

    private static Function<GetItemRequest, CompletableFuture<GetItemResponse>> notingIn(List<GetItemRequest> sent) {
        return request -> {
            sent.add(request);
            return new CompletableFuture<>();
        };
    }

    @Test
    void largeResponseIsReadEvenIfNoReaderCanBeHad() throws Exception {
        LeanCall<GetItemRequest, GetItemResponse> call = call(largeResponse(20_000), task -> {
            throw new OutOfMemoryError("by the test");
        });

        assertThat(text(call.response())).hasSize(20_000);
    }

    private static String text(CompletableFuture<GetItemResponse> response) throws Exception {
        return Objects.requireNonNull(response.get(1, TimeUnit.SECONDS).item().get("a"))
                .s();
    }

    private static ScriptedHttp.Reply largeResponse(int length) {
        String item = "{\"Item\":{\"a\":{\"S\":\"" + "x".repeat(length) + "\"}}}";
        return ScriptedHttp.response(200, item.getBytes(StandardCharsets.UTF_8));
    }

    private LeanCall<GetItemRequest, GetItemResponse> call(ScriptedHttp.Reply reply, Executor readers) {
        return call(reply, readers, Duration.ofMinutes(1));
    }

    private LeanCall<GetItemRequest, GetItemResponse> call(ScriptedHttp.Reply reply, Executor readers, Duration limit) {
        return call(reply, readers, limit, request -> new CompletableFuture<>());
    }

    private LeanCall<GetItemRequest, GetItemResponse> call(
            ScriptedHttp.Reply reply,
            Executor readers,
            Duration limit,
            Function<GetItemRequest, CompletableFuture<GetItemResponse>> sdk) {
        LeanCall<GetItemRequest, GetItemResponse> call = new LeanCall<>(
                GetItemRequest.builder().build(),
                sdk,
                new CallLimits(limit, null),
                AwsBasicCredentials.create("AKID", "secret"),
                http(reply),
                () -> {});
        call.begin(READER, SIGNED, BODY, new Threads(scheduler, readers));
        return call;
    }

    @ParameterizedTest
    @ValueSource(strings = {"success", "error", "failure", "silence"})
    void endThatThrowsIsToldWhatItHasThrown(String kind) throws Exception {
        CompletableFuture<Throwable> told = new CompletableFuture<>();
        FirstAttempt.End end = new FirstAttempt.End() {
            @Override
            public void succeeded(DynamoDbResponse response) {
                throw new OutOfMemoryError("success");
            }

            @Override
            public void ended(AttemptOutcome outcome) {
                throw new IllegalStateException(outcome.error() == null ? "error" : "failure");
            }

            @Override
            public void outOfTime() {
                throw new IllegalStateException("silence");
            }

            @Override
            public void failed(Throwable unforeseen) {
                told.complete(unforeseen);
            }
        };
        ScriptedHttp.Reply reply =
                switch (kind) {
                    case "success" -> response(200);
                    case "error" -> response(500);
                    case "failure" -> ScriptedHttp.failure(new IllegalArgumentException("refused"));
                    default -> ScriptedHttp.silence(new CopyOnWriteArrayList<>());
                };

        new FirstAttempt(READER, end, Runnable::run)
                .begin(http(reply), SIGNED, BODY, new CallLimits(Duration.ofMillis(50), null), scheduler);

        assertThat(told.get(1, TimeUnit.SECONDS)).hasMessage(kind);
    }
}
