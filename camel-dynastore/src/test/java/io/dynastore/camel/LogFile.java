/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/** Writes the log to a file until it is closed: Camel from DEBUG, this component from TRACE. Open one at a time. */
public final class LogFile implements AutoCloseable {

    /** At TRACE, Camel itself logs URIs unmasked; so its level is DEBUG. */
    private static final String LOGGING = """
            status = warn
            appender.file.type = File
            appender.file.name = file
            appender.file.fileName = %s
            appender.file.layout.type = PatternLayout
            appender.file.layout.pattern = %%p %%c %%m%%n%%throwable
            rootLogger.level = warn
            rootLogger.appenderRef.file.ref = file
            logger.camel.name = org.apache.camel
            logger.camel.level = debug
            logger.dynastore.name = io.dynastore
            logger.dynastore.level = trace
            logger.micrometer.name = io.micrometer
            logger.micrometer.level = debug
            """;

    private static final String REQUESTS = """
            logger.requests.name = software.amazon.awssdk.request
            logger.requests.level = debug
            """;

    private final Path file;

    private LogFile(Path file) {
        this.file = file;
    }

    /** Starts to log to a file in this folder. */
    public static LogFile in(Path folder) throws Exception {
        return in(folder, LOGGING);
    }

    /** The same with the requests that the AWS SDK sends. */
    static LogFile withRequests(Path folder) throws Exception {
        return in(folder, LOGGING + REQUESTS);
    }

    private static LogFile in(Path folder, String logging) throws Exception {
        Path file = folder.resolve("log");
        Path configuration = folder.resolve("log4j2-test-file.properties");
        reconfigure(Files.writeString(configuration, logging.formatted(file)).toUri());
        return new LogFile(file);
    }

    public Path file() {
        return file;
    }

    public List<String> lines() throws IOException {
        return Files.readAllLines(file);
    }

    /** By name: Log4j's classes have annotations that the compiler can't find. */
    private static void reconfigure(URI configuration) throws ReflectiveOperationException {
        Class.forName("org.apache.logging.log4j.core.config.Configurator")
                .getMethod("reconfigure", URI.class)
                .invoke(null, configuration);
    }

    /** Has the logger of this name, and those below it, log from INFO on. */
    public static void logInfo(String name) throws ReflectiveOperationException {
        Class.forName("org.apache.logging.log4j.core.config.Configurator")
                .getMethod("setLevel", String.class, String.class)
                .invoke(null, name, "INFO");
    }

    @Override
    public void close() throws ReflectiveOperationException, URISyntaxException {
        reconfigure(Objects.requireNonNull(LogFile.class.getResource("/log4j2-test.properties"))
                .toURI());
    }
}
