/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.consumer;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dynastore.store.InvalidInputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Options that a consumer which claims can't have are refused when it starts, before a request is sent. */
class ClaimOptionsTest extends ConsumerContract {

    @ParameterizedTest
    @CsvSource({
        "onSuccess=none, onSuccess=none, onSuccess=delete",
        "onSuccess=delete&resume=memory, resume, leave it out",
        "onSuccess=delete&reverse=true, reverse, oldest",
        "onSuccess=delete&sortKeyPrefix=a, sortKeyPrefix, any item",
        "onSuccess=delete&sortKeyFrom=a, sortKeyFrom, any item",
        "onSuccess=delete&sortKeyTo=a, sortKeyTo, any item",
        "onSuccess=delete&index=i&indexPartitionKeyName=a, index, in the table",
        "onSuccess=delete&includeExpired=true, includeExpired, expired",
        "onSuccess=delete&concurrentPartitions=2, concurrentPartitions, concurrentClaims",
        "onSuccess=delete&claimTtl=2999ms, claimTtl, 3 seconds",
        "onSuccess=delete&concurrentClaims=0, concurrentClaims, 1 or more",
        "onSuccess=delete&maxDeliveries=0, maxDeliveries, 1 or more",
        "onSuccess=delete&retryBackoff=0.5, retryBackoff, 1 or more",
        "onSuccess=delete&retryDelay=-1, retryDelay, 0 or more",
        "onSuccess=delete&deadPartition=email, deadPartition, consumed"
    })
    void isRefusedWithARemedy(String options, String option, String remedy) {
        assertThatThrownBy(() -> consume("partitionKeys=email&claim=true&" + options))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("Table " + table)
                .hasMessageContaining(option)
                .hasMessageContaining(remedy);
    }

    @Test
    void deadPartitionNeedsClaims() {
        assertThatThrownBy(() -> consume("partitionKeys=email&onSuccess=delete&deadPartition=email-dead"))
                .hasMessageContaining("set claim=true");
    }

    @Test
    void deadPartitionNeedsNamedPartitions() {
        assertThatThrownBy(() -> consume("claim=true&onSuccess=delete&deadPartition=email-dead"))
                .hasMessageContaining("name partitionKeys");
    }
}
