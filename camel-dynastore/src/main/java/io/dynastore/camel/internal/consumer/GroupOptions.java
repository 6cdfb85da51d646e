/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.consumer;

import io.dynastore.camel.DynaStoreConfiguration;
import io.dynastore.camel.ResumeMode;
import io.dynastore.group.GroupSettings;
import io.dynastore.store.InvalidInputException;
import java.time.Duration;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * How a consumer shares its partitions with a group. Read from the endpoint's options once, when the consumer starts.
 *
 * @param group the name of the group
 * @param lease how long a partition stays with a member that does not renew
 * @param interval how often a member looks at its group
 * @param watch how often a member asks whether partitions were freed for it; zero: never
 * @param clockSkew the largest difference between clocks to allow for
 * @param most the most partitions that this member takes
 * @param member the readable name of this member; null: that of the process
 * @param kind what the group shares, for readers
 * @param positions whether positions are kept in the leases
 */
public record GroupOptions(
        String group,
        Duration lease,
        Duration interval,
        Duration watch,
        Duration clockSkew,
        int most,
        @Nullable String member,
        String kind,
        boolean positions) {

    private static final Duration SHORTEST_LEASE = Duration.ofSeconds(3);
    private static final Duration SHORTEST_INTERVAL = Duration.ofMillis(100);
    private static final int LOOKS_PER_LEASE = 3;
    private static final int LONGEST_NAME = 500;
    private static final int RANDOM = 8;

    /**
     * Reads the options of an endpoint; null if its consumer is in no group.
     *
     * @throws InvalidInputException naming the option and the remedy
     */
    static @Nullable GroupOptions of(DynaStoreConfiguration options) {
        String group = options.getGroup();
        if (group == null) {
            reject(options.getMaxPartitions() != null, "maxPartitions", "set group as well, or leave it out");
            reject(options.getGroupMember() != null, "groupMember", "set group as well, or leave it out");
            return null;
        }
        reject(group.isBlank() || group.length() > LONGEST_NAME, "group", "give it a name of at most 500 characters");
        reject(
                options.getResume() == ResumeMode.MEMORY,
                "resume=memory",
                "another member of the group could not continue there, set resume=table or leave it out");
        reject(
                options.getResumeId() != null && !options.getResumeId().equals(group),
                "resumeId",
                "a group keeps its positions under its own name, leave it out");
        rejectTimes(options);
        Integer most = options.getMaxPartitions();
        reject(most != null && most < 1, "maxPartitions", "set it to 1 or more");
        String member = options.getGroupMember();
        reject(
                member != null && (member.isBlank() || member.length() > LONGEST_NAME),
                "groupMember",
                "give it a name of at most 500 characters");
        return new GroupOptions(
                group,
                Duration.ofMillis(options.getGroupLease()),
                Duration.ofMillis(options.getRebalanceInterval()),
                Duration.ofMillis(options.getGroupWatch()),
                Duration.ofMillis(options.getClockSkew()),
                most == null ? Integer.MAX_VALUE : most,
                member,
                kind(options),
                options.getResume() == ResumeMode.TABLE);
    }

    /** Members that read other tables or indexes must not share leases, whatever table the leases are in. */
    private static String kind(DynaStoreConfiguration options) {
        String table = String.valueOf(options.getTableName());
        String index = options.getIndex();
        return (options.getPartitionKeys() == null ? options.getSegments() + " segments" : "named partitions") + " of "
                + table.substring(table.lastIndexOf('/') + 1) + (index == null ? "" : "/" + index);
    }

    private static void rejectTimes(DynaStoreConfiguration options) {
        Duration lease = Duration.ofMillis(options.getGroupLease());
        Duration interval = Duration.ofMillis(options.getRebalanceInterval());
        reject(lease.compareTo(SHORTEST_LEASE) < 0, "groupLease", "set it to 3 seconds or more");
        reject(
                interval.compareTo(SHORTEST_INTERVAL) < 0
                        || interval.multipliedBy(LOOKS_PER_LEASE).compareTo(lease) > 0,
                "rebalanceInterval",
                "set it to 100 milliseconds or more, and to at most a third of groupLease");
        long watch = options.getGroupWatch();
        reject(
                watch != 0 && watch < SHORTEST_INTERVAL.toMillis(),
                "groupWatch",
                "set it to 100 milliseconds or more, or to 0 for never");
        reject(options.getClockSkew() < 0, "clockSkew", "set it to 0 or more");
    }

    private static void reject(boolean wrong, String option, String remedy) {
        if (wrong) {
            throw new InvalidInputException(
                    "The option " + option + " can't be used by a consumer in this way: " + remedy + ".");
        }
    }

    /**
     * The settings of a member that begins.
     *
     * @param process the readable name of this process
     */
    GroupSettings settings(String process) {
        String unique = UUID.randomUUID().toString().substring(0, RANDOM);
        String name = (member == null ? process : member) + "-" + unique;
        return new GroupSettings(group, name, kind, lease, interval, watch, clockSkew, most, positions);
    }
}
