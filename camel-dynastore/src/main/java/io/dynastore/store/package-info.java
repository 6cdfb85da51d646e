/* SPDX-License-Identifier: Apache-2.0 */

/**
 * The store: one DynamoDB table of items with a partition key, an optional sort key, a version, an
 * expiry and a payload. Nothing in here knows Camel.
 *
 * <p>{@link io.dynastore.store.DynaStore} is the entry; {@link io.dynastore.store.Call} says what to do,
 * {@link io.dynastore.store.Outcome} what came of it, and every refusal is a {@link
 * io.dynastore.store.DynaStoreException}.
 */
@NullMarked
package io.dynastore.store;

import org.jspecify.annotations.NullMarked;
