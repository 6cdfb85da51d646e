/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.lease;

import io.dynastore.store.Service;

/** Locks on a service that never returns the old item with a failed condition. */
class LockWithoutOldItemsTest extends LockContract {
    LockWithoutOldItemsTest() {
        super(Service.WITHOUT_OLD_ITEMS);
    }
}
