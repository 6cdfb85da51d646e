/* SPDX-License-Identifier: Apache-2.0 */
@NullMarked
package io.dynastore.queue;

import org.jspecify.annotations.NullMarked;
