/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.state;

import org.apache.camel.AggregationStrategy;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;

/** Joins the texts of a group with commas, into the old exchange as a strategy should. */
final class Joining implements AggregationStrategy {

    @Override
    public Exchange aggregate(@Nullable Exchange old, Exchange added) {
        if (old == null) {
            return added;
        }
        String joined = old.getMessage().getBody(String.class) + ","
                + added.getMessage().getBody(String.class);
        old.getMessage().setBody(joined);
        return old;
    }
}
