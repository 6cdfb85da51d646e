/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What repositories and module paths ask of the artifacts that are published. */
class PublishedArtifactsTest {

    private static final Path ROOT = Path.of("..");

    @ParameterizedTest
    @CsvSource({
        "camel-dynastore,io.dynastore.camel",
        "camel-dynastore-test,io.dynastore.test",
        "camel-dynastore-starter,io.dynastore.camel.springboot"
    })
    void eachJarHasAModuleNameAndItsLicence(String module, String name) throws IOException {
        assertThat(pom(ROOT.resolve(module)))
                .contains("<Automatic-Module-Name>" + name + "</Automatic-Module-Name>")
                .contains("<include>LICENSE</include>", "<include>NOTICE</include>");
    }

    @Test
    void jarsHaveAnImplementationVersion() throws IOException {
        assertThat(pom(ROOT)).contains("<addDefaultImplementationEntries>true</addDefaultImplementationEntries>");
    }

    @Test
    void pomHasWhatRepositoriesAskFor() throws IOException {
        assertThat(pom(ROOT)).contains("<url>", "<licenses>", "<scm ", "<developers>", "<description>");
    }

    @Test
    void licenceAndNoticeAreThere() {
        assertThat(ROOT.resolve("LICENSE")).isNotEmptyFile();
        assertThat(ROOT.resolve("NOTICE")).isNotEmptyFile();
    }

    @Test
    void testKitBringsNoLoggingImplementation() throws IOException {
        String dependencies = pom(ROOT.resolve("camel-dynastore-test")).split("<scope>test</scope>", 2)[0];

        assertThat(dependencies).doesNotContain("log4j-core", "logback", "slf4j-simple", "log4j-slf4j2-impl");
    }

    @Test
    void bomNamesEachPublishedJarInTheVersionOfTheParent() throws IOException {
        String bom = pom(ROOT.resolve("camel-dynastore-bom"));

        assertThat(bom).as("its own version is the parent's").contains("<version>" + version(pom(ROOT)) + "</version>");
        assertThat(artifacts(bom.substring(bom.indexOf("<dependencyManagement>"))))
                .containsExactlyInAnyOrderElementsOf(publishedJars());
        assertThat(bom).as("its parent's versions would be imported with it").doesNotContain("<parent>");
    }

    /** What is neither the parent nor kept from being deployed. */
    private static List<String> publishedJars() throws IOException {
        List<String> jars = new ArrayList<>();
        for (String module : values(pom(ROOT), "module")) {
            String pom = pom(ROOT.resolve(module));
            if (pom.contains("<packaging>jar</packaging>") && !pom.contains("<maven.deploy.skip>true")) {
                jars.add(module);
            }
        }
        return jars;
    }

    private static List<String> artifacts(String pom) {
        return values(pom, "artifactId").stream()
                .filter(artifact -> artifact.startsWith("camel-dynastore"))
                .toList();
    }

    private static String version(String pom) {
        return values(pom, "version").get(0);
    }

    private static List<String> values(String pom, String element) {
        return Pattern.compile("<" + element + ">([^<]*)</" + element + ">")
                .matcher(pom)
                .results()
                .map(found -> found.group(1))
                .distinct()
                .toList();
    }

    private static String pom(Path module) throws IOException {
        return Files.readString(module.resolve("pom.xml"));
    }
}
