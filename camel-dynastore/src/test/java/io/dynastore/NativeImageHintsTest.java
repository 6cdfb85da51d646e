/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.dynastore.lease.LockInfo;
import io.dynastore.store.DynaStoreException;
import io.dynastore.store.Item;
import io.dynastore.store.ItemStream;
import io.dynastore.store.Key;
import io.dynastore.store.Write;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * What a native image is told to keep: the classes that Camel makes by the names in its descriptors, those
 * descriptors, and what expressions of routes call by name. After a change, {@code mvn test
 * -Dtest=NativeImageHintsTest -Ddynastore.docs.write=true} writes the classes anew.
 */
class NativeImageHintsTest {

    private static final Path HINTS =
            Path.of("src", "main", "resources", "META-INF", "native-image", "io.dynastore", "camel-dynastore");
    private static final Path GENERATED = Path.of("src", "generated", "resources");
    private static final Path DESCRIPTORS =
            GENERATED.resolve(Path.of("META-INF", "services", "org", "apache", "camel"));

    @Test
    void namesWhatIsReachedByNameOnly() throws IOException {
        SortedSet<String> expected = new TreeSet<>(camelMakes());
        expected.addAll(expressionsCall());
        Path file = HINTS.resolve("reflect-config.json");

        if (Boolean.getBoolean("dynastore.docs.write")) {
            Files.writeString(file, json(expected));
        }

        assertThat(Files.readString(file)).isEqualTo(json(expected));
        assertThat(expected)
                .contains(
                        "io.dynastore.camel.DynaStoreComponent",
                        "io.dynastore.camel.DynaStoreEndpointConfigurer",
                        "io.dynastore.camel.cluster.DynaStoreClusterService",
                        "io.dynastore.store.Item",
                        "io.dynastore.store.VersionConflictException")
                .allSatisfy(name -> assertThat(Class.forName(name)).isPublic());
    }

    @Test
    void namesEachDescriptor() throws IOException {
        List<String> patterns = new ObjectMapper()
                .readTree(HINTS.resolve("resource-config.json").toFile())
                .at("/resources/includes")
                .findValuesAsText("pattern");

        assertThat(files(GENERATED.resolve("META-INF")))
                .isNotEmpty()
                .map(file -> GENERATED.relativize(file).toString().replace('\\', '/'))
                .allSatisfy(name -> assertThat(patterns).anyMatch(name::matches));
    }

    /**
     * Components, configurers and the like, by their descriptors: {@code class=}, or the {@code javaType} of a bean.
     */
    private static List<String> camelMakes() throws IOException {
        return files(DESCRIPTORS).stream()
                .flatMap(NativeImageHintsTest::classesOf)
                .toList();
    }

    private static Stream<String> classesOf(Path descriptor) {
        try {
            if (descriptor.toString().endsWith(".json")) {
                return new ObjectMapper()
                        .readTree(descriptor.toFile()).findValues("javaType").stream()
                                .map(JsonNode::asText)
                                .filter(name -> name.startsWith("io.dynastore."))
                                .filter(name -> !name.contains("$"));
            }
            return Files.readAllLines(descriptor).stream()
                    .map(line -> line.replaceFirst("^class=", ""))
                    .filter(line -> line.startsWith("io.dynastore."));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Values that bodies and headers may be, and the errors that YAML and XML name. */
    private static List<String> expressionsCall() {
        Stream<Class<?>> values = Stream.of(Item.class, ItemStream.class, Key.class, LockInfo.class, Write.class);
        Stream<String> errors = new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests()).importPackages("io.dynastore.store").stream()
                        .filter(type -> type.isAssignableTo(DynaStoreException.class))
                        .map(JavaClass::getName);
        return Stream.concat(values.map(Class::getName), errors).toList();
    }

    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(Files::isRegularFile).toList();
        }
    }

    private static String json(SortedSet<String> names) {
        return names.stream()
                .map(name -> "  {\"name\": \"%s\", \"allPublicConstructors\": true, \"allPublicMethods\": true}"
                        .formatted(name))
                .collect(Collectors.joining(",\n", "[\n", "\n]\n"));
    }
}
