/* SPDX-License-Identifier: Apache-2.0 */
@NullMarked
package io.dynastore.group;

import org.jspecify.annotations.NullMarked;
