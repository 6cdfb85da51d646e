/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.group;

import java.time.Duration;

/**
 * What a member of a group is told. Immutable.
 *
 * @param group the name of the group
 * @param member the name of the member, unique among all members of all time
 * @param kind what the group shares, for readers, as "8 segments": all members have to share the same
 * @param lease how long a partition stays with a member that does not renew
 * @param interval how often a member looks at its group
 * @param watch how often a member asks whether another one has freed partitions for it; zero: never
 * @param clockSkew the largest difference between clocks to allow for
 * @param most the most partitions that the member takes
 * @param positions whether a partition without lease item has the position of a single consumer
 */
public record GroupSettings(
        String group,
        String member,
        String kind,
        Duration lease,
        Duration interval,
        Duration watch,
        Duration clockSkew,
        int most,
        boolean positions) {}
