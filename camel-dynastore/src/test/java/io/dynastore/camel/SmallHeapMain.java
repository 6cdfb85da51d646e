/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel;

import io.dynastore.store.BulkOutcomes;
import io.dynastore.store.InvalidInputException;
import io.dynastore.test.DynamoDbExtension;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.apache.camel.Exchange;
import org.apache.camel.LoggingLevel;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.jspecify.annotations.Nullable;

/** One situation that needs no more memory the longer it lasts, as a program. Writes its result as one line. */
final class SmallHeapMain {

    private static final long LONG_STREAM = 300L << 20;
    private static final int AN_ITEM = 400 * 1024;

    /** The number of items that a bulk write replaces again and again. */
    static final int BULK_KEYS = 500;

    private final DefaultCamelContext context = new DefaultCamelContext();
    private final String table;
    private final int count;

    private SmallHeapMain(String table, int count) {
        this.table = table;
        this.count = count;
    }

    /**
     * Runs it.
     *
     * @param arguments the name of a situation, the table, a count
     */
    public static void main(String[] arguments) {
        SmallHeapMain main = new SmallHeapMain(arguments[1], Integer.parseInt(arguments[2]));
        try {
            System.out.println("done: " + main.run(arguments[0]) + ", " + memory());
        } catch (Throwable e) {
            e.printStackTrace();
            System.out.println("failed: " + e);
        }
        System.exit(0);
    }

    private String run(String situation) throws Exception {
        DynamoDbExtension dynamo = DynamoDbExtension.create();
        boolean anyTable = situation.equals("tables");
        context.getRegistry().bind("client", anyTable ? new AnyTable(dynamo.client()) : dynamo.client());
        context.setStreamCaching(false);
        context.start();
        return switch (situation) {
            case "stream" -> longStreams();
            case "loop" -> loopOfWrites();
            case "bulk" -> bulkWrite();
            case "tables" -> manyTables();
            case "itemStream" -> itemStreamAsBody();
            case "silent" -> stopWhileTheServiceIsSilent();
            default -> throw new IllegalArgumentException(situation);
        };
    }

    private String longStreams() throws Exception {
        StringBuilder most = new StringBuilder("of each stream of 300 MB were read");
        for (String format : new String[] {"auto", "binary", "text", "json"}) {
            // JSON may have escapes and blanks that are not stored.
            int limit = format.equals("json") ? 8 * AN_ITEM : AN_ITEM;
            for (String operation : new String[] {"create", "put", "update"}) {
                AtomicLong read = new AtomicLong();
                String uri = store("operation=" + operation + "&sortKey=1&payloadFormat=" + format);
                refused(send(route(uri, ""), new Letters(read), Map.of()));
                require(read.get() <= limit + 1, read + " bytes of a stream were read as " + format);
                most.append(' ').append(read).append(" bytes (").append(format).append(')');
            }
        }
        return most.toString();
    }

