/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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

    private static String pom(Path module) throws IOException {
        return Files.readString(module.resolve("pom.xml"));
    }
}
