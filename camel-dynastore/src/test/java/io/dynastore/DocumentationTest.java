/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

/**
 * The tables of options and headers stand once, on the component's page, and are those of the catalog. After a change,
 * {@code mvn test -Dtest=DocumentationTest -Ddynastore.docs.write=true} writes them.
 */
class DocumentationTest {

    private static final Path README = Path.of("..", "README.md");
    private static final Path PRODUCER = Path.of("..", "docs", "producer.md");
    private static final Path PAGE = Path.of("src", "main", "docs", "dynastore-component.adoc");

    private final JsonNode catalog = catalog();

    @Test
    void readmeNamesEveryOperation() throws IOException {
        assertThat(operations()).isNotEmpty().allSatisfy(operation -> assertThat(Files.readString(README))
                .contains("| `" + operation + "` |"));
    }

    @Test
    void pageOfTheProducerNamesEveryOperation() throws IOException {
        assertThat(operations()).isNotEmpty().allSatisfy(operation -> assertThat(Files.readString(PRODUCER))
                .contains("| `" + operation + "` |"));
    }

    @Test
    void readmeIsOnePage() throws IOException {
        assertThat(Files.size(README)).isLessThanOrEqualTo(10_240);
    }

    private List<String> operations() {
        return StreamSupport.stream(catalog.at("/properties/operation/enum").spliterator(), false)
                .map(JsonNode::textValue)
                .toList();
    }

    @Test
    void componentPageSaysWhatTheCatalogSays() throws IOException {
        ComponentPage page = new ComponentPage(catalog);

        pageSection("header").is(page.header());
        pageSection("component options").is(page.componentOptions());
        pageSection("endpoint options").is(page.endpointOptions());
        pageSection("headers").is(page.headers());
    }

    @Test
    void componentPageNamesEveryOperation() throws IOException {
        assertThat(operations())
                .allSatisfy(operation -> assertThat(Files.readString(PAGE)).contains("| `" + operation + "`"));
    }

    private static GeneratedSection pageSection(String name) {
        return new GeneratedSection(PAGE, "// component " + name + ": START\n", "// component " + name + ": END\n");
    }

    private static JsonNode catalog() {
        try (InputStream json =
                DocumentationTest.class.getResourceAsStream("/META-INF/io/dynastore/camel/dynastore.json")) {
            return new JsonMapper().readTree(Objects.requireNonNull(json));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
