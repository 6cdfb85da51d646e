/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.test;

import java.lang.reflect.Method;

/**
 * Keeps DynamoDB Local from logging two lines for each request, with whatever logging the tests have. A level that the
 * tests set themselves stays. Nothing here links to a logging library, since each of them may be absent.
 */
final class QuietEngine {

    private static final String[] LOGGERS = {"software.amazon.dynamodb.services.local", "org.eclipse.jetty"};

    private QuietEngine() {}

    /** Once, before the engine starts. */
    static void begin() {
        if (!present("org.apache.logging.log4j.core.LoggerContext")
                && !present("org.apache.logging.slf4j.SLF4JProvider")
                && System.getProperty("log4j2.StatusLogger.level") == null) {
            // Log4j's API alone, which DynamoDB Local logs by, reports that there is nothing behind it.
            System.setProperty("log4j2.StatusLogger.level", "OFF");
        }
        for (String logger : LOGGERS) {
            quietLogback(logger);
            quietLog4j(logger);
        }
    }

    private static boolean present(String type) {
        try {
            Class.forName(type, false, QuietEngine.class.getClassLoader());
            return true;
        } catch (ClassNotFoundException | LinkageError e) {
            return false;
        }
    }

    private static void quietLogback(String name) {
        try {
            Class<?> type = Class.forName("ch.qos.logback.classic.Logger");
            Class<?> level = Class.forName("ch.qos.logback.classic.Level");
            Object logger = Class.forName("org.slf4j.LoggerFactory")
                    .getMethod("getLogger", String.class)
                    .invoke(null, name);
            if (type.isInstance(logger) && type.getMethod("getLevel").invoke(logger) == null) {
                type.getMethod("setLevel", level)
                        .invoke(logger, level.getField("ERROR").get(null));
            }
        } catch (ReflectiveOperationException | LinkageError e) {
            // There is no Logback.
        }
    }

    private static void quietLog4j(String name) {
        try {
            Class<?> level = Class.forName("org.apache.logging.log4j.Level");
            Method set = Class.forName("org.apache.logging.log4j.core.config.Configurator")
                    .getMethod("setLevel", String.class, level);
            set.invoke(null, name, level.getField("ERROR").get(null));
        } catch (ReflectiveOperationException | LinkageError e) {
            // There is no Log4j behind its API.
        }
    }
}
