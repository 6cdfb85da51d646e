/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store;

import static org.assertj.core.api.Assertions.assertThat;
import static software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType.N;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.model.ProjectionType;

/** An index may be sorted by the store's own attributes, which the service then takes in no filter. */
class ListByExpiryTest extends StoreContract {

    private final StoreFixture indexed =
            StoreFixture.of(dynamo, dynamo.client(), TableSchema.named("-"), spec -> spec.localIndex(
                            "by-expiry", "expires", N, ProjectionType.ALL)
                    .localIndex("by-version", "version", N, ProjectionType.ALL));

    ListByExpiryTest() {
        super(Service.COMPLETE);
    }

    @Test
    void itemsAreListedInTheOrderOfTheirExpiry() {
        indexed.write(Call.create(Key.of(key.partitionKey(), "late"), "x").expiry(Expiry.after(Duration.ofHours(2))));
        indexed.write(Call.create(Key.of(key.partitionKey(), "soon"), "x").expiry(Expiry.after(Duration.ofHours(1))));
        ListCall.Builder list = Call.list(key.partitionKey())
                .index("by-expiry")
                .indexSortKeyName("expires")
                .indexSortKeyType(KeyType.NUMBER);

        assertThat(indexed.page(list).items())
                .extracting(item -> item.key().sortKey())
                .containsExactly("soon", "late");
        assertThat(indexed.page(list.includeExpired(true)).items()).hasSize(2);
    }

    @Test
    void itemsAreListedInTheOrderOfTheirVersions() {
        indexed.write(Call.create(Key.of(key.partitionKey(), "a"), "x"));
        indexed.write(Call.put(Key.of(key.partitionKey(), "a"), "y"));
        indexed.write(Call.create(Key.of(key.partitionKey(), "b"), "x"));

        assertThat(indexed.page(Call.list(key.partitionKey())
                                .index("by-version")
                                .indexSortKeyName("version")
                                .indexSortKeyType(KeyType.NUMBER))
                        .items())
                .extracting(Item::version)
                .containsExactly(1L, 2L);
    }
}
