/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.state;

/** When the content of an aggregated exchange is compressed. */
public enum Compression {
    /** Only if it does not fit into one item otherwise. Smaller ones can be read in the table. */
    AUTO,
    /** Always. */
    ALWAYS,
    /** Never. What does not fit into one item is split at once. */
    NONE
}
