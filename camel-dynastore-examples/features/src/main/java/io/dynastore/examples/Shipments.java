/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.examples;

import io.dynastore.camel.DynaStoreConstants;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;

/** A carrier that takes orders, and refuses every tenth of them once. Thread safe. */
final class Shipments implements Processor {

    private static final long PATIENCE = 60_000;

    private final Map<String, List<String>> taken = new HashMap<>();
    private final Set<String> refused = new HashSet<>();
    private int count;

    @Override
    public synchronized void process(Exchange exchange) {
        String branch = exchange.getMessage().getHeader(DynaStoreConstants.PARTITION_KEY, String.class);
        String number = exchange.getMessage().getHeader(DynaStoreConstants.SORT_KEY, String.class);
        if (number.endsWith("0") && refused.add(branch + number)) {
            throw new IllegalStateException("The carrier has no room for order " + number + " of " + branch);
        }
        taken.computeIfAbsent(branch, first -> new ArrayList<>()).add(number);
        count++;
        notifyAll();
    }

    synchronized int count() {
        return count;
    }

    synchronized int refused() {
        return refused.size();
    }

    /** Waits until there are so many. */
    synchronized void await(int wanted) throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE * 1_000_000;
        while (count < wanted) {
            long left = (deadline - System.nanoTime()) / 1_000_000;
            if (left <= 0) {
                throw new IllegalStateException("Only " + count + " of " + wanted + " orders were shipped in time");
            }
            wait(left);
        }
    }

    /** Whether this branch has shipped so many orders, in the order of their numbers. */
    synchronized boolean inOrder(String branch, int orders) {
        return IntStream.rangeClosed(1, orders)
                .mapToObj(OutboxRoutes::number)
                .toList()
                .equals(taken.get(branch));
    }
}
