/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.consumer;

import static org.assertj.core.api.Assertions.assertThat;

import io.dynastore.camel.DynaStoreConstants;
import io.dynastore.camel.DynaStoreConsumer;
import io.dynastore.store.LockAttributes;
import io.dynastore.testkit.FaultPlan;
import io.dynastore.testkit.FaultyHttpClient;
import io.dynastore.testkit.TestSeed;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.apache.camel.Exchange;
import org.apache.camel.builder.LambdaRouteBuilder;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.GetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;

/**
 * The figures of docs/consumer-groups.md: 8 members in contexts of their own and 64 partitions, with default options. A
 * partition is read again when an item is latest that was written while nobody could read it.
 */
@Tag("soak")
@EnabledIfSystemProperty(named = "dynastore.test.group.figures", matches = "\\d+")
class GroupFiguresTest extends ConsumerContract {

    private static final int STOPS = Integer.getInteger("dynastore.test.group.figures", 50);
    private static final int CRASHES = Integer.getInteger("dynastore.test.group.crashes", 3);
    private static final int QUIET_SECONDS = Integer.getInteger("dynastore.test.group.quiet", 60);
    private static final int MEMBERS = 8;
    private static final int PARTITIONS = 64;
    private static final int SHARE = PARTITIONS / MEMBERS;

    private static final Duration INTERVAL = Duration.ofSeconds(5);

    /** Of a lease, in seconds. */
    private static final double THIRD = 20 / 3.0;

    private final Random random = TestSeed.random();
    private final List<String> partitions =
            IntStream.range(0, PARTITIONS).mapToObj("p%02d"::formatted).toList();
    private final NettyNioAsyncHttpClient.Builder http = NettyNioAsyncHttpClient.builder();
    private final List<Member> members = new ArrayList<>();
    private final Map<String, Integer> written = new HashMap<>();
    private final Map<String, Delivery> latest = new ConcurrentHashMap<>();
    private final AtomicInteger deliveries = new AtomicInteger();
    private final Map<String, LongAdder> requests = new ConcurrentHashMap<>();
    private int joined;

    private record Delivery(String member, long nanos) {}

    /** Counts the requests of groups. */
    private final class Counting implements ExecutionInterceptor {

        @Override
        public void beforeExecution(Context.BeforeExecution context, ExecutionAttributes attributes) {
            if (context.request() instanceof UpdateItemRequest update) {
                String name = String.valueOf(update.key().get("name"));
                boolean take = update.updateExpression().contains("#fence");
                count(name.contains("member/") ? "member write" : take ? "take" : "lease write");
            } else if (context.request() instanceof GetItemRequest) {
                count("read of one item");
            } else if (context.request() instanceof QueryRequest query
                    && query.expressionAttributeValues().toString().contains("_ds/group/")) {
                count("query");
            }
        }

        @Override
        public void onExecutionFailure(Context.FailedExecution context, ExecutionAttributes attributes) {
            if (context.exception() instanceof ConditionalCheckFailedException) {
                count("refused write");
            }
        }

        private void count(String what) {
            requests.computeIfAbsent(what, first -> new LongAdder()).increment();
        }
    }

    /** A member. */
    private final class Member {
        private final String name = "m%03d".formatted(joined++);
        private final DefaultCamelContext camel = new DefaultCamelContext();
        private final FaultyHttpClient network = new FaultyHttpClient(http.build(), FaultPlan.none());

        Member() throws Exception {
            camel.getRegistry()
                    .bind(
                            "client",
                            dynamo.clientBuilder()
                                    .httpClient(network)
                                    .overrideConfiguration(all -> all.addExecutionInterceptor(new Counting()))
                                    .build());
            LambdaRouteBuilder route = builder -> builder.from(store(
                            "partitionKeys=" + String.join(",", partitions) + "&group=shipping&groupMember=" + name))
                    .process(this::deliver);
            RouteBuilder.addRoutes(camel, route);
            camel.start();
            members.add(this);
        }

        private void deliver(Exchange exchange) {
            deliveries.incrementAndGet();
            latest.put(
                    exchange.getMessage().getHeader(DynaStoreConstants.PARTITION_KEY) + "/"
                            + exchange.getMessage().getHeader(DynaStoreConstants.SORT_KEY),
                    new Delivery(name, System.nanoTime()));
        }

        void close() {
            network.heal();
            camel.stop();
            network.close();
        }
    }

    @AfterEach
    void end() {
        members.forEach(Member::close);
    }

    @Test
    void figuresOfTheDocumentation() throws Exception {
        for (int number = 0; number < MEMBERS; number++) {
            new Member();
        }
        awaitShares(SHARE);
        List<Long> stops = new ArrayList<>();
        List<Long> shares = new ArrayList<>();
        for (int number = 0; number < STOPS; number++) {
            stops.addAll(stop());
            shares.add(rejoin());
        }
        List<Long> crashes = new ArrayList<>();
        for (int number = 0; number < CRASHES; number++) {
            crashes.addAll(crash());
            shares.add(rejoin());
        }
        report("clean stop, until a partition is read again", stops);
        report("new member, until it has its share", shares);
        report("crash, until a partition is read again", crashes);
        quiet();
        assertThat(deliveries.get()).as("deliveries").isEqualTo(latest.size());
    }

