/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.client;

import io.dynastore.camel.ClientType;
import io.dynastore.camel.DynaStoreConfiguration;
import io.dynastore.camel.HttpClientType;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.Protocol;

/** All settings of a client. Endpoints with equal settings share a client. {@link #toString} contains no credential. */
record ClientSettings(
        @Nullable String region,
        @Nullable String accessKey,
        @Nullable String secretKey,
        @Nullable String sessionToken,
        boolean defaultCredentials,
        boolean profileCredentials,
        boolean sessionCredentials,
        @Nullable String profile,
        boolean trustAllCertificates,
        @Nullable String endpoint,
        Protocol proxyProtocol,
        @Nullable String proxyHost,
        @Nullable Integer proxyPort,
        ClientType client,
        HttpClientType httpClient,
        int maxConnections,
        @Nullable Integer eventLoopThreads,
        long connectionTimeout,
        long apiCallAttemptTimeout,
        long apiCallTimeout) {

    static ClientSettings of(DynaStoreConfiguration options) {
        return new ClientSettings(
                options.getRegion(),
                options.getAccessKey(),
                options.getSecretKey(),
                options.getSessionToken(),
                options.isUseDefaultCredentialsProvider(),
                options.isUseProfileCredentialsProvider(),
                options.isUseSessionCredentials(),
                options.getProfileCredentialsName(),
                options.isTrustAllCertificates(),
                options.isOverrideEndpoint() ? options.getUriEndpointOverride() : null,
                options.getProxyProtocol(),
                options.getProxyHost(),
                options.getProxyPort(),
                options.getClient(),
                options.getHttpClient(),
                options.getMaxConnections(),
                options.getEventLoopThreads(),
                options.getConnectionTimeout(),
                options.getApiCallAttemptTimeout(),
                options.getApiCallTimeout());
    }

    @Override
    public String toString() {
        return "region " + region + ", endpoint " + (endpoint == null ? null : TableLocation.shown(endpoint));
    }
}
