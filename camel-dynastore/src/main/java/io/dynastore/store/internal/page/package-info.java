/* SPDX-License-Identifier: Apache-2.0 */
/** Lists: queries, page tokens, the cursor over pages, and streams. Not API. */
@NullMarked
package io.dynastore.store.internal.page;

import org.jspecify.annotations.NullMarked;
