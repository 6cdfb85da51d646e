/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.benchmarks;

import io.dynastore.camel.ClientType;
import io.dynastore.camel.HttpClientType;
import java.net.URI;

/** The measured implementations. */
enum Subjects implements Openable {
    DYNASTORE("camel-dynastore"),
    DYNASTORE_AUTO("camel-dynastore, client=auto"),
    CAMEL_DDB("camel-aws2-ddb"),
    SDK_BLOCKING("SDK, blocking, Apache 5"),
    SDK_NETTY("SDK, asynchronous, Netty"),
    SDK_CRT("SDK, asynchronous, CRT"),
    SDK_SAME("the same, with the component's requests"),
    ENHANCED("dynamodb-enhanced, Netty"),
    DYNASTORE_NETTY("camel-dynastore over Netty"),
    DYNASTORE_AUTO_NETTY("camel-dynastore over Netty, client=auto");

    private final String text;

    Subjects(String text) {
        this.text = text;
    }

    @Override
    public String text() {
        return text;
    }

    @Override
    public Subject open(URI endpoint) throws Exception {
        return switch (this) {
            case DYNASTORE -> new CamelDynaStore(endpoint, HttpClientType.AUTO, ClientType.SDK);
            case DYNASTORE_AUTO -> new CamelDynaStore(endpoint, HttpClientType.AUTO, ClientType.AUTO);
            case CAMEL_DDB -> new CamelDdb(endpoint);
            case SDK_BLOCKING -> new BlockingSdk(endpoint);
            case SDK_NETTY -> new AsyncSdk(endpoint, SdkClients.netty(), Requests::send);
            case SDK_CRT -> new AsyncSdk(endpoint, SdkClients.crt(), Requests::send);
            case SDK_SAME -> new AsyncSdk(endpoint, SdkClients.crt(), SameRequests::send);
            case ENHANCED -> new EnhancedSdk(endpoint, SdkClients.netty());
            case DYNASTORE_NETTY -> new CamelDynaStore(endpoint, HttpClientType.NETTY, ClientType.SDK);
            case DYNASTORE_AUTO_NETTY -> new CamelDynaStore(endpoint, HttpClientType.NETTY, ClientType.AUTO);
        };
    }
}
