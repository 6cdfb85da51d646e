/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store;

import org.junit.jupiter.api.Nested;

/** The store over a client whose first attempts are not the SDK's. */
class StoreOverLeanClientTest {

    @Nested
    class Create extends CreateContract {
        Create() {
            super(Service.LEAN);
        }
    }

    @Nested
    class Put extends PutContract {
        Put() {
            super(Service.LEAN);
        }
    }

    @Nested
    class Read extends ReadContract {
        Read() {
            super(Service.LEAN);
        }
    }

    @Nested
    class Update extends UpdateContract {
        Update() {
            super(Service.LEAN);
        }
    }

    @Nested
    class Delete extends DeleteContract {
        Delete() {
            super(Service.LEAN);
        }
    }

    @Nested
    class Fields extends FieldsContract {
        Fields() {
            super(Service.LEAN);
        }
    }

    @Nested
    class Expiring extends ExpiryContract {
        Expiring() {
            super(Service.LEAN);
        }
    }

    @Nested
    class Locks extends LockItemContract {
        Locks() {
            super(Service.LEAN);
        }
    }

    @Nested
    class Fenced extends FencedWriteContract {
        Fenced() {
            super(Service.LEAN);
        }
    }

    @Nested
    class BadInput extends BadInputContract {
        BadInput() {
            super(Service.LEAN);
        }
    }

    @Nested
    class WriteLimits extends WriteLimitsContract {
        WriteLimits() {
            super(Service.LEAN);
        }
    }

    @Nested
    class Transactions extends TransactContract {
        Transactions() {
            super(Service.LEAN::client);
        }
    }

    @Nested
    class Lists extends ListTest {
        @Override
        Service service(Service usual) {
            return Service.LEAN;
        }
    }

    @Nested
    class ListsByExpiry extends ListByExpiryTest {
        @Override
        Service service(Service usual) {
            return Service.LEAN;
        }
    }

    @Nested
    class Batches extends BatchGetTest {
        @Override
        Service service(Service usual) {
            return Service.LEAN;
        }
    }

    @Nested
    class Increments extends IncrementContract {
        Increments() {
            super(Service.LEAN);
        }
    }

    @Nested
    class Merging extends MergeContract {
        Merging() {
            super(Service.LEAN);
        }
    }

    @Nested
    class FlatItems extends FlatContract {
        FlatItems() {
            super(Service.LEAN);
        }
    }

    @Nested
    class Selected extends SelectedFieldsContract {
        Selected() {
            super(Service.LEAN);
        }
    }

    @Nested
    class Filtered extends FilteredListContract {
        Filtered() {
            super(Service.LEAN);
        }
    }
}
