/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.state;

import java.util.function.Supplier;
import org.apache.camel.CamelExchangeException;
import org.apache.camel.Exchange;
import org.apache.camel.spi.OptimisticLockingAggregationRepository.OptimisticLockingException;
import org.jspecify.annotations.Nullable;

/**
 * Steps of an aggregator whose error has to reach the message, also if the message is repeated after a conflict.
 *
 * <p>Camel (4.18) repeats such a message on a thread of its own. There it takes over a {@link CamelExchangeException}
 * as the error of the message. Any other error is lost, and with it the end of the message: its sender waits for ever.
 * Camel knows the thread by its name. If {@code threadNamePattern} leaves out the name, the error is lost as before.
 */
final class RepeatedMessages {

    /** What Camel calls the threads that repeat messages. */
    private static final String THREAD = "AggregateOptimisticLockingExecutor";

    private RepeatedMessages() {}

    static <T extends @Nullable Object> T step(@Nullable Exchange exchange, Supplier<T> step) {
        try {
            return step.get();
        } catch (OptimisticLockingException e) {
            throw e;
        } catch (RuntimeException e) {
            if (!Thread.currentThread().getName().contains(THREAD)) {
                throw e;
            }
            throw RepeatedMessages.<RuntimeException>unchecked(
                    new CamelExchangeException("The message can't be aggregated", exchange, e));
        }
    }

    /** The aggregator catches it, although the repository's methods do not declare it. */
    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    private static <E extends Exception> E unchecked(Exception error) throws E {
        throw (E) error;
    }
}
