/* SPDX-License-Identifier: Apache-2.0 */

import io.dynastore.test.DynamoDbExtension;
import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Runs an example beside a DynamoDB Local. The example itself contains nothing of it: properties connect it, as they
 * would connect it to AWS. The arguments are those of a {@code java} command. Its class path is that of this program,
 * unless the arguments name another. If they name a region, no DynamoDB Local is started.
 */
final class WithDynamoDb {

    public static void main(String[] args) throws Exception {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-classpath", classPath()));
        if (List.of(args).stream().noneMatch(arg -> arg.startsWith("-Dcamel.component.dynastore.region="))) {
            // DynamoDB Local logs each failed condition with a stack trace. This logger prints errors only.
            System.setProperty(
                    "log4j2.loggerContextFactory", "org.apache.logging.log4j.simple.SimpleLoggerContextFactory");
            DynamoDbExtension.create()
                    .componentProperties()
                    .forEach((name, value) -> command.add("-D" + name + "=" + value));
        }
        command.addAll(List.of(args));
        // The threads of DynamoDB Local keep the JVM running, hence the exit.
        System.exit(new ProcessBuilder(command).inheritIO().start().waitFor());
    }

    /** The class path without the classes and settings of the tests, which are there after a full build. */
    private static String classPath() {
        return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> !entry.endsWith("test-classes"))
                .collect(Collectors.joining(File.pathSeparator));
    }
}
