/* SPDX-License-Identifier: Apache-2.0 */
/** What keeps the component's cost where it is. */
@NullMarked
package io.dynastore.benchmarks;

import org.jspecify.annotations.NullMarked;
