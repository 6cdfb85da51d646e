/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.dynastore.camel.DynaStoreEndpoint;
import io.dynastore.camel.LogFile;
import io.dynastore.camel.RouteContract;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.Map;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Credentials in options never appear in logs, errors or texts. */
class CredentialsSecrecyTest extends RouteContract {

    private static final String[] SECRETS = {"AKIDHIDDEN", "SECRETHIDDEN", "TOKENHIDDEN"};

    @Override
    public void configure(DefaultCamelContext fresh) {}

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
    void noCredentialIsLoggedOrListed(@TempDir Path folder) throws Exception {
        try (LogFile log = LogFile.in(folder)) {
            noCredentialIsLoggedOrListed(log);
        }
    }

    private void noCredentialIsLoggedOrListed(LogFile log) throws Exception {
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
        assertThat(log.file())
                .content()
                .contains("io.dynastore", "org.apache.camel", "Store on table")
                .doesNotContain(SECRETS);
    }

    @Test
    void errorOfAnotherOptionContainsNoCredential() {
        Throwable error = catchThrowable(() -> through("value", Map.of(), secretStore("operation=create&nonsense=1")));

        assertThat(trace(error)).contains("nonsense").doesNotContain(SECRETS);
        Throwable start = catchThrowable(() -> through("value", Map.of(), secretStore("operation=create&ttl=20")));
        assertThat(trace(start)).contains("time to live").doesNotContain(SECRETS);
    }
}
