/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.lease;

import io.dynastore.store.Service;

/** Locks on a service that returns the old item with a failed condition. */
class LockTest extends LockContract {
    LockTest() {
        super(Service.COMPLETE);
    }
}
