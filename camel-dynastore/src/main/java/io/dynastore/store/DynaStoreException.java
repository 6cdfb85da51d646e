/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store;

import org.jspecify.annotations.Nullable;

/**
 * The superclass of all errors that the store reports itself. Errors of the AWS SDK (throttling, network, access) are
 * not among them: they pass through unchanged.
 *
 * <p>A message names the table, the key and the remedy. It never contains a payload or a credential.
 */
public class DynaStoreException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /**
     * An error without a cause.
     *
     * @param message names the table, the key and the remedy
     */
    public DynaStoreException(String message) {
        super(message);
    }

    /**
     * An error.
     *
     * @param message names the table, the key and the remedy
     * @param cause the SDK's error; null if there is none
     */
    public DynaStoreException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
