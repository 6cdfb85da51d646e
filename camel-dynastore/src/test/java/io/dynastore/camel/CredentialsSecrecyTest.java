/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.Configuration;
import org.apache.logging.log4j.core.config.LoggerConfig;
import org.apache.logging.log4j.core.config.Property;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Credentials that are given as options turn up nowhere. */
class CredentialsSecrecyTest extends RouteContract {

    private static final String[] SECRETS = {"AKIDHIDDEN", "SECRETHIDDEN", "TOKENHIDDEN"};

    /** Camel itself writes URIs as they are at TRACE; below that it masks them. */
    private static final Map<String, Level> LOGGERS =
            Map.of("io.dynastore", Level.TRACE, "org.apache.camel", Level.DEBUG);

    private final Queue<String> log = new ConcurrentLinkedQueue<>();

    @Override
    void configure(DefaultCamelContext fresh) {}

    @BeforeEach
    void listen() {
        AbstractAppender appender = new AbstractAppender("secrecy", null, null, true, Property.EMPTY_ARRAY) {
            @Override
            public void append(LogEvent event) {
                log.add(event.getLoggerName() + " " + event.getMessage().getFormattedMessage()
                        + trace(event.getThrown()));
            }
        };
        appender.start();
        LoggerContext logging = (LoggerContext) LogManager.getContext(false);
        Configuration configuration = logging.getConfiguration();
        LOGGERS.forEach((name, level) -> {
            LoggerConfig logger = new LoggerConfig(name, level, false);
            logger.addAppender(appender, level, null);
            configuration.removeLogger(name);
            configuration.addLogger(name, logger);
        });
        logging.updateLoggers();
    }

    @AfterEach
    void stopListening() {
        LoggerContext logging = (LoggerContext) LogManager.getContext(false);
        logging.reconfigure();
    }

    private static String trace(@Nullable Throwable error) {
        if (error == null) {
            return "";
        }
        StringWriter text = new StringWriter();
        error.printStackTrace(new PrintWriter(text));
        return "\n" + text;
    }

    private String secretStore(String options) {
        return store(
                "region=eu-central-1&useSessionCredentials=true&accessKey=" + SECRETS[0] + "&secretKey=" + SECRETS[1]
                        + "&sessionToken=" + SECRETS[2] + "&overrideEndpoint=true&uriEndpointOverride="
                        + dynamo.endpoint() + "&"
                        + options);
    }

    @Test
    void noCredentialIsLoggedOrListed() throws Exception {
        done(through("value", Map.of(), secretStore("operation=create&partitionKey=1&sortKey=1")));
        Exchange refused = through("value", Map.of(), secretStore("operation=create&partitionKey=1&sortKey=1"));
        Exchange invalid = through("value", Map.of(), secretStore("operation=create&partitionKey=1"));
        DynaStoreEndpoint endpoint = context.getEndpoints().stream()
                .filter(DynaStoreEndpoint.class::isInstance)
                .map(DynaStoreEndpoint.class::cast)
                .findFirst()
                .orElseThrow();

        assertThat(trace(refused.getException())).contains("KeyExistsException").doesNotContain(SECRETS);
        assertThat(trace(invalid.getException()))
                .contains("InvalidInputException")
                .doesNotContain(SECRETS);
        assertThat(context.getEndpoints()).extracting(Endpoint::toString).allSatisfy(uri -> assertThat(uri)
                .doesNotContain(SECRETS));
        assertThat(endpoint.toString()).contains("dynastore").doesNotContain(SECRETS);
        assertThat(endpoint.getServiceUrl()).doesNotContain(SECRETS);
        assertThat(String.valueOf(endpoint.getServiceMetadata())).doesNotContain(SECRETS);
        assertThat(endpoint.getConfiguration().toString()).doesNotContain(SECRETS);
        assertThat(ClientSettings.of(endpoint.getConfiguration()).toString()).doesNotContain(SECRETS);
        context.stop();
        assertThat(log).isNotEmpty();
        assertThat(log).anyMatch(line -> line.startsWith("io.dynastore"));
        assertThat(log).allSatisfy(line -> assertThat(line).doesNotContain(SECRETS));
    }

    @Test
    void aWrongOptionBesideThemDoesNotGiveThemAway() {
        Throwable error = catchThrowable(() -> through("value", Map.of(), secretStore("operation=create&nonsense=1")));

        assertThat(trace(error)).contains("nonsense").doesNotContain(SECRETS);
        Throwable start = catchThrowable(() -> through("value", Map.of(), secretStore("operation=create&ttl=20")));
        assertThat(trace(start)).contains("time to live").doesNotContain(SECRETS);
    }
}