    private String loopOfWrites() throws Exception {
        AtomicLong written = new AtomicLong();
        long begun = System.nanoTime();
        AtomicLong half = new AtomicLong();
        RouteBuilder.addRoutes(context, builder -> builder.from("direct:loop")
                .loop(count)
                .process(exchange -> {
                    if (written.incrementAndGet() == count / 2) {
                        half.set(System.nanoTime());
                    }
                    exchange.getMessage().setHeader(DynaStoreConstants.SORT_KEY, "item-" + written.get());
                    exchange.getMessage().setBody("value");
                })
                .to(store("operation=put")));
        succeeded(send("direct:loop", "value", Map.of()));
        require(written.get() == count, written + " items were written");
        return count + " items by one exchange, first half "
                + TimeUnit.NANOSECONDS.toMillis(half.get() - begun) + " ms, second half "
                + TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - half.get()) + " ms";
    }

    /** The values are of 20 KB, so that 4,000 of them are more than the heap. */
    private String bulkWrite() throws Exception {
        String letters = "x".repeat(20 * 1024);
        Iterator<Map<String, Object>> entries = IntStream.range(0, count)
                .<Map<String, Object>>mapToObj(
                        number -> Map.of("sortKey", "item-" + number % BULK_KEYS, "value", number + letters))
                .iterator();
        Exchange exchange = send(route(store("operation=putAll"), ""), entries, Map.of());
        succeeded(exchange);
        BulkOutcomes outcomes = exchange.getMessage().getHeader(DynaStoreConstants.OUTCOMES, BulkOutcomes.class);
        require(outcomes != null && outcomes.written() == count, "the outcomes are " + outcomes);
        return count + " values of 20 KB by one putAll";
    }

    private String manyTables() throws Exception {
        String in = "direct:tables";
        String uri = "dynastore:t${header.number}?operation=get&failIfMissing=false&partitionKey=a&sortKey=b";
        RouteBuilder.addRoutes(context, builder -> builder.from(in).toD(uri));
        int tables = 3000;
        ExecutorService threads = Executors.newFixedThreadPool(8);
        CompletableFuture<?>[] all = IntStream.range(0, count)
                .mapToObj(number -> CompletableFuture.runAsync(
                        () -> succeeded(send(in, null, Map.of("number", number * 7919 % tables))), threads))
                .toArray(CompletableFuture[]::new);
        CompletableFuture.allOf(all).get(10, TimeUnit.MINUTES);
        threads.shutdown();
        return count + " exchanges over " + tables + " tables from 8 threads";
    }

    private String itemStreamAsBody() throws Exception {
        String list = store("operation=list&stream=true");
        for (String format : new String[] {"auto", "binary", "text", "json"}) {
            String write = "dynastore:" + table + "?partitionKey=q&sortKey=1&operation=put&payloadFormat=" + format;
            refused(send(route(list, write), null, Map.of()));
        }
        AtomicLong seen = new AtomicLong();
        RouteBuilder.addRoutes(context, builder -> builder.from("direct:split")
                .to(list)
                .split(builder.body())
                .streaming()
                .process(exchange -> seen.incrementAndGet()));
        succeeded(send("direct:split", null, Map.of()));
        require(seen.get() == count, seen + " items were seen");
        return "4 writes of an ItemStream were refused; " + count + " items of 300 KB were streamed";
    }

    private String stopWhileTheServiceIsSilent() throws Exception {
        StringBuilder took = new StringBuilder("stopped in");
        for (String http : new String[] {"crt", "netty"}) {
            CompletableFuture<Void> asked = new CompletableFuture<>();
            try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                    DefaultCamelContext stopping = new DefaultCamelContext()) {
                Thread acceptor = new Thread(() -> accept(silent, asked));
                acceptor.setDaemon(true);
                acceptor.start();
                RouteBuilder.addRoutes(stopping, builder -> builder.from("dynastore:silent?region=eu-central-1"
                                + "&accessKey=a&secretKey=b&overrideEndpoint=true&initialDelay=1&partitionKeys=a"
                                + "&uriEndpointOverride=http://localhost:" + silent.getLocalPort() + "&httpClient="
                                + http)
                        .to("mock:end"));
                stopping.start();
                asked.get(30, TimeUnit.SECONDS);
                long begun = System.nanoTime();
                stopping.stop();
                long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun);
                require(millis < 2000, "the stop took " + millis + " ms over " + http);
                took.append(' ').append(millis).append(" ms over ").append(http);
            }
        }
        return took.toString();
    }

    private static void accept(ServerSocket silent, CompletableFuture<Void> asked) {
        try {
            while (true) {
                Socket socket = silent.accept();
                if (socket.getInputStream().read() >= 0) {
                    asked.complete(null);
                }
            }
        } catch (Exception e) {
            // The context has stopped.
        }
    }

    private String route(String first, String second) throws Exception {
        String in = "direct:" + System.nanoTime();
        RouteBuilder.addRoutes(context, builder -> {
            builder.errorHandler(builder.defaultErrorHandler().logExhausted(false));
            var from = builder.from(in).log(LoggingLevel.DEBUG, "sent").to(first);
            if (!second.isEmpty()) {
                from.to(second);
            }
        });
        return in;
    }

    private Exchange send(String uri, @Nullable Object body, Map<String, Object> headers) {
        return context.createFluentProducerTemplate()
                .to(uri)
                .withProcessor(exchange -> {
                    exchange.getMessage().setBody(body);
                    headers.forEach(exchange.getMessage()::setHeader);
                })
                .send();
    }

    private String store(String options) {
        return "dynastore:" + table + "?partitionKey=p&" + options;
    }

    private static void refused(Exchange exchange) {
        require(
                exchange.getException() instanceof InvalidInputException,
                "not refused, but " + exchange.getException());
    }

    private static void succeeded(Exchange exchange) {
        if (exchange.getException() != null) {
            throw new IllegalStateException(exchange.getException());
        }
    }

    private static void require(boolean right, String otherwise) {
        if (!right) {
            throw new IllegalStateException(otherwise);
        }
    }

    /** What is alive at the end, and the peaks of all pools of the heap together. */
    private static String memory() {
        System.gc();
        long alive = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
        long peak = ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(pool -> pool.getType() == MemoryType.HEAP)
                .map(MemoryPoolMXBean::getPeakUsage)
                .mapToLong(usage -> usage.getUsed())
                .sum();
        return (alive >> 20) + " MB alive at the end, peaks " + (peak >> 20) + " MB of "
                + (Runtime.getRuntime().maxMemory() >> 20) + " MB";
    }

    /** Many letters, of which the heap never holds all; counts those that are read. */
    @SuppressWarnings("InputStreamSlowMultibyteRead") // each byte is counted
    private static final class Letters extends InputStream {
        private final AtomicLong read;
        private long left = LONG_STREAM;

        Letters(AtomicLong read) {
            this.read = read;
        }

        @Override
        public int read() {
            if (left == 0) {
                return -1;
            }
            left--;
            read.incrementAndGet();
            return 'x';
        }
    }
}
