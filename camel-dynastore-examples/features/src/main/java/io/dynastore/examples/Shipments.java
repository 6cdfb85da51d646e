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

/** A carrier that ships orders, and rejects every tenth of them once. Thread safe. */
final class Shipments implements Processor {

    private static final long TIMEOUT_MILLIS = 60_000;

    private final Map<String, List<String>> shipped = new HashMap<>();
    private final Set<String> rejected = new HashSet<>();
    private int count;

    @Override
    public synchronized void process(Exchange exchange) {
        String branch = exchange.getMessage().getHeader(DynaStoreConstants.PARTITION_KEY, String.class);
        String number = exchange.getMessage().getHeader(DynaStoreConstants.SORT_KEY, String.class);
        if (number.endsWith("0") && rejected.add(branch + number)) {
            throw new IllegalStateException("The carrier has no room for order " + number + " of " + branch);
        }
        shipped.computeIfAbsent(branch, unused -> new ArrayList<>()).add(number);
        count++;
        notifyAll();
    }

    synchronized int count() {
        return count;
    }

    synchronized int rejected() {
        return rejected.size();
    }

    /** Waits until this number of orders is shipped. */
    synchronized void await(int wanted) throws InterruptedException {
        long deadline = System.nanoTime() + TIMEOUT_MILLIS * 1_000_000;
        while (count < wanted) {
            long left = (deadline - System.nanoTime()) / 1_000_000;
            if (left <= 0) {
                throw new IllegalStateException("Only " + count + " of " + wanted + " orders were shipped in time");
            }
            wait(left);
        }
    }

    /** Whether this branch has shipped this number of orders, in the sequence of their numbers. */
    synchronized boolean inOrder(String branch, int orders) {
        return IntStream.rangeClosed(1, orders)
                .mapToObj(OutboxRoutes::number)
                .toList()
                .equals(shipped.get(branch));
    }
}
