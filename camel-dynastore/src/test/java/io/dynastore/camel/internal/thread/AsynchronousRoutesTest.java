/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.thread;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.dynastore.camel.RouteContract;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.apache.camel.AsyncCallback;
import org.apache.camel.AsyncProcessor;
import org.apache.camel.AsyncProducer;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import software.amazon.awssdk.core.client.config.SdkAdvancedAsyncClientOption;
import software.amazon.awssdk.http.async.AsyncExecuteRequest;
import software.amazon.awssdk.http.async.SdkAsyncHttpClient;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;

/** No thread waits for DynamoDB, and routes continue on threads of their own. */
@Timeout(60)
class AsynchronousRoutesTest extends RouteContract {

    private static final String GET = "operation=get&partitionKey=customer&sortKey=1";

    private final HoldingHttpClient http = new HoldingHttpClient();
    private final DynamoDbAsyncClient client = dynamo.clientBuilder()
            .httpClient(http)
            .asyncConfiguration(async ->
                    async.advancedOption(SdkAdvancedAsyncClientOption.FUTURE_COMPLETION_EXECUTOR, Runnable::run))
            .build();

    @Override
    public void configure(DefaultCamelContext fresh) {
        fresh.getRegistry().bind("client", client);
    }

    @AfterEach
    void close() {
        client.close();
        http.close();
    }

    /** Sends without waiting; the future completes with the exchange at the end of its route. */
    private CompletableFuture<Exchange> start(String endpoint) throws Exception {
        AsyncProducer producer = context.getEndpoint(endpoint).createAsyncProducer();
        producer.start();
        Exchange exchange = context.getEndpoint(endpoint).createExchange();
        CompletableFuture<Exchange> done = new CompletableFuture<>();
        AsyncCallback callback = sync -> done.complete(exchange);
        ((AsyncProcessor) producer).process(exchange, callback);
        return done;
    }

    /** As {@link #start}. If the response were there at once, the route would go on on this thread. */
    private CompletableFuture<Exchange> startHeld(String endpoint) throws Exception {
        http.hold();
        CompletableFuture<Exchange> exchange = start(endpoint);
        http.release();
        return exchange;
    }

    @Test
    void oneThreadStartsManyExchangesAtATime() throws Exception {
        given("customer", "1", "value");
        String route = route((builder, from) -> from.to(store(GET)));
        http.hold();

        List<CompletableFuture<Exchange>> exchanges = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            exchanges.add(start(route));
        }

        assertThat(http.held()).isEqualTo(40);
        assertThat(exchanges).noneMatch(CompletableFuture::isDone);
        http.release();
        for (CompletableFuture<Exchange> exchange : exchanges) {
            assertThat(done(exchange.get(1, TimeUnit.MINUTES)).getBody()).isEqualTo("value");
        }
    }

    @Test
    void routeNeverContinuesOnTheEventLoopOfTheClient() throws Exception {
        given("customer", "1", "value");
        Queue<String> threads = new ConcurrentLinkedQueue<>();
        String route = route((builder, from) -> from.to(store(GET))
                .process(exchange -> threads.add(Thread.currentThread().getName()))
                .to(store("operation=update&partitionKey=customer&sortKey=1"))
                .process(exchange -> threads.add(Thread.currentThread().getName()))
                .to(store("operation=list&partitionKey=customer"))
                .process(exchange -> threads.add(Thread.currentThread().getName()))
                .to(store("operation=create&partitionKey=customer&sortKey=1")));

        Exchange exchange = startHeld(route).get(1, TimeUnit.MINUTES);

        assertThat(exchange.getException()).isInstanceOf(io.dynastore.store.KeyExistsException.class);
        assertThat(threads).hasSize(3).allMatch(name -> name.contains("DynaStore"));
    }

    @Test
    void errorHandlerNeverRunsOnTheEventLoopOfTheClient() throws Exception {
        Queue<String> threads = new ConcurrentLinkedQueue<>();
        String route = route((builder, from) -> from.errorHandler(builder.defaultErrorHandler()
                        .logExhausted(false)
                        .onExceptionOccurred(
                                exchange -> threads.add(Thread.currentThread().getName())))
                .to(store(GET)));

        startHeld(route).get(1, TimeUnit.MINUTES);

        assertThat(threads).hasSize(1).allMatch(name -> name.contains("DynaStore"));
    }

    @Test
    void blockingRouteDelaysNoOtherRoute() throws Exception {
        given("customer", "1", "value");
        CompletableFuture<String> gate = new CompletableFuture<>();
        String blocked =
                route((builder, from) -> from.to(store(GET)).process(exchange -> gate.get(3, TimeUnit.MINUTES)));
        String free = route((builder, from) -> from.to(store(GET)));

        http.hold();
        List<CompletableFuture<Exchange>> blocking = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            blocking.add(start(blocked));
        }
        http.release();

        assertThat(done(start(free).get(1, TimeUnit.MINUTES)).getBody()).isEqualTo("value");
        assertThat(blocking).noneMatch(CompletableFuture::isDone);
        gate.complete("go");
        for (CompletableFuture<Exchange> exchange : blocking) {
            done(exchange.get(1, TimeUnit.MINUTES));
        }
    }

    @Test
    void stoppingTheContextWaitsForExchangesInFlight() throws Exception {
        given("customer", "1", "value");
        String route = route((builder, from) -> from.to(store(GET)));
        http.hold();
        CompletableFuture<Exchange> exchange = start(route);
        context.getShutdownStrategy().setTimeout(20);

        CompletableFuture<Void> stopped = CompletableFuture.runAsync(context::stop);
        await().atMost(Duration.ofSeconds(10)).until(() -> context.getStatus().isStopping());
        http.release();

        stopped.get(1, TimeUnit.MINUTES);
        assertThat(done(exchange.get(1, TimeUnit.SECONDS)).getBody()).isEqualTo("value");
    }

    @Test
    void nothingHangsIfResponsesNeverCome() throws Exception {
        given("customer", "1", "value");
        String route = route((builder, from) -> from.to(store(GET)));
        http.hold();
        CompletableFuture<Exchange> exchange = start(route);
        context.getShutdownStrategy().setTimeout(1);

        CompletableFuture.runAsync(context::stop).get(1, TimeUnit.MINUTES);
        assertThat(exchange).isNotDone();
        http.release();

        assertThat(exchange.get(1, TimeUnit.MINUTES).getExchangeId()).isNotNull();
    }

    /** An HTTP client over Netty that sends nothing between {@link #hold} and {@link #release}. */
    private static final class HoldingHttpClient implements SdkAsyncHttpClient {

        private final SdkAsyncHttpClient netty = NettyNioAsyncHttpClient.create();
        private final Queue<Runnable> waiting = new ConcurrentLinkedQueue<>();
        private volatile boolean holding;

        void hold() {
            holding = true;
        }

        int held() {
            return waiting.size();
        }

        void release() {
            holding = false;
            for (Runnable next = waiting.poll(); next != null; next = waiting.poll()) {
                next.run();
            }
        }

        @Override
        public CompletableFuture<Void> execute(AsyncExecuteRequest request) {
            if (!holding) {
                return netty.execute(request);
            }
            CompletableFuture<Void> gate = new CompletableFuture<>();
            waiting.add(() -> gate.complete(null));
            return gate.thenCompose(opened -> netty.execute(request));
        }

        @Override
        public void close() {
            netty.close();
        }
    }
}
