/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The consumer: source (partitions), reader (pages), delivery (exchanges), acknowledgement (delete, checkpoint). Not
 * API.
 */
@NullMarked
package io.dynastore.camel.internal.consumer;

import org.jspecify.annotations.NullMarked;
