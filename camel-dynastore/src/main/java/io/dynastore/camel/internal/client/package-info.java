/* SPDX-License-Identifier: Apache-2.0 */
/** Clients of DynamoDB: settings, sharing, time-outs, retries, and the errors of the service. Not API. */
@NullMarked
package io.dynastore.camel.internal.client;

import org.jspecify.annotations.NullMarked;
