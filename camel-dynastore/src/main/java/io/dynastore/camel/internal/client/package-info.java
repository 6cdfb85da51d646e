/* SPDX-License-Identifier: Apache-2.0 */
/** DynamoDB clients: their settings, sharing, time-outs and retries, and the errors of the service. Not API. */
@NullMarked
package io.dynastore.camel.internal.client;

import org.jspecify.annotations.NullMarked;
