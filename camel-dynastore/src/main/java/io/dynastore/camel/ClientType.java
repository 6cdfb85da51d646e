/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel;

/** What makes the requests of a client that the component makes. */
public enum ClientType {
    /**
     * The component makes the first attempt of frequent requests itself, at less cost than the SDK. The SDK makes all
     * other attempts and requests. It makes all of them if it has interceptors or adaptive retries.
     */
    AUTO,
    /** The SDK makes all requests. */
    SDK
}
