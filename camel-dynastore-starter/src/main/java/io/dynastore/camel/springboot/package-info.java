/* SPDX-License-Identifier: Apache-2.0 */
/** The component on Spring Boot: its options, and those of its cluster service, from application properties. */
@NullMarked
package io.dynastore.camel.springboot;

import org.jspecify.annotations.NullMarked;
