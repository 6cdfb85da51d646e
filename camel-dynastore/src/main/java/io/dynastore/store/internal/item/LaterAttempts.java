/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store.internal.item;

import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;

/** An interceptor that has nothing to do for a call whose first attempt succeeds: it need not see such calls. */
public interface LaterAttempts extends ExecutionInterceptor {}
