/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.history;

/**
 * What an item was at one time.
 *
 * @param version its version; 0 if it has none
 * @param writeId the id that the test gave to the write that stored this payload
 * @param count   the counter in the payload; 0 if it has none
 */
record ItemState(long version, String writeId, long count) {}
