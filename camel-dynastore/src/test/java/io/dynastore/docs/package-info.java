/* SPDX-License-Identifier: Apache-2.0 */

/** The code that stands in the documents, and the tests that run it. */
@NullMarked
package io.dynastore.docs;

import org.jspecify.annotations.NullMarked;
