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
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

/**
 * The tables of options and headers, in the README and on the component's page, are those of the catalog. After a change, {@code mvn test -Dtest=DocumentationTest
 * -Ddynastore.docs.write=true} writes them anew.
 */
class DocumentationTest {

    private static final Path README = Path.of("..", "README.md");
    private static final Path PAGE = Path.of("src", "main", "docs", "dynastore-component.adoc");

    private final JsonNode catalog = catalog();

    @Test
    void theReadmeListsTheOptionsOfTheCatalog() throws IOException {
        assertSection("options", options());
    }

    @Test
    void theReadmeListsTheHeadersOfTheCatalog() throws IOException {
        assertSection("headers", headers());
    }

    @Test
    void theReadmeNamesEveryOperation() throws IOException {
        assertThat(operations()).isNotEmpty().allSatisfy(operation -> assertThat(Files.readString(README))
                .contains("| `" + operation + "` |"));
    }

    private List<String> operations() {
        return StreamSupport.stream(catalog.at("/properties/operation/enum").spliterator(), false)
                .map(JsonNode::textValue)
                .toList();
    }

    @Test
    void theComponentPageSaysWhatTheCatalogSays() throws IOException {
        ComponentPage page = new ComponentPage(catalog);

        pageSection("header").is(page.header());
        pageSection("component options").is(page.componentOptions());
        pageSection("endpoint options").is(page.endpointOptions());
        pageSection("headers").is(page.headers());
    }

    @Test
    void theComponentPageNamesEveryOperation() throws IOException {
        assertThat(operations())
                .allSatisfy(operation -> assertThat(Files.readString(PAGE)).contains("| `" + operation + "`"));
    }

    private static void assertSection(String name, String table) throws IOException {
        new GeneratedSection(
                        README,
                        "<!-- " + name + ": generated from dynastore.json, see DocumentationTest -->\n",
                        "<!-- end of " + name + " -->")
                .is(table);
    }

    private static GeneratedSection pageSection(String name) {
        return new GeneratedSection(PAGE, "// component " + name + ": START\n", "// component " + name + ": END\n");
    }

    private String options() {
        Map<String, List<Map.Entry<String, JsonNode>>> groups = catalog.get("properties").properties().stream()
                .collect(Collectors.groupingBy(
                        option -> option.getValue().get("group").textValue(),
                        java.util.LinkedHashMap::new,
                        Collectors.toList()));
        StringBuilder text = new StringBuilder();
        groups.forEach((group, options) -> {
            text.append("\n**")
                    .append(group)
                    .append("**\n\n| option | type | default | |\n| --- | --- | --- | --- |\n");
            options.forEach(option -> text.append(row(option.getKey(), option.getValue())));
        });
        return text.append('\n').toString();
    }

    private static String row(String name, JsonNode option) {
        return "| `%s` | %s | %s | %s%s |%n"
                .formatted(
                        name,
                        type(option),
                        option.has("defaultValue")
                                ? "`" + option.get("defaultValue").asText() + "`"
                                : "",
                        option.get("required").booleanValue() ? "Required. " : "",
                        option.get("description").textValue());
    }

    private String headers() {
        StringBuilder text = new StringBuilder("\n| header | type | |\n| --- | --- | --- |\n");
        catalog.get("headers")
                .properties()
                .forEach(header -> text.append("| `%s` | %s | %s |%n"
                        .formatted(
                                header.getKey(),
                                type(header.getValue()),
                                header.getValue().get("description").textValue())));
        return text.append('\n').toString();
    }

    private static String type(JsonNode row) {
        if (row.has("enum")) {
            return StreamSupport.stream(row.get("enum").spliterator(), false)
                    .map(value -> "`" + value.textValue() + "`")
                    .collect(Collectors.joining(", "));
        }
        if (Objects.equals(row.path("type").textValue(), "duration")) {
            return "Duration";
        }
        String type = row.get("javaType").textValue().replaceAll("<.*", "");
        return type.substring(type.lastIndexOf('.') + 1);
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
