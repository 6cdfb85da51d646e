/* SPDX-License-Identifier: Apache-2.0 */
@NullMarked
package io.dynastore.camel.springboot;

import org.jspecify.annotations.NullMarked;
