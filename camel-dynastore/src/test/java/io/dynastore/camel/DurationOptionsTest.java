/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.dynastore.store.InvalidInputException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.Test;

/** All durations of a URI follow the same rule. */
class DurationOptionsTest {

    private static List<String> durations() throws Exception {
        List<String> names = new ArrayList<>();
        try (InputStream catalog =
                DurationOptionsTest.class.getResourceAsStream("/META-INF/io/dynastore/camel/dynastore.json")) {
            new ObjectMapper().readTree(catalog).path("properties").properties().forEach(option -> {
                if (option.getValue().path("type").asText().equals("duration")) {
                    names.add(option.getKey());
                }
            });
        }
        return names;
    }

    @Test
    void eachDurationOfTheCatalogNeedsAUnit() throws Exception {
        assertThat(durations()).contains("claimTtl", "clockSkew", "lockTtl", "apiCallTimeout");
        for (String option : durations()) {
            assertThatThrownBy(() -> UriOptions.check("jobs", Map.of(option, "3000")))
                    .as(option)
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageContainingAll("Table jobs", option, "without a unit", "20s");
            assertThatCode(() -> UriOptions.check("jobs", Map.of(option, "0"))).doesNotThrowAnyException();
        }
    }

    @Test
    void unitIsReadInEachDuration() throws Exception {
        try (DefaultCamelContext context = new DefaultCamelContext()) {
            DynaStoreEndpoint endpoint = context.getEndpoint(
                    "dynastore:jobs?claimTtl=3s&clockSkew=1m30s&retryDelay=250ms&groupLease=PT20S",
                    DynaStoreEndpoint.class);

            assertThat(endpoint.getConfiguration().getClaimTtl()).isEqualTo(3_000);
            assertThat(endpoint.getConfiguration().getClockSkew()).isEqualTo(90_000);
            assertThat(endpoint.getConfiguration().getRetryDelay()).isEqualTo(250);
            assertThat(endpoint.getConfiguration().getGroupLease()).isEqualTo(20_000);
        }
    }
}
