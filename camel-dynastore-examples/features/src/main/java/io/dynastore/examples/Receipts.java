/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.examples;

import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.stream.Stream;

/**
 * The receipts of the FoodMart sample data, one line of JSON each, read from the jar as they are asked for.
 *
 * <p>FoodMart is a fictional chain. The data comes as {@code net.hydromatic:foodmart-data-json}, under the Apache License 2.0.
 * Not thread safe. Once closed, it has no more lines.
 */
final class Receipts implements Iterator<String>, Closeable {

    private static final String FILE = "/sales_transactions.json";

    private final Stream<String> lines;
    private final Iterator<String> iterator;
    private boolean closed;

    private Receipts(Stream<String> lines) {
        this.lines = lines;
        this.iterator = lines.iterator();
    }

    /**
     * Opens the file; whoever iterates closes it.
     *
     * @param most how many lines to read at most
     */
    static Receipts open(long most) {
        InputStream file = Receipts.class.getResourceAsStream(FILE);
        if (file == null) {
            throw new IllegalStateException(
                    FILE + " is not on the class path: add net.hydromatic:foodmart-data-json to it.");
        }
        BufferedReader reader = new BufferedReader(new InputStreamReader(file, StandardCharsets.UTF_8));
        return new Receipts(reader.lines().limit(most).onClose(() -> close(reader)));
    }

    @Override
    public boolean hasNext() {
        return !closed && iterator.hasNext();
    }

    @Override
    public String next() {
        return iterator.next();
    }

    @Override
    public void close() {
        closed = true;
        lines.close();
    }

    private static void close(BufferedReader reader) {
        try {
            reader.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
