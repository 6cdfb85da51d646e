/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.benchmarks;

import java.net.URI;

/** What a {@link Trial} measures: a constant of {@link Subjects} or {@link Transports}. */
interface Openable {

    /** The name of the constant. */
    String name();

    /** What tables call it. */
    String text();

    /** Opens it at an endpoint. */
    Subject open(URI endpoint) throws Exception;

    /** The constant of that name. */
    static Openable named(String name) {
        for (Openable transport : Transports.values()) {
            if (transport.name().equals(name)) {
                return transport;
            }
        }
        return Subjects.valueOf(name);
    }
}
