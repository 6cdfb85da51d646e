/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.consumer;

import io.dynastore.camel.DynaStoreConstants;
import io.dynastore.test.DynamoDbExtension;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import org.apache.camel.Exchange;
import org.apache.camel.builder.LambdaRouteBuilder;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;

/**
 * A process that consumes, and appends each delivery to a log, until it is killed.
 *
 * <p>A line of the log is F for a failure or S for a success, and the item. The operating system has a written line, so
 * a kill of this process loses none. Every twentieth item fails at its first delivery.
 */
final class KilledConsumer {

    static final int LINE = "S p00 00000\n".length();

    private final FileChannel log;
    private final Set<String> failed = ConcurrentHashMap.newKeySet();

    private KilledConsumer(Path file) throws IOException {
        Files.readAllLines(file).stream()
                .filter(line -> line.startsWith("F"))
                .forEach(line -> failed.add(line.substring(2)));
        log = FileChannel.open(file, StandardOpenOption.WRITE, StandardOpenOption.APPEND);
    }

    /** Arguments: the endpoint of DynamoDB, the URI of the consumer, and the log file. */
    public static void main(String[] arguments) throws Exception {
        KilledConsumer consumer = new KilledConsumer(Path.of(arguments[2]));
        DynamoDbAsyncClient client =
                DynamoDbExtension.clientBuilder(URI.create(arguments[0])).build();
        DefaultCamelContext context = new DefaultCamelContext();
        context.getRegistry().bind("client", client);
        LambdaRouteBuilder route = builder -> builder.from(arguments[1])
                .errorHandler(builder.defaultErrorHandler().logExhausted(false))
                .process(consumer::process);
        RouteBuilder.addRoutes(context, route);
        context.start();
        new CountDownLatch(1).await();
    }

    private void process(Exchange exchange) throws IOException {
        String item = exchange.getMessage().getHeader(DynaStoreConstants.PARTITION_KEY) + " "
                + exchange.getMessage().getHeader(DynaStoreConstants.SORT_KEY);
        if (item.hashCode() % 20 == 0 && failed.add(item)) {
            write("F " + item);
            throw new IllegalStateException("the first delivery of " + item);
        }
        write("S " + item);
    }

    private void write(String line) throws IOException {
        log.write(ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.US_ASCII)));
    }
}
