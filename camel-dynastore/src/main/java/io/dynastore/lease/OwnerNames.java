/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.lease;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.UUID;

/** Default names of owners: readable and unique. */
final class OwnerNames {

    private static final int RANDOM = 8;

    private OwnerNames() {}

    /** "host-4711-1f0c9a2e": host, process, and a random part. */
    static String unique() {
        return Host.NAME + "-" + ProcessHandle.current().pid() + "-"
                + UUID.randomUUID().toString().substring(0, RANDOM);
    }

    /** Looked up once, since it may take a while. */
    private static final class Host {
        static final String NAME = name();

        private static String name() {
            String given = System.getenv("HOSTNAME");
            if (given != null && !given.isBlank()) {
                return given;
            }
            try {
                return InetAddress.getLocalHost().getHostName();
            } catch (UnknownHostException e) {
                return "host";
            }
        }
    }
}