    /** In a quiet time nothing moves, and nothing is refused. */
    private void quiet() {
        Map<String, Member> owners = owners();
        requests.clear();
        LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(QUIET_SECONDS));
        Map<String, Long> counted = new TreeMap<>();
        requests.forEach((what, count) -> counted.put(what, count.sum()));
        double intervals = QUIET_SECONDS / (double) INTERVAL.toSeconds();
        double renewed = QUIET_SECONDS * (double) PARTITIONS / counted.getOrDefault("lease write", 1L);
        System.out.printf("quiet for %d s: %s%n", QUIET_SECONDS, counted);
        System.out.printf(
                "for each member and interval: %.2f writes, %.2f queries, %.2f reads of one item%n",
                counted.getOrDefault("member write", 0L) / intervals / MEMBERS,
                counted.getOrDefault("query", 0L) / intervals / MEMBERS,
                counted.getOrDefault("read of one item", 0L) / intervals / MEMBERS);
        System.out.printf("for each lease: one write in %.2f s, a third of it is %.2f s%n", renewed, THIRD);
        System.out.printf(
                "moves in the quiet time: %d; refused writes: %d; most - least partitions of a member: %d%n",
                counted.getOrDefault("take", 0L), counted.getOrDefault("refused write", 0L), spread());
        assertThat(renewed).isGreaterThanOrEqualTo(THIRD);
        assertThat(spread()).isLessThanOrEqualTo(1);
        assertThat(counted).doesNotContainKeys("take", "refused write");
        assertThat(owners()).isEqualTo(owners);
    }

    /** How many partitions the member with the most has more than that with the least. */
    private int spread() {
        List<Integer> shares =
                members.stream().map(member -> owned(member).size()).toList();
        return Collections.max(shares) - Collections.min(shares);
    }

    private Member any() {
        return members.get(random.nextInt(members.size()));
    }

    private List<Long> stop() throws Exception {
        Member member = any();
        List<String> owned = owned(member);
        members.remove(member);
        DynaStoreConsumer consumer =
                (DynaStoreConsumer) member.camel.getRoutes().get(0).getConsumer();
        Thread stop = new Thread(member::close);
        stop.start();
        Awaitility.await()
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(1))
                .until(() -> !consumer.isStarted());
        long begun = System.nanoTime();
        List<Long> times = times(member, owned, begun);
        stop.join();
        return times;
    }

    private List<Long> crash() throws Exception {
        Member member = any();
        List<String> owned = owned(member);
        members.remove(member);
        long begun = System.nanoTime();
        member.network.cut();
        List<Long> times = times(member, owned, begun);
        Thread stop = new Thread(() -> {
            member.camel.getShutdownStrategy().setTimeout(1);
            member.camel.stop();
        });
        stop.start();
        stop.join();
        return times;
    }

    /** Writes an item to each partition, and waits until other members have read them. */
    private List<Long> times(Member member, Collection<String> owned, long begun) {
        Map<String, String> items = new HashMap<>();
        for (String partition : owned) {
            int number = written.merge(partition, 1, Integer::sum);
            String name = "%05d".formatted(number);
            given(partition, name, "x");
            items.put(partition, partition + "/" + name);
        }
        Awaitility.await()
                .atMost(Duration.ofMinutes(2))
                .pollInterval(Duration.ofMillis(5))
                .until(() -> latest.keySet().containsAll(items.values()));
        return items.values().stream()
                .map(latest::get)
                .filter(one -> !one.member().equals(member.name))
                .map(one -> one.nanos() - begun)
                .toList();
    }

    private long rejoin() throws Exception {
        long begun = System.nanoTime();
        new Member();
        awaitShares(SHARE);
        return System.nanoTime() - begun;
    }

    private void awaitShares(int share) {
        Awaitility.await()
                .atMost(Duration.ofMinutes(2))
                .pollInterval(Duration.ofMillis(50))
                .until(() -> {
                    Map<String, Member> owners = owners();
                    return members.stream()
                            .allMatch(member -> owners.values().stream()
                                            .filter(one -> one == member)
                                            .count()
                                    == share);
                });
    }

    private List<String> owned(Member member) {
        List<String> owned = new ArrayList<>();
        owners().forEach((partition, owner) -> {
            if (owner == member) {
                owned.add(partition);
            }
        });
        return owned;
    }

    /** Who has what, by the leases. */
    private Map<String, Member> owners() {
        Map<String, Member> owners = new TreeMap<>();
        dynamo.client()
                .query(query -> query.tableName(table)
                        .consistentRead(true)
                        .keyConditionExpression("id = :group")
                        .expressionAttributeValues(Map.of(":group", text("_ds/group/shipping"))))
                .join()
                .items()
                .forEach(item -> {
                    AttributeValue owner = item.get(LockAttributes.OWNER);
                    members.stream()
                            .filter(member -> owner != null && owner.s().startsWith(member.name + "-"))
                            .forEach(member -> owners.put(
                                    Objects.requireNonNull(item.get("name")).s().substring("lease/".length()), member));
                });
        return owners;
    }

    private static void report(String what, List<Long> nanos) {
        List<Long> sorted = nanos.stream().sorted().toList();
        if (!sorted.isEmpty()) {
            System.out.printf(
                    "%s: %d times, from %.2f s to %.2f s, median %.2f s, p99 %.2f s%n",
                    what, sorted.size(), at(sorted, 0), at(sorted, 1), at(sorted, 0.5), at(sorted, 0.99));
        }
    }

    private static double at(List<Long> sorted, double share) {
        return sorted.get((int) Math.min(sorted.size() - 1, Math.ceil(share * sorted.size()) - (share == 0 ? 0 : 1)))
                / 1e9;
    }
}
