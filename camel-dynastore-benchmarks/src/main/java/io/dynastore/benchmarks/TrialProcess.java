/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.benchmarks;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;

/** A {@link Trial} that waits to be told what to do, and does nothing meanwhile. Not thread safe. */
final class TrialProcess implements AutoCloseable {

    private final Process process;
    private final BufferedWriter lines;
    private final BufferedReader answers;

    TrialProcess(Process process) {
        this.process = process;
        this.lines = new BufferedWriter(new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8));
        this.answers = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    /** Compiles what the step needs. */
    String warmUp(Step step) throws IOException {
        return ask(step.text());
    }

    /** Measures now. */
    Figures measure(Cell cell) throws IOException {
        return Figures.parse(ask(cell.text()).split("\t", -1), 0);
    }

    private String ask(String line) throws IOException {
        lines.write(line);
        lines.newLine();
        lines.flush();
        String answer = answers.readLine();
        if (answer == null) {
            throw new IOException("A measured process failed, see above.");
        }
        return answer;
    }

    @Override
    public void close() {
        process.destroy();
    }
}
