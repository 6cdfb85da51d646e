/* SPDX-License-Identifier: Apache-2.0 */

import io.dynastore.test.DynamoDbExtension;
import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Runs an example beside a DynamoDB Local, so that the example itself knows nothing of it: what leads there are properties, as
 * those that would lead to AWS. Its arguments are those of a {@code java} command, whose class path is the one of this program
 * unless they name another. Where they name a region, there is no DynamoDB Local.
 */
final class WithDynamoDb {

    public static void main(String[] args) throws Exception {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-classpath", classPath()));
        if (List.of(args).stream().noneMatch(arg -> arg.startsWith("-Dcamel.component.dynastore.region="))) {
            // It tells of each refused condition, an everyday answer, with a stack trace; here of errors only.
            System.setProperty("log4j2.loggerContextFactory", "org.apache.logging.log4j.simple.SimpleLoggerContextFactory");
            DynamoDbExtension.create().componentProperties().forEach((name, value) -> command.add("-D" + name + "=" + value));
        }
        command.addAll(List.of(args));
        // Its threads would not let this program end, so it is told to.
        System.exit(new ProcessBuilder(command).inheritIO().start().waitFor());
    }

    /** Without the classes and settings of tests, where they have been compiled. */
    private static String classPath() {
        return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> !entry.endsWith("test-classes"))
                .collect(Collectors.joining(File.pathSeparator));
    }
}
