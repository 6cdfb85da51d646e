/* SPDX-License-Identifier: Apache-2.0 */

/**
 * The Camel component {@code dynastore}. It turns exchanges into calls of the {@link io.dynastore.store store}, and
 * their outcomes into headers and bodies.
 */
@NullMarked
package io.dynastore.camel;

import org.jspecify.annotations.NullMarked;
