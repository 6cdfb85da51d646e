/* SPDX-License-Identifier: Apache-2.0 */
/** What the component costs beside its peers. */
@NullMarked
package io.dynastore.benchmarks;

import org.jspecify.annotations.NullMarked;
