/* SPDX-License-Identifier: Apache-2.0 */
/**
 * What the tests stand on beside io.dynastore.test: a recorder of what goes over the wire, a clock turned by hand, a
 * bad network.
 */
@NullMarked
package io.dynastore.testkit;

import org.jspecify.annotations.NullMarked;
