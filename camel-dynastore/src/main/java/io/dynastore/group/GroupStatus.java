/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.group;

import java.util.Collections;
import java.util.Map;

/**
 * A group as the latest look of a member has shown it. Immutable.
 *
 * @param members the living members, each with the most partitions that it takes; 0 while it is suspended
 * @param owners each partition that has ever been leased, with the member that has it; an empty name if it is free
 */
public record GroupStatus(Map<String, Integer> members, Map<String, String> owners) {

    static final GroupStatus UNKNOWN = new GroupStatus(Map.of(), Map.of());

    public GroupStatus {
        members = Collections.unmodifiableMap(members);
        owners = Collections.unmodifiableMap(owners);
    }
}
