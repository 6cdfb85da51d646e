/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.monitor;

import io.dynastore.group.GroupCounters;
import io.dynastore.group.GroupMember;
import io.dynastore.group.PartitionLease;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.TimeGauge;
import java.time.Duration;
import java.util.List;
import java.util.OptionalDouble;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;

/**
 * The meters of a member of a group.
 *
 * @param registry registers them
 * @param tags those of the member
 */
record GroupMeters(MeterRegistry registry, Tags tags, GroupMember member) {

    /** Registers them. */
    static List<Meter> of(MeterRegistry registry, Tags consumer, GroupMember member) {
        Tags named = consumer.and(
                "group", member.settings().group(), "member", member.settings().member());
        return new GroupMeters(registry, named, member).all();
    }

    private List<Meter> all() {
        return List.of(
                Gauge.builder("dynastore.group.partitions", member, one -> one.readable()
                                .size())
                        .tags(tags)
                        .description("Partitions of a group that a member has")
                        .register(registry),
                age("checkpoint", one -> seconds(one, PartitionLease::sinceCheckpoint)
                        .max()),
                age("item", one -> seconds(one, PartitionLease::sinceItem).min()),
                events("taken", GroupCounters::takenTotal),
                events("takenOver", GroupCounters::takenOverTotal),
                events("moved", GroupCounters::movedTotal),
                events("lost", GroupCounters::lostTotal));
    }

    /** Not a number while the member has no partition. */
    private Meter age(String of, Function<GroupMember, OptionalDouble> seconds) {
        return TimeGauge.builder("dynastore.group.age", member, TimeUnit.SECONDS, one -> seconds.apply(one)
                        .orElse(Double.NaN))
                .tags(tags.and("of", of))
                .description("The age of the oldest checkpoint and of the latest item of a member")
                .register(registry);
    }

    private static DoubleStream seconds(GroupMember member, Function<PartitionLease, Duration> age) {
        return member.readable().values().stream()
                .mapToDouble(lease -> age.apply(lease).toMillis() / 1e3);
    }

    private Meter events(String event, ToDoubleFunction<GroupCounters> count) {
        return FunctionCounter.builder("dynastore.group.events", member, one -> count.applyAsDouble(one.counters()))
                .tags(tags.and("event", event))
                .description("What has happened to the partitions of a member")
                .register(registry);
    }
}
