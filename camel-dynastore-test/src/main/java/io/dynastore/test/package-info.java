/* SPDX-License-Identifier: Apache-2.0 */

/** A DynamoDB for tests of routes, as a JUnit 5 extension. */
@NullMarked
package io.dynastore.test;

import org.jspecify.annotations.NullMarked;
