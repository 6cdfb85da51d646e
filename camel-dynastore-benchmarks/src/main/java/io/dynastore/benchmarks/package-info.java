/* SPDX-License-Identifier: Apache-2.0 */
/** Measures the cost of the component beside its peers. */
@NullMarked
package io.dynastore.benchmarks;

import org.jspecify.annotations.NullMarked;
