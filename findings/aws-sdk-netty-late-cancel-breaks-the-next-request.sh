#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# AWS SDK for Java 2.54.13: netty-nio-client beside aws-crt-client, JDK 17.
#
# Pairs of requests over one connection (maxConcurrency=1) to a server that answers each of them and keeps its
# connections open. When the body of the first response is complete (onComplete of its subscriber), the caller
# completes the future of execute() with an error: it gives up a request that has its whole response already. The
# second request is nobody's error, and is never given up.
#
# One would expect: nothing happens, since nothing is under way any more. So does the CRT client: one connection
# carries all requests.
# Seen: the Netty client closes the connection each time. Now and then, in about a quarter of the pairs, the second
# request was on it already: it fails with "The connection was closed during the request". So whoever gives up a
# request has to look whether its response is there, or breaks somebody else's.
#
# Prints what failed, and fails if the Netty client breaks no request, or the CRT client any.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

cat > "$work/pom.xml" <<'XML'
<project xmlns="http://maven.apache.org/POM/4.0.0">
    <modelVersion>4.0.0</modelVersion>
    <groupId>finding</groupId>
    <artifactId>finding</artifactId>
    <version>1</version>
    <dependencies>
        <dependency><groupId>software.amazon.awssdk</groupId><artifactId>netty-nio-client</artifactId><version>2.54.13</version></dependency>
        <dependency><groupId>software.amazon.awssdk</groupId><artifactId>aws-crt-client</artifactId><version>2.54.13</version></dependency>
    </dependencies>
</project>
XML

cat > "$work/Main.java" <<'JAVA'
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;
import software.amazon.awssdk.http.SdkHttpFullRequest;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpResponse;
import software.amazon.awssdk.http.async.AsyncExecuteRequest;
import software.amazon.awssdk.http.async.SdkAsyncHttpClient;
import software.amazon.awssdk.http.async.SdkAsyncHttpResponseHandler;
import software.amazon.awssdk.http.async.SdkHttpContentPublisher;
import software.amazon.awssdk.http.crt.AwsCrtAsyncHttpClient;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;

public class Main {
    static final int PAIRS = 200;
    static final byte[] RESPONSE =
            "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok".getBytes(StandardCharsets.US_ASCII);

    public static void main(String[] args) throws Exception {
        try (ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            AtomicInteger connections = new AtomicInteger();
            daemon(() -> accept(server, connections));
            for (boolean givesUp : new boolean[] {false, true}) {
                print("netty", NettyNioAsyncHttpClient.builder().maxConcurrency(1).build(), server, connections, givesUp);
                print("crt", AwsCrtAsyncHttpClient.builder().maxConcurrency(1).build(), server, connections, givesUp);
            }
        }
        System.exit(0);
    }

    static void print(String name, SdkAsyncHttpClient client, ServerSocket server, AtomicInteger connections, boolean givesUp)
            throws Exception {
        connections.set(0);
        int failed = 0;
        for (int pair = 0; pair < PAIRS; pair++) {
            Response first = new Response();
            Response second = new Response();
            CompletableFuture<Void> request = send(client, server.getLocalPort(), first);
            CompletableFuture<Void> other = send(client, server.getLocalPort(), second);
            if (givesUp) {
                first.complete.thenRun(() -> request.completeExceptionally(new CancellationException("given up")));
            }
            try {
                second.complete.get(30, TimeUnit.SECONDS);
                other.get(30, TimeUnit.SECONDS);
            } catch (ExecutionException closed) {
                failed++;
            }
        }
        System.out.println(name + (givesUp ? " late-cancel " : " plain ") + failed + " of " + PAIRS + " failed, "
                + connections + " connections");
    }

    static CompletableFuture<Void> send(SdkAsyncHttpClient client, int port, Response response) {
        return client.execute(AsyncExecuteRequest.builder()
                .request(SdkHttpFullRequest.builder()
                        .method(SdkHttpMethod.GET)
                        .uri(URI.create("http://127.0.0.1:" + port + "/"))
                        .putHeader("Host", "127.0.0.1:" + port)
                        .build())
                .requestContentPublisher(new Nothing())
                .responseHandler(response)
                .build());
    }

    static final class Nothing implements SdkHttpContentPublisher {
        @Override
        public Optional<Long> contentLength() {
            return Optional.of(0L);
        }

        @Override
        public void subscribe(Subscriber<? super ByteBuffer> subscriber) {
            subscriber.onSubscribe(new Subscription() {
                @Override
                public void request(long count) {}

                @Override
                public void cancel() {}
            });
            subscriber.onComplete();
        }
    }

    static final class Response implements SdkAsyncHttpResponseHandler, Subscriber<ByteBuffer> {
        final CompletableFuture<Void> complete = new CompletableFuture<>();

        @Override
        public void onHeaders(SdkHttpResponse head) {}

        @Override
        public void onStream(Publisher<ByteBuffer> body) {
            body.subscribe(this);
        }

        @Override
        public void onSubscribe(Subscription body) {
            body.request(Long.MAX_VALUE);
        }

        @Override
        public void onNext(ByteBuffer part) {}

        @Override
        public void onComplete() {
            complete.complete(null);
        }

        @Override
        public void onError(Throwable error) {
            complete.completeExceptionally(error);
        }
    }

    static void accept(ServerSocket server, AtomicInteger connections) {
        try {
            while (true) {
                Socket socket = server.accept();
                connections.incrementAndGet();
                daemon(() -> answer(socket));
            }
        } catch (IOException closed) {
            // The end.
        }
    }

    static void answer(Socket socket) {
        try (socket) {
            socket.setTcpNoDelay(true);
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                if (line.isEmpty()) {
                    // The other request has to be on its way when the connection is closed.
                    TimeUnit.MILLISECONDS.sleep(3);
                    socket.getOutputStream().write(RESPONSE);
                }
            }
        } catch (IOException | InterruptedException closed) {
            // The client has closed the connection.
        }
    }

    static void daemon(Runnable task) {
        Thread thread = new Thread(task);
        thread.setDaemon(true);
        thread.start();
    }
}
JAVA

mvn -q -B -f "$work/pom.xml" dependency:build-classpath -Dmdep.outputFile="$work/classpath" >&2
all=$(java -cp "$(cat "$work/classpath")" "$work/Main.java" 2> /dev/null)
echo "$all"

failed() {
    sed -n "s/^$1 \([0-9]*\) of .*/\1/p" <<< "$all"
}
[[ $(failed 'netty plain') == 0 && $(failed 'crt plain') == 0 && $(failed 'crt late-cancel') == 0 ]] \
    || { echo "changed: a request fails that should not" >&2; exit 1; }
(($(failed 'netty late-cancel') > 0)) || { echo "changed: the Netty client breaks no other request" >&2; exit 1; }
