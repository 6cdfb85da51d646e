/* SPDX-License-Identifier: Apache-2.0 */
/** Conversion between Java values and DynamoDB attribute values. */
@NullMarked
package io.dynastore.store.codec;

import org.jspecify.annotations.NullMarked;
