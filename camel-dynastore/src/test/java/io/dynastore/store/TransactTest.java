/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store;

import io.dynastore.test.DynamoDbExtension;
import org.junit.jupiter.api.Nested;

/** Transactions, on an engine that returns the items in the way and on one that does not. */
class TransactTest {

    @Nested
    class WithOldItems extends TransactContract {
        WithOldItems() {
            super(DynamoDbExtension::client);
        }
    }

    @Nested
    class WithoutOldItems extends TransactContract {
        WithoutOldItems() {
            super(TransactFixture::withoutOldItems);
        }
    }
}
