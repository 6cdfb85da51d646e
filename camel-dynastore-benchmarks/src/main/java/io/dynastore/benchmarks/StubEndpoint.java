/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.benchmarks;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.ssl.SslContext;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A DynamoDB that costs next to nothing, since it shares the machine with the measured process. It reads the target and
 * the table of a request, and responds after a delay with a response made beforehand. Repositories need more: see
 * {@link StubItems}.
 *
 * <p>A process of its own, with one thread. Its arguments are delays in milliseconds. It prints one port for each, and
 * ends with its input.
 */
final class StubEndpoint {

    /** In place of a delay: none, and encrypted. */
    static final String TLS = "0-tls";

    private StubEndpoint() {}

    public static void main(String[] delays) throws Exception {
        EventLoopGroup loop = new NioEventLoopGroup(1);
        StringBuilder ports = new StringBuilder();
        for (String delay : delays) {
            boolean tls = delay.equals(TLS);
            ports.append(listen(loop, tls ? 0 : Long.parseLong(delay), tls ? TestCertificate.server() : null))
                    .append(' ');
        }
        System.out.println(ports.toString().trim());
        awaitEnd();
        loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).sync();
    }

    /** Waits until the input ends, which it does when the process that started this one ends. */
    private static void awaitEnd() throws IOException {
        int read = 0;
        while (read >= 0) {
            read = System.in.read();
        }
    }

    private static int listen(EventLoopGroup loop, long delay, @Nullable SslContext tls) throws InterruptedException {
        Channel channel = new ServerBootstrap()
                .group(loop)
                .channel(NioServerSocketChannel.class)
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel connection) {
                        if (tls != null) {
                            connection.pipeline().addLast(tls.newHandler(connection.alloc()));
                        }
                        connection.pipeline().addLast(new Connection(delay));
                    }
                })
                .bind(InetAddress.getLoopbackAddress(), 0)
                .sync()
                .channel();
        return ((InetSocketAddress) channel.localAddress()).getPort();
    }

    /** Responds to the requests of one connection, which come one after another. */
    private static final class Connection extends ByteToMessageDecoder {

        private static final String TARGET = "x-amz-target: dynamodb_20120810.";
        private static final String LENGTH = "content-length: ";
        private static final Map<String, ByteBuf> READY = new HashMap<>();

        private final long delay;

        Connection(long delay) {
            this.delay = delay;
        }

        @Override
        protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
            int end = headEnd(in);
            if (end < 0) {
                return;
            }
            String head = in.toString(in.readerIndex(), end - in.readerIndex(), StandardCharsets.ISO_8859_1)
                    .toLowerCase(Locale.ROOT);
            int length = Integer.parseInt(after(head, LENGTH));
            if (in.writerIndex() < end + length) {
                return;
            }
            String body = in.toString(end, length, StandardCharsets.ISO_8859_1);
            in.readerIndex(end + length);
            String target = after(head, TARGET);
            ByteBuf response = body.contains(StubItems.REPOSITORY)
                    ? Unpooled.wrappedBuffer(http(StubItems.response(target, body)))
                    : response(target, body);
            if (delay == 0) {
                send(context, response);
            } else {
                ScheduledFuture<?> unused =
                        context.executor().schedule(() -> send(context, response), delay, TimeUnit.MILLISECONDS);
            }
        }

        private static void send(ChannelHandlerContext context, ByteBuf response) {
            ChannelFuture unused = context.writeAndFlush(response);
        }

        /** Ignores network errors: a measured process that ends does not close its connections. */
        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable error) {
            // One within the handshake of TLS is the cause of another exception.
            if (!(error instanceof IOException) && !(error.getCause() instanceof IOException)) {
                error.printStackTrace();
            }
            ChannelFuture unused = context.close();
        }

        private static int headEnd(ByteBuf in) {
            for (int i = in.readerIndex(); i + 3 < in.writerIndex(); i++) {
                if (in.getByte(i) == '\r' && in.getByte(i + 2) == '\r') {
                    return i + 4;
                }
            }
            return -1;
        }

        private static String after(String head, String name) {
            int start = head.indexOf(name) + name.length();
            return head.substring(start, head.indexOf('\r', start));
        }

        private static ByteBuf response(String target, String body) {
            boolean withWriteIds = body.contains('"' + StubResponses.WITH_WRITE_IDS + '"');
            boolean capacity = body.contains("ReturnConsumedCapacity");
            int first = 0;
            boolean more = false;
            if (target.equals("query")) {
                int from = body.indexOf("ExclusiveStartKey");
                first = from < 0 ? 0 : number(body, body.indexOf("\"name\"", from)) + 1;
                int items = body.indexOf("items-");
                more = items >= 0 && first + StubResponses.PAGE < number(body, items);
            }
            int start = first;
            boolean another = more;
            ByteBuf ready = READY.computeIfAbsent(
                    target + withWriteIds + capacity + first + more,
                    key -> Unpooled.unreleasableBuffer(Unpooled.directBuffer()
                            .writeBytes(response(target, withWriteIds, capacity, start, another))));
            return ready.duplicate();
        }

        /** The next number in the body. */
        private static int number(String body, int from) {
            int start = from;
            while (!Character.isDigit(body.charAt(start))) {
                start++;
            }
            int end = start;
            while (Character.isDigit(body.charAt(end))) {
                end++;
            }
            return Integer.parseInt(body.substring(start, end));
        }

        private static byte[] response(String target, boolean withWriteIds, boolean capacity, int first, boolean more) {
            byte[] body =
                    switch (target) {
                        case "putitem", "updateitem" -> StubResponses.written(capacity);
                        case "getitem" -> StubResponses.item(withWriteIds, capacity);
                        case "describetable" -> StubResponses.table();
                        case "query" -> StubResponses.page(withWriteIds, capacity, first, more);
                        default -> throw new IllegalArgumentException(target);
                    };
            return http(body);
        }

        private static byte[] http(byte[] body) {
            String status = StubItems.refuses(body) ? "400 Bad Request" : "200 OK";
            byte[] head = ("HTTP/1.1 " + status
                            + "\r\nContent-Type: application/x-amz-json-1.0\r\nx-amzn-RequestId: 1\r\n"
                            + "x-amz-crc32: " + StubResponses.checksum(body) + "\r\n"
                            + "Content-Length: " + body.length + "\r\n\r\n")
                    .getBytes(StandardCharsets.ISO_8859_1);
            byte[] response = new byte[head.length + body.length];
            System.arraycopy(head, 0, response, 0, head.length);
            System.arraycopy(body, 0, response, head.length, body.length);
            return response;
        }
    }
}
