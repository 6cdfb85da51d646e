/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.camel.component.aws2.ddb.Ddb2Component;
import org.junit.jupiter.api.Test;

/** The migration page against the catalog of camel-aws2-ddb, which only this module has on its class path. */
class ComingFromCamelDdbTest {

    private static final String PREFIX = "CamelAwsDdb";

    private final JsonNode catalog = catalog();
    private final String page = page();

    private static JsonNode catalog() {
        try (InputStream json = Ddb2Component.class.getResourceAsStream(
                "/META-INF/org/apache/camel/component/aws2/ddb/aws2-ddb.json")) {
            return new ObjectMapper().readTree(Objects.requireNonNull(json));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String page() {
        try {
            return Files.readString(Path.of("..", "docs", "coming-from-camel-aws2-ddb.md"));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void migrationPageNamesEachHeader() {
        List<String> headers = new ArrayList<>();
        catalog.path("headers").fieldNames().forEachRemaining(headers::add);

        assertThat(headers).isNotEmpty().allSatisfy(header -> assertThat(page)
                .contains("`" + header.substring(PREFIX.length()) + "`"));
    }

    @Test
    void migrationPageNamesEachOperation() {
        JsonNode operations = catalog.path("properties").path("operation").path("enum");

        assertThat(operations).isNotEmpty().allSatisfy(operation -> assertThat(page)
                .contains("`" + operation.asText() + "`"));
    }
}
