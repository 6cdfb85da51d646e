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
 * The receipts of the FoodMart sample data, one line of JSON each. They are read from the jar on demand.
 *
 * <p>FoodMart is a fictional chain. The data is that of {@code net.hydromatic:foodmart-data-json}, under the Apache
 * License 2.0. Not thread safe. After it is closed, it has no more lines.
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
     * Opens the file. The caller closes it after the iteration.
     *
     * @param limit the maximum number of lines to read
     */
    static Receipts open(long limit) {
        InputStream file = Receipts.class.getResourceAsStream(FILE);
        if (file == null) {
            throw new IllegalStateException(
                    FILE + " is not on the class path: add net.hydromatic:foodmart-data-json to it.");
        }
        BufferedReader reader = new BufferedReader(new InputStreamReader(file, StandardCharsets.UTF_8));
        return new Receipts(reader.lines().limit(limit).onClose(() -> close(reader)));
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
