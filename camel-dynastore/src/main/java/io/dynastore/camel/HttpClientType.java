/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel;

/** What the client that the component makes speaks HTTP with. */
public enum HttpClientType {
    /**
     * The AWS CRT client, and Netty where that can't be used: it isn't on the class path, its native library can't be loaded, or the JVM is
     * given a trust store by {@code javax.net.ssl.trustStore}, which native code doesn't read.
     */
    AUTO,
    /** The AWS CRT client, or an error. It trusts the certificates of the operating system, not those of the JVM. */
    CRT,
    /** Netty, with the certificates that the JVM trusts. */
    NETTY
}
