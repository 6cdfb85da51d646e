/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.benchmarks;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import software.amazon.awssdk.http.SdkHttpResponse;
import software.amazon.awssdk.http.async.AsyncExecuteRequest;

/** One connection of {@link PipeliningHttp}. Responses come in the order of the requests. Thread safe. */
final class Pipeline extends ByteToMessageDecoder {

    private final Channel channel;
    private final Queue<Pending> unsent = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean draining = new AtomicBoolean();

    /** Of the event loop. */
    private final Queue<Pending> sent = new ArrayDeque<>();

    /** A request without a response. */
    record Pending(AsyncExecuteRequest request, CompletableFuture<Void> end, ByteBuf message) {}

    Pipeline(Channel channel) {
        this.channel = channel;
    }

    Channel channel() {
        return channel;
    }

    void send(Pending request) {
        unsent.add(request);
        if (draining.compareAndSet(false, true)) {
            channel.eventLoop().execute(this::drain);
        }
    }

    /** All that has come in between is written at once. */
    private void drain() {
        draining.set(false);
        boolean any = false;
        for (Pending request = unsent.poll(); request != null; request = unsent.poll()) {
            if (!channel.isActive()) {
                request.message().release();
                InMemoryBody.fail(request.request(), request.end(), new IOException("The connection was closed"));
                continue;
            }
            sent.add(request);
            ChannelFuture unused = channel.write(request.message());
            any = true;
        }
        if (any) {
            channel.flush();
        }
    }

    @Override
    protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
        int end = headEnd(in);
        if (end < 0) {
            return;
        }
        String head = in.toString(in.readerIndex(), end - in.readerIndex(), StandardCharsets.ISO_8859_1);
        SdkHttpResponse response = response(head);
        int length =
                Integer.parseInt(response.firstMatchingHeader("Content-Length").orElseThrow());
        if (in.writerIndex() < end + length) {
            return;
        }
        ByteBuffer body = ByteBuffer.allocate(length);
        in.getBytes(end, body);
        in.readerIndex(end + length);
        Pending request = sent.remove();
        request.request().responseHandler().onHeaders(response);
        request.request().responseHandler().onStream(InMemoryBody.publisher(body.flip()));
        request.end().complete(null);
    }

    private static int headEnd(ByteBuf in) {
        for (int i = in.readerIndex(); i + 3 < in.writerIndex(); i++) {
            if (in.getByte(i) == '\r' && in.getByte(i + 2) == '\r') {
                return i + 4;
            }
        }
        return -1;
    }

    private static SdkHttpResponse response(String head) {
        int line = head.indexOf('\r');
        SdkHttpResponse.Builder response =
                SdkHttpResponse.builder().statusCode(Integer.parseInt(head.substring(9, 12)));
        for (int start = line + 2; head.charAt(start) != '\r'; start = line + 2) {
            line = head.indexOf('\r', start);
            int colon = head.indexOf(':', start);
            response.appendHeader(head.substring(start, colon), head.substring(colon + 2, line));
        }
        return response.build();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        for (Pending request = sent.poll(); request != null; request = sent.poll()) {
            InMemoryBody.fail(request.request(), request.end(), new IOException("The connection was closed"));
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable error) {
        ChannelFuture unused = context.close();
    }
}
