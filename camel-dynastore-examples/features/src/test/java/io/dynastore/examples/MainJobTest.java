/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.dynastore.test.DynamoDbExtension;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** The job on the first lines of the file, all of which belong to the quarter that it imports. */
@Timeout(120)
class MainJobTest {

    private static final int LINES = 300;
    private static final int SCANS = 200;

    @RegisterExtension
    static final DynamoDbExtension dynamo = DynamoDbExtension.create();

    private static final Report report = new Report();
    private static List<Map<String, AttributeValue>> receipts = List.of();

    @BeforeAll
    static void run() throws Exception {
        String table = dynamo.freshName("receipts");
        Properties settings = Settings.of(dynamo, table);
        settings.setProperty("example.lines", Integer.toString(LINES));
        settings.setProperty("example.scans", Integer.toString(SCANS));

        MainJob.run(settings, report);

        receipts = dynamo.rawScan(table).stream()
                .filter(item -> attribute(item, "id").s().startsWith("Store "))
                .toList();
    }

    @Test
    void passesItsOwnChecks() {
        assertThat(report.failures()).isEmpty();
        assertThat(report.checks()).isEqualTo(7);
    }

    @Test
    void importsEachReceiptOnceAndWithoutItsOldId() {
        assertThat(report.get(Counter.IMPORTED)).isEqualTo(LINES);
        assertThat(receipts).hasSize(LINES - 1).allSatisfy(receipt -> assertThat(
                        attribute(receipt, "payload").m())
                .containsKeys("customer", "customer_transactions", "store", "time")
                .doesNotContainKey("_id"));
    }

    @Test
    void losesNoPointAlthoughWritersConflict() {
        assertThat(report.get(Counter.SCANS)).isEqualTo(SCANS);
        assertThat(report.get(Counter.CONFLICTS)).isPositive();
        assertThat(report.get(Counter.POINTS_FOUND)).isEqualTo(SCANS / 10 * (1 + 10) * 10 / 2);
        assertThat(receipts.stream()
                        .map(receipt -> attribute(receipt, "payload").m())
                        .filter(receipt -> receipt.containsKey("loyalty_points"))
                        .mapToLong(receipt -> Long.parseLong(
                                attribute(receipt, "loyalty_points").n()))
                        .sum())
                .isEqualTo(report.get(Counter.POINTS_BOOKED));
    }

    @Test
    void pagesThroughAllReceiptsOfAStore() {
        long imported = report.imported("Store 13").receipts();

        assertThat(report.get(Counter.LISTED)).isEqualTo(imported).isPositive();
        assertThat(report.get(Counter.PAGES)).isEqualTo((imported + 99) / 100);
    }

    @Test
    void seesNoExpiredCoupon() {
        assertThat(report.get(Counter.COUPONS_LIVE)).isEqualTo(5);
        assertThat(report.get(Counter.COUPONS_ABSENT)).isEqualTo(5);
    }

    @Test
    void deletesOneReceiptAndHandlesBothErrors() {
        assertThat(report.get(Counter.ERRORS)).isEqualTo(2);
        assertThat(receipts.stream()
                        .filter(receipt -> attribute(receipt, "id").s().equals("Store 13"))
                        .count())
                .isEqualTo(report.imported("Store 13").receipts() - 1);
    }

    private static AttributeValue attribute(Map<String, AttributeValue> attributes, String name) {
        return Objects.requireNonNull(attributes.get(name), name);
    }
}
