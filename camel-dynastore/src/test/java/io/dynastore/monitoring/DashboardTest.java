/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.monitoring;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/**
 * docs/monitoring/dashboard.json is made of the meters that docs/operating.md lists. Each meter has a panel, and no panel
 * knows another one. {@code -Ddynastore.docs.write=true} writes the file.
 */
class DashboardTest {

    private static final Path FILE = Path.of("..", "docs", "monitoring", "dashboard.json");
    private static final String TABLE = "{table=~\"$table\"}";

    private final Map<String, MeterRow> meters;

    DashboardTest() throws IOException {
        meters = MeterRow.documented();
    }

    @Test
    void fileIsMadeOfTheListOfMeters() throws IOException {
        String expected = Dashboard.text(Dashboard.of(rows()));
        if (Boolean.getBoolean("dynastore.docs.write")) {
            Files.createDirectories(Objects.requireNonNull(FILE.getParent()));
            Files.writeString(FILE, expected);
        }

        assertThat(FILE).content().isEqualTo(expected);
    }

    @Test
    void eachMeterHasAPanel() {
        assertThat(meters.values()).isNotEmpty().allSatisfy(meter -> assertThat(expressions())
                .as(meter.name())
                .anyMatch(expression -> meter.isIn(expression)));
    }

    @Test
    void noPanelReadsASeriesOrTagThatNoMeterHas() {
        assertThat(expressions()).isNotEmpty().allSatisfy(expression -> assertThat(MeterRow.faults(expression, meters))
                .as(expression)
                .isEmpty());
    }

    @Test
    void panelOfAnUnknownMeterAndTagIsNoticed() {
        assertThat(MeterRow.faults("rate(dynastore_cals_total[1m])", meters))
                .containsExactly("no meter has the series dynastore_cals_total");
        assertThat(MeterRow.faults("sum by (route) (dynastore_calls_total{result=\"ok\"})", meters))
                .containsExactly(
                        "no meter of the expression has the tag result",
                        "no meter of the expression has the tag route");
    }

    @Test
    void panelsLieSideBySide() {
        List<String> places = new ArrayList<>();
        for (JsonNode panel : Dashboard.of(rows()).get("panels")) {
            JsonNode place = panel.get("gridPos");
            assertThat(place.get("x").asInt() + place.get("w").asInt()).isLessThanOrEqualTo(24);
            places.add(place.get("x") + "," + place.get("y"));
        }
        assertThat(places).doesNotHaveDuplicates();
    }

    private List<String> expressions() {
        return rows().stream()
                .flatMap(row -> row.getValue().stream())
                .flatMap(panel -> panel.queries().stream())
                .map(Panel.Query::expression)
                .toList();
    }

    private Panel panel(String meter, String title, String help, String... by) {
        MeterRow row = meter(meter);
        return Panel.of(row, title, help, List.of(by), row.time() ? "max" : "sum");
    }

    private MeterRow meter(String name) {
        return Objects.requireNonNull(meters.get(name), () -> "docs/operating.md does not list the meter " + name);
    }

    private List<Map.Entry<String, List<Panel>>> rows() {
        return List.of(
                Panel.row(
                        "Calls",
                        panel("dynastore.calls", "Calls", "Calls that have ended, each second.", "operation"),
                        Panel.of(
                                "Calls that did not succeed",
                                "By outcome. versionConflict, keyExists and keyNotFound are answers of the store that a"
                                        + " route may expect; error and outcomeUnknown are none.",
                                "ops",
                                "{{operation}} {{outcome}}",
                                "sum by (operation, outcome) (rate(dynastore_calls_total{table=~\"$table\","
                                        + "outcome!=\"ok\"}[$__rate_interval]))"),
                        panel(
                                "dynastore.call.duration",
                                "Mean duration",
                                "With retries and waits. lock includes the wait for other holders.",
                                "operation"),
                        Panel.of(
                                "Longest duration",
                                "The longest call of the last minutes, of each operation.",
                                "s",
                                "{{operation}}",
                                "max by (operation) (dynastore_call_duration_seconds_max" + TABLE + ")"),
                        panel(
                                "dynastore.call.duration.percentile",
                                "Percentiles since the start",
                                "Of the slowest process, up to a quarter too high. Use a histogram for shorter spans.",
                                "operation",
                                "phi"),
                        panel(
                                "dynastore.retries",
                                "Repeated requests",
                                "Requests that the SDK sent again: throttled, or without a response.",
                                "table"),
                        panel(
                                "dynastore.throttled",
                                "Throttled calls",
                                "Calls that failed because DynamoDB throttled all their attempts, by its reason.",
                                "table",
                                "reason")),
                Panel.row(
                        "Capacity and locks",
                        panel(
                                "dynastore.consumed.capacity",
                                "Consumed capacity",
                                "Capacity units each second, as DynamoDB reports them. Locks are not included.",
                                "table",
                                "operation"),
                        panel(
                                "dynastore.locks.held",
                                "Locks held",
                                "All processes together, leaders and members of cluster services included.",
                                "table"),
                        Panel.of(
                                "Locks lost or not acquired",
                                "lockLost: a holder lost its lock before it released it. lockNotAcquired: another one"
                                        + " had it.",
                                "ops",
                                "{{operation}} {{outcome}}",
                                "sum by (operation, outcome) (rate(dynastore_calls_total{table=~\"$table\","
                                        + "outcome=~\"lockLost|lockNotAcquired\"}[$__rate_interval]))")),
                Panel.row(
                        "Consumers",
                        panel(
                                "dynastore.consumer.items",
                                "Items",
                                "delivered to a route, and what became of them. kept: the item had changed.",
                                "route",
                                "outcome"),
                        panel(
                                "dynastore.group.partitions",
                                "Partitions of group members",
                                "The sum should stay the same while members come and go.",
                                "group",
                                "member"),
                        panel(
                                "dynastore.group.age",
                                "Age of checkpoints and items",
                                "checkpoint: of the oldest one of a member's partitions. item: since the latest item.",
                                "group",
                                "of"),
                        panel(
                                "dynastore.group.events",
                                "Moves of partitions",
                                "takenOver: its member has stopped without freeing it. lost: another one had it first.",
                                "group",
                                "event")),
                Panel.row(
                        "Work queues",
                        Panel.of(
                                meter("dynastore.queue.items"),
                                "Items in the queue",
                                "Counted once a minute at most, up to a limit; each process counts the same queue.",
                                List.of("route", "state"),
                                "max"),
                        panel(
                                "dynastore.queue.oldest.due",
                                "Wait of the oldest due item",
                                "Grows if consumers are too slow, or if there are none.",
                                "route"),
                        panel(
                                "dynastore.claims",
                                "Claims",
                                "refused: another consumer was faster. Many of them are wasted requests.",
                                "route",
                                "outcome"),
                        panel(
                                "dynastore.claims.held",
                                "Claimed items",
                                "Claimed by a process and not settled: in flight, or waiting for a thread.",
                                "route")),
                Panel.row(
                        "Repositories",
                        panel(
                                "dynastore.repository.events",
                                "Events",
                                "For an idempotent repository and an aggregation repository, as Operating lists them.",
                                "kind",
                                "repository",
                                "event"),
                        panel(
                                "dynastore.repository.entries",
                                "Entries",
                                "inFlight: being processed. unconfirmed: the confirm is repeated until it succeeds.",
                                "kind",
                                "repository",
                                "state"),
                        panel(
                                "dynastore.repository.age",
                                "Age",
                                "inFlight: since the oldest key or group that a process works on was claimed.",
                                "kind",
                                "repository",
                                "of")));
    }
}
