/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.cluster;

import io.dynastore.camel.DynaStoreComponent;
import io.dynastore.camel.DynaStoreConfiguration;
import io.dynastore.test.DynamoDbExtension;
import io.dynastore.testkit.FaultPlan;
import io.dynastore.testkit.FaultyHttpClient;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.cluster.CamelClusterEventListener;
import org.apache.camel.cluster.CamelClusterView;
import org.apache.camel.impl.DefaultCamelContext;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;

/** A Camel context with a timer route that only the leader of the namespace {@code jobs} runs. */
final class ClusterNode {

    static final Duration SHORT_TTL = Duration.ofMillis(1500);

    private static final Duration TTL = Duration.ofSeconds(3);
    private static final long TICK = 20;

    final FaultyHttpClient http = new FaultyHttpClient(NettyNioAsyncHttpClient.create(), FaultPlan.none());
    final DefaultCamelContext context = new DefaultCamelContext();
    final DynaStoreClusterService service = new DynaStoreClusterService();
    private final DynamoDbAsyncClient client;
    private final AtomicLong lastTick = new AtomicLong(Long.MIN_VALUE);
    private final AtomicLong ticks = new AtomicLong();

    ClusterNode(DynamoDbExtension dynamo, String table) {
        this(dynamo, table, tick -> {}, new ExecutionInterceptor() {});
    }

    /**
     * A node that is not started yet.
     *
     * @param ticked gets the time of each tick, by {@link System#nanoTime}
     * @param tampering may change the requests
     */
    ClusterNode(DynamoDbExtension dynamo, String table, LongConsumer ticked, ExecutionInterceptor tampering) {
        client = dynamo.clientBuilder()
                .httpClient(http)
                .overrideConfiguration(override ->
                        override.apiCallAttemptTimeout(Duration.ofMillis(500)).addExecutionInterceptor(tampering))
                .build();
        service.setTableName(table);
        service.setDynamoDbAsyncClient(client);
        service.setLockTtl(TTL);
        service.setClockSkew(Duration.ofMillis(200));
        service.setPollInterval(Duration.ofMillis(200));
        context.getShutdownStrategy().setTimeout(5);
        try {
            context.addService(service);
            context.addRoutes(new RouteBuilder() {
                @Override
                public void configure() {
                    from("master:jobs:timer:tick?delay=0&period=" + TICK).process(exchange -> {
                        long now = System.nanoTime();
                        ticked.accept(now);
                        lastTick.set(now);
                        ticks.incrementAndGet();
                    });
                }
            });
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** Makes the service use the component's client, which is closed with the component. */
    void useClientOfComponent(DynamoDbExtension dynamo) {
        DynaStoreConfiguration component =
                context.getComponent("dynastore", DynaStoreComponent.class).getConfiguration();
        component.setOverrideEndpoint(true);
        component.setUriEndpointOverride(dynamo.endpoint().toString());
        component.setRegion("eu-central-1");
        component.setAccessKey("any");
        component.setSecretKey("any");
        service.setDynamoDbAsyncClient(null);
    }

    CamelClusterView view() throws Exception {
        return service.getView("jobs");
    }

    /** Runs the listener each time that this node becomes the leader, and at once if it leads. */
    void onLead(Runnable listener) throws Exception {
        view().addEventListener((CamelClusterEventListener.Leadership) (view, leader) -> {
            if (leader != null && leader.isLocal()) {
                listener.run();
            }
        });
    }

    boolean leads() {
        try {
            return view().getLocalMember().isLeader();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** Whether its timer ran within the last ticks. */
    boolean active() {
        long last = lastTick.get();
        return last != Long.MIN_VALUE
                && System.nanoTime() - last < Duration.ofMillis(3 * TICK).toNanos();
    }

    void awaitTicks(long more) {
        long before = ticks.get();
        ClusterServiceTest.await().until(() -> ticks.get() >= before + more);
    }

    void close() throws Exception {
        http.heal();
        context.close();
        client.close();
    }
}
