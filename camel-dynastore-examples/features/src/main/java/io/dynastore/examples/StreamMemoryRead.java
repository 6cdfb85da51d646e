/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.examples;

import io.dynastore.store.Item;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.util.internal.PlatformDependent;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;

/** The reader of {@link StreamMemory}: a route that splits the stream. It prints the peaks of the memory used. */
final class StreamMemoryRead {

    private final AtomicLong items = new AtomicLong();
    private final AtomicLong outOfOrder = new AtomicLong();
    private long peakHeap;
    private long peakDirect;
    private long peakNetty;
    private String last = "";

    private StreamMemoryRead() {}

    public static void main(String[] args) throws Exception {
        new StreamMemoryRead().run(args[0], Long.parseLong(args[1]));
    }

    private void run(String endpoint, long expected) throws Exception {
        try (DynamoDbAsyncClient client = StreamMemoryLoad.client(endpoint);
                DefaultCamelContext context = new DefaultCamelContext()) {
            context.getRegistry().bind("client", client);
            context.addRoutes(routes());
            context.start();
            long start = System.nanoTime();
            Exchange exchange = context.createProducerTemplate().request("direct:read", message -> {});
            double seconds = (System.nanoTime() - start) / 1e9;
            if (exchange.getException() != null) {
                throw exchange.getException();
            }
            sample();
            System.out.printf("read=%d in %.0f s, out of order=%d%n", items.get(), seconds, outOfOrder.get());
            print();
        }
        if (items.get() != expected || outOfOrder.get() != 0) {
            throw new IllegalStateException("Expected " + expected + " items in order.");
        }
    }

    private RouteBuilder routes() {
        return new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:read")
                        .to("dynastore:" + StreamMemory.TABLE + "?operation=list&partitionKey=" + StreamMemory.PARTITION
                                + "&stream=true")
                        .split(body())
                        .streaming()
                        .process(exchange -> count(exchange.getMessage().getBody(Item.class)));
            }
        };
    }

    private void count(Item item) {
        String name = String.valueOf(item.key().sortKey());
        if (name.compareTo(last) <= 0) {
            outOfOrder.incrementAndGet();
        }
        last = name;
        if (items.incrementAndGet() % 500 == 0) {
            sample();
        }
    }

    /** The JVM records the peak of each heap pool, but not the peak of their sum, and none of direct memory. */
    private void sample() {
        peakHeap = Math.max(
                peakHeap,
                ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
        peakDirect = Math.max(
                peakDirect,
                ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                        .filter(pool -> pool.getName().equals("direct"))
                        .mapToLong(BufferPoolMXBean::getMemoryUsed)
                        .sum());
        peakNetty = Math.max(peakNetty, PlatformDependent.usedDirectMemory());
    }

    private void print() {
        List<MemoryPoolMXBean> heap = ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(pool -> pool.getType() == MemoryType.HEAP)
                .toList();
        System.out.printf("heap, largest allowed: %s%n", mb(Runtime.getRuntime().maxMemory()));
        heap.forEach(pool -> System.out.printf(
                "heap, peak of %s: %s%n", pool.getName(), mb(pool.getPeakUsage().getUsed())));
        heap.stream()
                .filter(pool -> pool.getCollectionUsage() != null)
                .forEach(pool -> System.out.printf(
                        "heap, left by the last collection in %s: %s%n",
                        pool.getName(), mb(pool.getCollectionUsage().getUsed())));
        System.out.printf("heap, peak of all pools together, sampled, garbage included: %s%n", mb(peakHeap));
        System.out.printf("direct memory, peak of the JVM's buffer pool: %s%n", mb(peakDirect));
        System.out.printf("direct memory, peak of Netty's own count: %s%n", mb(peakNetty));
        System.out.printf(
                "direct memory, held by Netty's pooled allocator at the end: %s%n",
                mb(PooledByteBufAllocator.DEFAULT.metric().usedDirectMemory()));
    }

    private static String mb(long bytes) {
        return "%.1f MB".formatted(bytes / 1048576.0);
    }
}
