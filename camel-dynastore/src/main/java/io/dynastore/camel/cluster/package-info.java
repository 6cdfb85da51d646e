/* SPDX-License-Identifier: Apache-2.0 */
/** Leader election and members of a cluster, on locks. */
@NullMarked
package io.dynastore.camel.cluster;

import org.jspecify.annotations.NullMarked;
