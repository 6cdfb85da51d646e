/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import org.jspecify.annotations.NullMarked;

/** Who may know whom. A package that is not there yet breaks no rule. */
@AnalyzeClasses(
        packages = "io.dynastore",
        importOptions = {ImportOption.DoNotIncludeTests.class, LayersTest.DoNotIncludeExtension.class})
class LayersTest {

    /** The extension for tests is another module, and no part of the house. */
    static final class DoNotIncludeExtension implements ImportOption {
        @Override
        public boolean includes(Location location) {
            return !location.contains("/io/dynastore/test/");
        }
    }

    private static final String STORE = "io.dynastore.store..";
    private static final String LEASE = "io.dynastore.lease..";
    private static final String CAMEL = "io.dynastore.camel..";
    private static final String CAMEL_STATE = "io.dynastore.camel.state..";
    private static final String CAMEL_CLUSTER = "io.dynastore.camel.cluster..";

    /** The adapter itself, without the packages below it that have arrows of their own. */
    private static final String CAMEL_ADAPTER = "io.dynastore.camel";

    @ArchTest
    static final ArchRule arrowsPointDownOnly = layeredArchitecture()
            .consideringOnlyDependenciesInAnyPackage("io.dynastore..")
            .withOptionalLayers(true)
            .layer("store")
            .definedBy(STORE)
            .layer("lease")
            .definedBy(LEASE)
            .layer("camel")
            .definedBy(CAMEL_ADAPTER)
            .layer("camel.state")
            .definedBy(CAMEL_STATE)
            .layer("camel.cluster")
            .definedBy(CAMEL_CLUSTER)
            .whereLayer("store")
            .mayNotAccessAnyLayer()
            .whereLayer("lease")
            .mayOnlyAccessLayers("store")
            .whereLayer("camel")
            .mayOnlyAccessLayers("store", "lease")
            .whereLayer("camel.state")
            .mayOnlyAccessLayers("store", "camel")
            .whereLayer("camel.cluster")
            .mayOnlyAccessLayers("lease", "store", "camel");

    @ArchTest
    static final ArchRule everyClassHasItsLayer = noClasses()
            .should()
            .resideOutsideOfPackages(STORE, LEASE, CAMEL_ADAPTER, CAMEL_STATE, CAMEL_CLUSTER)
            .as("a new package needs its arrows here")
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule camelIsKnownUnderCamelOnly = noClasses()
            .that()
            .resideOutsideOfPackage(CAMEL)
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.apache.camel..")
            .allowEmptyShould(true);

    /** So that all others work where Micrometer is not on the class path. */
    @ArchTest
    static final ArchRule micrometerIsKnownToOneClass = noClasses()
            .that()
            .doNotHaveFullyQualifiedName("io.dynastore.camel.MicrometerMeters")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.micrometer..")
            .orShould()
            .dependOnClassesThat()
            .haveFullyQualifiedName("io.dynastore.camel.MicrometerMeters");

    /** The store and its operations are one layer in two packages: each operation is a file, and the store lists them. */
    @ArchTest
    static final ArchRule layersHaveNoCycles =
            slices().matching("io.dynastore.(*)..").should().beFreeOfCycles().allowEmptyShould(true);

    @ArchTest
    static final ArchRule everyPackageIsNullMarked =
            ArchRuleDefinition.classes().should(liveInNullMarkedPackage()).allowEmptyShould(true);

    private static ArchCondition<JavaClass> liveInNullMarkedPackage() {
        return new ArchCondition<>("live in a @NullMarked package") {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                JavaPackage home = type.getPackage();
                boolean marked = home.isAnnotatedWith(NullMarked.class);
                events.add(new SimpleConditionEvent(type, marked, home.getName() + " (" + type.getName() + ")"));
            }
        };
    }
}
