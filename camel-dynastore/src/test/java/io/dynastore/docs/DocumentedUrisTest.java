/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.dynastore.camel.DynaStoreComponent;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.camel.catalog.CamelCatalog;
import org.apache.camel.catalog.DefaultCamelCatalog;
import org.apache.camel.catalog.EndpointValidationResult;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Camel's catalog, with which tools check URIs, accepts each URI of the documents. */
class DocumentedUrisTest {

    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

    /** A URI with options. */
    private static final Pattern URI = Pattern.compile("dynastore:[A-Za-z]\\w*\\?[^\\s\"'`<>)|…]+");

    private static final CamelCatalog CATALOG = new DefaultCamelCatalog();

    @BeforeAll
    static void addTheComponent() throws IOException {
        try (InputStream json =
                DynaStoreComponent.class.getResourceAsStream("/META-INF/io/dynastore/camel/dynastore.json")) {
            CATALOG.addComponent(
                    "dynastore",
                    DynaStoreComponent.class.getName(),
                    new String(Objects.requireNonNull(json).readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    static Set<String> uris() throws IOException {
        Set<String> uris = new TreeSet<>();
        for (Path page : pages()) {
            Matcher uri = URI.matcher(Files.readString(page));
            while (uri.find()) {
                uris.add(uri.group().replace("&amp;", "&").replaceAll("[.,;:\\[]+$", ""));
            }
        }
        return uris;
    }

    private static Set<Path> pages() throws IOException {
        Set<Path> pages = new TreeSet<>();
        for (Path folder :
                new Path[] {ROOT, ROOT.resolve("docs"), Path.of("src/main/docs"), Path.of("src/test/resources/docs")}) {
            try (Stream<Path> files = Files.list(folder)) {
                files.filter(file -> file.toString().matches(".*\\.(md|adoc|yaml|xml|properties)"))
                        .forEach(pages::add);
            }
        }
        return pages;
    }

    @ParameterizedTest
    @MethodSource("uris")
    void catalogAcceptsEachUriOfTheDocuments(String uri) {
        assertThat(validation(uri)).isEqualTo("valid");
    }

    @Test
    void documentsHaveUris() throws IOException {
        assertThat(uris()).hasSizeGreaterThan(10).anyMatch(uri -> uri.contains("partitionKeys=north,south"));
    }

    @Test
    void partitionKeysAreTextOrABean() {
        assertThat(validation("dynastore:outbox?partitionKeys=north,south")).isEqualTo("valid");
        assertThat(validation("dynastore:outbox?partitionKeys=#active")).isEqualTo("valid");
    }

    @Test
    void catalogRefusesWhatIsNoOption() {
        assertThat(validation("dynastore:outbox?partitionKy=north")).contains("partitionKy");
    }

    private static String validation(String uri) {
        EndpointValidationResult result = CATALOG.validateEndpointProperties(uri);
        return result.isSuccess() ? "valid" : result.summaryErrorMessage(true);
    }
}
