/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.benchmarks;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;

/** The process of a {@link Trial}: it is idle until it gets a command. Not thread safe. */
final class TrialProcess implements AutoCloseable {

    private final Process process;
    private final BufferedWriter lines;
    private final BufferedReader responses;

    TrialProcess(Process process) {
        this.process = process;
        this.lines = new BufferedWriter(new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8));
        this.responses = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    /** Warms up for the operation; returns what the process reports. */
    String warmUp(BenchmarkOperation operation) throws IOException {
        return send(operation.text());
    }

    /** Measures the case. */
    Measurement measure(BenchmarkCase benchmarkCase) throws IOException {
        return Measurement.parse(send(benchmarkCase.text()).split("\t", -1), 0);
    }

    private String send(String line) throws IOException {
        lines.write(line);
        lines.newLine();
        lines.flush();
        String response = responses.readLine();
        if (response == null) {
            throw new IOException("A measured process failed, see above.");
        }
        return response;
    }

    @Override
    public void close() {
        process.destroy();
    }
}
