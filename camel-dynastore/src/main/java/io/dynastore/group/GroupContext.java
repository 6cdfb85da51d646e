/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.group;

/**
 * What a member and its leases share.
 *
 * @param settings what the member is told
 * @param requests builds the requests
 * @param table sends them
 * @param runtime time, chance and the thread of the member
 */
record GroupContext(GroupSettings settings, GroupRequests requests, GroupTable table, GroupRuntime runtime) {}
