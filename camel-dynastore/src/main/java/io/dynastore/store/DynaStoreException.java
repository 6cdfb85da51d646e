/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store;

import org.jspecify.annotations.Nullable;

/**
 * The root of all errors that the store itself reports. Errors of the AWS SDK (throttling, network, access) are not
 * among them: they pass through unchanged.
 *
 * <p>A message names the table, the key and the remedy. It never contains a payload or a credential.
 */
public class DynaStoreException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public DynaStoreException(String message) {
        super(message);
    }

    public DynaStoreException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
