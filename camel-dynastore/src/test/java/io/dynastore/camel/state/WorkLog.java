/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.state;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/**
 * What one process did with its messages, in a file of its own that survives the process. It knows nothing of any
 * repository. Each line is on the disk before the process continues. Thread safe.
 */
final class WorkLog implements Closeable {

    private final FileChannel file;

    WorkLog(Path path) throws IOException {
        file = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    /** The steps of an attempt to process a message. */
    enum Step {
        /** The processing begins. */
        START,
        /** All work is done. The repository does not know it yet. */
        DONE,
        /** The processing has failed. */
        FAILED,
        /** The exchange is complete, and the repository has confirmed the key. */
        END
    }

    /**
     * A line.
     *
     * @param delivery the attempt
     * @param time by {@link System#nanoTime}, which all processes of a machine share
     */
    record Entry(Step step, String key, long delivery, long time) {

        private static Entry parse(String line) {
            String[] fields = line.split(" ", -1);
            return new Entry(Step.valueOf(fields[0]), fields[1], Long.parseLong(fields[2]), Long.parseLong(fields[3]));
        }

        private String line() {
            return step + " " + key + " " + delivery + " " + time + "\n";
        }
    }

    synchronized void write(Step step, String key, long delivery) {
        String line = new Entry(step, key, delivery, System.nanoTime()).line();
        ByteBuffer bytes = ByteBuffer.wrap(line.getBytes(StandardCharsets.UTF_8));
        try {
            while (bytes.hasRemaining()) {
                file.write(bytes);
            }
            file.force(false);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** All whole lines of a file. A process that was killed may have left a part of one. */
    static List<Entry> read(Path path) {
        try {
            String text = Files.exists(path) ? Files.readString(path) : "";
            return text.substring(0, text.lastIndexOf('\n') + 1)
                    .lines()
                    .map(Entry::parse)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
