/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.benchmarks;

import java.net.URI;
import java.time.Duration;
import java.util.function.Supplier;
import software.amazon.awssdk.http.async.SdkAsyncHttpClient;
import software.amazon.awssdk.http.crt.AwsCrtAsyncHttpClient;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.http.nio.netty.SdkEventLoopGroup;

/**
 * What can carry the requests of the component. The first five are compared by default; the others are settings of the
 * first two.
 *
 * <p>Decision 24 in docs/decisions has the reasons.
 */
enum Transports implements Openable {
    CRT("AWS CRT", SdkClients::crt),
    NETTY("the SDK's Netty client", SdkClients::netty),
    APACHE("Apache HttpClient 5, asynchronous", () -> new ApacheHttp.Builder()),
    JDK("the JDK's HttpClient", () -> new JdkHttp.Builder()),
    PIPELINING("pipelined over bare Netty", () -> new PipeliningHttp.Builder()),
    CRT_4_LOOPS("CRT, 4 event loops", () -> SdkClients.trusting(crt().numEventLoopThreads(4))),
    CRT_16_CONNECTIONS("CRT, 16 connections", () -> SdkClients.trusting(crt().maxConcurrency(16))),
    CRT_64_CONNECTIONS("CRT, 64 connections", () -> SdkClients.trusting(crt().maxConcurrency(64))),
    CRT_16_KB("CRT, read buffer of 16 KB", () -> SdkClients.trusting(crt().readBufferSizeInBytes(16L << 10))),
    CRT_1_MB("CRT, read buffer of 1 MB", () -> SdkClients.trusting(crt().readBufferSizeInBytes(1L << 20))),
    NETTY_1_LOOP("Netty, 1 event loop", () -> SdkClients.trusting(netty(1))),
    NETTY_2_LOOPS("Netty, 2 event loops", () -> SdkClients.trusting(netty(2)));

    private final String text;
    /** Each is a lambda without state. */
    @SuppressWarnings("ImmutableEnumChecker")
    private final Supplier<SdkAsyncHttpClient.Builder<?>> http;

    Transports(String text, Supplier<SdkAsyncHttpClient.Builder<?>> http) {
        this.text = text;
        this.http = http;
    }

    private static AwsCrtAsyncHttpClient.Builder crt() {
        return AwsCrtAsyncHttpClient.builder()
                .maxConcurrency(SdkClients.CONNECTIONS)
                .connectionAcquisitionTimeout(Duration.ofSeconds(30));
    }

    private static NettyNioAsyncHttpClient.Builder netty(int loops) {
        return NettyNioAsyncHttpClient.builder()
                .maxConcurrency(SdkClients.CONNECTIONS)
                .connectionAcquisitionTimeout(Duration.ofSeconds(30))
                .maxPendingConnectionAcquires(10_000)
                .eventLoopGroupBuilder(SdkEventLoopGroup.builder().numberOfThreads(loops));
    }

    @Override
    public String text() {
        return text;
    }

    @Override
    public Subject open(URI endpoint) {
        return new StoreSubject(endpoint, http.get());
    }
}
