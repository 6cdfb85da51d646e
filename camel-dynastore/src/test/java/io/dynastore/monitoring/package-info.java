/* SPDX-License-Identifier: Apache-2.0 */

/** The dashboard and the alert rules of docs/monitoring, and the tests that hold them to the meters. */
@NullMarked
package io.dynastore.monitoring;

import org.jspecify.annotations.NullMarked;
