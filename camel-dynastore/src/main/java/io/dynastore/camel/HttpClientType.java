/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel;

/** The HTTP library of a client that the component makes. */
public enum HttpClientType {
    /**
     * The AWS CRT client, or Netty if the AWS CRT can't be used. It can't if it is not on the class path, or its
     * native library can't be loaded. It is not used either if {@code javax.net.ssl.trustStore} gives the JVM a trust
     * store: native code does not read it.
     */
    AUTO,
    /**
     * The AWS CRT client; an error if it can't be loaded. It trusts the certificates of the operating system, not
     * those of the JVM.
     */
    CRT,
    /** Netty, with the certificates that the JVM trusts. */
    NETTY
}
