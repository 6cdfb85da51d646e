/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store;

import org.junit.jupiter.api.Nested;

/** The store on a service that never returns the old item with a failed condition. */
class StoreWithoutOldItemsTest {

    @Nested
    class Create extends CreateContract {
        Create() {
            super(Service.WITHOUT_OLD_ITEMS);
        }
    }

    @Nested
    class Put extends PutContract {
        Put() {
            super(Service.WITHOUT_OLD_ITEMS);
        }
    }

    @Nested
    class Read extends ReadContract {
        Read() {
            super(Service.WITHOUT_OLD_ITEMS);
        }
    }

    @Nested
    class Update extends UpdateContract {
        Update() {
            super(Service.WITHOUT_OLD_ITEMS);
        }
    }

    @Nested
    class Delete extends DeleteContract {
        Delete() {
            super(Service.WITHOUT_OLD_ITEMS);
        }
    }

    @Nested
    class Fields extends FieldsContract {
        Fields() {
            super(Service.WITHOUT_OLD_ITEMS);
        }
    }

    @Nested
    class Expiring extends ExpiryContract {
        Expiring() {
            super(Service.WITHOUT_OLD_ITEMS);
        }
    }

    @Nested
    class BadInput extends BadInputContract {
        BadInput() {
            super(Service.WITHOUT_OLD_ITEMS);
        }
    }

    @Nested
    class Locks extends LockItemContract {
        Locks() {
            super(Service.WITHOUT_OLD_ITEMS);
        }
    }

    @Nested
    class Fenced extends FencedWriteContract {
        Fenced() {
            super(Service.WITHOUT_OLD_ITEMS);
        }
    }

    @Nested
    class Limits extends WriteLimitsContract {
        Limits() {
            super(Service.WITHOUT_OLD_ITEMS);
        }
    }

    @Nested
    class Increments extends IncrementContract {
        Increments() {
            super(Service.WITHOUT_OLD_ITEMS);
        }
    }

    @Nested
    class Merging extends MergeContract {
        Merging() {
            super(Service.WITHOUT_OLD_ITEMS);
        }
    }

    @Nested
    class FlatItems extends FlatContract {
        FlatItems() {
            super(Service.WITHOUT_OLD_ITEMS);
        }
    }
}
