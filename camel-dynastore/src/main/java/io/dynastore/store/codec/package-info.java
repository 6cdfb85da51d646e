/* SPDX-License-Identifier: Apache-2.0 */
/** Conversion between payloads and numbers of routes and DynamoDB attribute values. */
@NullMarked
package io.dynastore.store.codec;

import org.jspecify.annotations.NullMarked;
