/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel;

/** What happens to a consumed item whose exchange succeeded. */
public enum OnSuccess {
    /** The item stays. */
    NONE,
    /** The item is deleted if it is still at the version that was read. */
    DELETE
}
