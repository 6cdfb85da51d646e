/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store;

import org.junit.jupiter.api.Nested;

/** The store on a service that returns the old item with a failed condition. */
class StoreTest {

    @Nested
    class Create extends CreateContract {
        Create() {
            super(Service.COMPLETE);
        }
    }

    @Nested
    class Put extends PutContract {
        Put() {
            super(Service.COMPLETE);
        }
    }

    @Nested
    class Read extends ReadContract {
        Read() {
            super(Service.COMPLETE);
        }
    }

    @Nested
    class Update extends UpdateContract {
        Update() {
            super(Service.COMPLETE);
        }
    }

    @Nested
    class Delete extends DeleteContract {
        Delete() {
            super(Service.COMPLETE);
        }
    }

    @Nested
    class Fields extends FieldsContract {
        Fields() {
            super(Service.COMPLETE);
        }
    }

    @Nested
    class Expiring extends ExpiryContract {
        Expiring() {
            super(Service.COMPLETE);
        }
    }

    @Nested
    class BadInput extends BadInputContract {
        BadInput() {
            super(Service.COMPLETE);
        }
    }

    @Nested
    class Locks extends LockItemContract {
        Locks() {
            super(Service.COMPLETE);
        }
    }

    @Nested
    class Fenced extends FencedWriteContract {
        Fenced() {
            super(Service.COMPLETE);
        }
    }

    @Nested
    class Limits extends WriteLimitsContract {
        Limits() {
            super(Service.COMPLETE);
        }
    }

    @Nested
    class Increments extends IncrementContract {
        Increments() {
            super(Service.COMPLETE);
        }
    }

    @Nested
    class Merging extends MergeContract {
        Merging() {
            super(Service.COMPLETE);
        }
    }

    @Nested
    class FlatItems extends FlatContract {
        FlatItems() {
            super(Service.COMPLETE);
        }
    }

    @Nested
    class Selected extends SelectedFieldsContract {
        Selected() {
            super(Service.COMPLETE);
        }
    }

    @Nested
    class Filtered extends FilteredListContract {
        Filtered() {
            super(Service.COMPLETE);
        }
    }
}
