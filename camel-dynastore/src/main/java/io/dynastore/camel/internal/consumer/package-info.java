/* SPDX-License-Identifier: Apache-2.0 */
/** ConsumerContext: partitions, pages, delivery, acknowledgement and checkpoints. Not API. */
@NullMarked
package io.dynastore.camel.internal.consumer;

import org.jspecify.annotations.NullMarked;
