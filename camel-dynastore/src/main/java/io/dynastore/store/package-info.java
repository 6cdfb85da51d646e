/* SPDX-License-Identifier: Apache-2.0 */

/**
 * The store: one DynamoDB table of items with a partition key, an optional sort key, a version, an expiry and a
 * payload. It does not depend on Camel.
 *
 * <p>Start with {@link io.dynastore.store.DynaStore}. It executes a {@link io.dynastore.store.Call} and returns an
 * {@link io.dynastore.store.Outcome}, or fails with a {@link io.dynastore.store.DynaStoreException} or the SDK's
 * error.
 */
@NullMarked
package io.dynastore.store;

import org.jspecify.annotations.NullMarked;
