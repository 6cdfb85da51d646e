/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.benchmarks;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.netty.util.concurrent.Future;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLException;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.async.AsyncExecuteRequest;
import software.amazon.awssdk.http.async.SdkAsyncHttpClient;
import software.amazon.awssdk.utils.AttributeMap;

/**
 * The least that a Java program can do to send a request: a few connections that stay open, to each of which requests
 * are written without waiting for responses. It is the floor, and no client: it knows one endpoint, needs a body in
 * memory and a length in each response, never gives a request up, and fails all requests of a broken connection.
 */
final class PipeliningHttp implements SdkAsyncHttpClient {

    private static final int CONNECTIONS = Integer.getInteger("pipelines", 8);

    private final EventLoopGroup loops = new NioEventLoopGroup(
            Integer.getInteger("pipelineLoops", Runtime.getRuntime().availableProcessors()));
    private final Pipeline[] pipelines = new Pipeline[CONNECTIONS];
    private final AtomicInteger next = new AtomicInteger();

    private PipeliningHttp() {}

    static final class Builder implements SdkAsyncHttpClient.Builder<Builder> {
        @Override
        public SdkAsyncHttpClient buildWithDefaults(AttributeMap defaults) {
            return new PipeliningHttp();
        }
    }

    @Override
    public CompletableFuture<Void> execute(AsyncExecuteRequest request) {
        CompletableFuture<Void> end = new CompletableFuture<>();
        Pipeline pipeline = pipeline(request.request().getUri());
        pipeline.send(new Pipeline.Pending(request, end, message(pipeline.channel(), request)));
        return end;
    }

    private Pipeline pipeline(URI uri) {
        int number = Math.floorMod(next.getAndIncrement(), CONNECTIONS);
        synchronized (pipelines) {
            if (pipelines[number] == null) {
                pipelines[number] = connect(uri);
            }
            return pipelines[number];
        }
    }

    private Pipeline connect(URI uri) {
        try {
            SslContext tls = uri.getScheme().equals("https")
                    ? SslContextBuilder.forClient()
                            .trustManager(InsecureTrustManagerFactory.INSTANCE)
                            .build()
                    : null;
            ChannelFuture connected = new Bootstrap()
                    .group(loops)
                    .channel(NioSocketChannel.class)
                    .option(ChannelOption.TCP_NODELAY, true)
                    .handler(new ChannelInitializer<Channel>() {
                        @Override
                        protected void initChannel(Channel channel) {
                            if (tls != null) {
                                channel.pipeline()
                                        .addLast(tls.newHandler(channel.alloc(), uri.getHost(), uri.getPort()));
                            }
                            channel.pipeline().addLast(new Pipeline(channel));
                        }
                    })
                    .connect(uri.getHost(), uri.getPort())
                    .sync();
            return connected.channel().pipeline().get(Pipeline.class);
        } catch (SSLException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static ByteBuf message(Channel channel, AsyncExecuteRequest request) {
        SdkHttpRequest head = request.request();
        byte[] body = InMemoryBody.of(request);
        StringBuilder text = new StringBuilder(1024)
                .append("POST ")
                .append(head.encodedPath().isEmpty() ? "/" : head.encodedPath())
                .append(" HTTP/1.1\r\n");
        head.forEachHeader((name, values) ->
                text.append(name).append(": ").append(values.get(0)).append("\r\n"));
        ByteBuf message = channel.alloc().directBuffer(text.length() + 2 + body.length);
        message.writeCharSequence(text.append("\r\n"), StandardCharsets.ISO_8859_1);
        return message.writeBytes(body);
    }

    @Override
    public String clientName() {
        return "Pipelining";
    }

    @Override
    public void close() {
        Future<?> unused = loops.shutdownGracefully();
    }
}
