/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel;

/** What becomes of a consumed item whose exchange succeeded. */
public enum OnSuccess {
    /** It stays. */
    NONE,
    /** It is deleted if it is still at the version that was read. */
    DELETE
}
