/* SPDX-License-Identifier: Apache-2.0 */
/** Tests that limit the component's cost. */
@NullMarked
package io.dynastore.benchmarks;

import org.jspecify.annotations.NullMarked;
