/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.client;

import io.dynastore.camel.DynaStoreConfiguration;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.http.SdkHttpConfigurationOption;
import software.amazon.awssdk.http.async.SdkAsyncHttpClient;
import software.amazon.awssdk.http.crt.AwsCrtAsyncHttpClient;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.http.nio.netty.ProxyConfiguration;
import software.amazon.awssdk.http.nio.netty.SdkEventLoopGroup;
import software.amazon.awssdk.utils.AttributeMap;

/**
 * Builds the HTTP client of an SDK client. The SDK closes an HTTP client that it got from a builder together with its
 * client.
 *
 * <p>Decisions 15 and 24 in docs/decisions have the reasons.
 */
record HttpClientBuilder(DynaStoreConfiguration options) implements SdkAsyncHttpClient.Builder<HttpClientBuilder> {

    private static final Logger LOG = LoggerFactory.getLogger("io.dynastore.camel.DynaStoreComponent");

    @Override
    public SdkAsyncHttpClient buildWithDefaults(AttributeMap serviceDefaults) {
        AttributeMap defaults = options.isTrustAllCertificates()
                ? AttributeMap.builder()
                        .put(SdkHttpConfigurationOption.TRUST_ALL_CERTIFICATES, true)
                        .build()
                        .merge(serviceDefaults)
                : serviceDefaults;
        return switch (options.getHttpClient()) {
            case CRT -> crt(defaults);
            case NETTY -> netty(defaults);
            case AUTO -> crtOrNetty(defaults);
        };
    }

    private SdkAsyncHttpClient crtOrNetty(AttributeMap defaults) {
        if (System.getProperty("javax.net.ssl.trustStore") != null) {
            LOG.debug("HTTP by Netty: the JVM is given a trust store, which the AWS CRT does not read");
            return netty(defaults);
        }
        try {
            return Crt.build(options, defaults);
        } catch (LinkageError e) {
            // It is not on the class path, or its native library is missing or can't be unpacked or loaded.
            LOG.info("HTTP by Netty, since the AWS CRT can't be loaded: {}", e.toString());
            return netty(defaults);
        }
    }

    private SdkAsyncHttpClient crt(AttributeMap defaults) {
        try {
            return Crt.build(options, defaults);
        } catch (LinkageError e) {
            throw new IllegalStateException(
                    "The option httpClient requires the AWS CRT, which can't be loaded: "
                            + "add software.amazon.awssdk:aws-crt-client and allow native code, "
                            + "or set httpClient=netty",
                    e);
        }
    }

    /** A class of its own, so that no other class links to a library that may be missing. */
    private static final class Crt {

        static SdkAsyncHttpClient build(DynaStoreConfiguration options, AttributeMap defaults) {
            AwsCrtAsyncHttpClient.Builder http = AwsCrtAsyncHttpClient.builder()
                    .maxConcurrency(options.getMaxConnections())
                    .connectionTimeout(Duration.ofMillis(options.getConnectionTimeout()));
            Integer eventLoopThreads = eventLoopThreads(options, 2, "the AWS CRT");
            if (eventLoopThreads != null) {
                http.numEventLoopThreads(eventLoopThreads);
            }
            String proxyHost = options.getProxyHost();
            Integer proxyPort = options.getProxyPort();
            if (proxyHost != null && proxyPort != null) {
                http.proxyConfiguration(
                        proxy -> proxy.scheme(options.getProxyProtocol().toString())
                                .host(proxyHost)
                                .port(proxyPort));
            }
            return http.buildWithDefaults(defaults);
        }
    }

    /** Clients refuse fewer, and do not name the option. */
    private static @Nullable Integer eventLoopThreads(DynaStoreConfiguration options, int least, String client) {
        Integer threads = options.getEventLoopThreads();
        if (threads != null && threads < least) {
            throw new IllegalArgumentException("The option eventLoopThreads=" + threads + " is too small: " + client
                    + " takes " + least + " or more. Leave it out for the default.");
        }
        return threads;
    }

    private SdkAsyncHttpClient netty(AttributeMap defaults) {
        NettyNioAsyncHttpClient.Builder http = NettyNioAsyncHttpClient.builder()
                .maxConcurrency(options.getMaxConnections())
                .connectionTimeout(Duration.ofMillis(options.getConnectionTimeout()));
        Integer eventLoopThreads = eventLoopThreads(options, 1, "Netty");
        if (eventLoopThreads != null) {
            http.eventLoopGroupBuilder(SdkEventLoopGroup.builder().numberOfThreads(eventLoopThreads));
        }
        if (options.getProxyHost() != null && options.getProxyPort() != null) {
            http.proxyConfiguration(ProxyConfiguration.builder()
                    .scheme(options.getProxyProtocol().toString())
                    .host(options.getProxyHost())
                    .port(options.getProxyPort())
                    .build());
        }
        return http.buildWithDefaults(defaults);
    }
}
