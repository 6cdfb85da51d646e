/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.codeUnits;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import com.tngtech.archunit.library.Architectures.LayeredArchitecture;
import io.dynastore.camel.ClientType;
import io.dynastore.camel.DynaStoreConfiguration;
import io.dynastore.camel.DynaStoreConstants;
import io.dynastore.camel.DynaStoreOperation;
import io.dynastore.camel.HttpClientType;
import io.dynastore.camel.OnSuccess;
import io.dynastore.camel.RepositoryMetrics;
import io.dynastore.camel.ResumeMode;
import io.dynastore.store.DynaStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;

/** The rooms of the house, and which room may know which. Each may know only rooms above it in {@link #ROOMS}. */
@AnalyzeClasses(
        packages = "io.dynastore",
        importOptions = {ImportOption.DoNotIncludeTests.class, LayersTest.DoNotIncludeExtension.class})
class LayersTest {

    private static final String MICROMETER = "io.dynastore.camel.internal.monitor.MicrometerBinder";

    /** Parts of that class. */
    private static final String QUEUE_METERS = "io.dynastore.camel.internal.monitor.QueueMeters";

    private static final String GROUP_METERS = "io.dynastore.camel.internal.monitor.GroupMeters";

    /** The JUnit extension is another module, and no part of the house. */
    static final class DoNotIncludeExtension implements ImportOption {
        @Override
        public boolean includes(Location location) {
            return !location.contains("/io/dynastore/test/");
        }
    }

    private record Room(String name, DescribedPredicate<JavaClass> classes, List<String> mayKnow) {
        static Room of(String name, DescribedPredicate<JavaClass> classes, String... mayKnow) {
            return new Room(name, classes, List.of(mayKnow));
        }
    }

    /** The facade stands above the rooms of the store, although it lives in the store's package. */
    private static final DescribedPredicate<JavaClass> FACADE = oneOf(DynaStore.class);

    /**
     * What the rooms of {@code camel.internal} may know of {@code camel}: options, header names, the enums of
     * options and the numbers of repositories.
     */
    private static final DescribedPredicate<JavaClass> OPTIONS = oneOf(
            ClientType.class,
            DynaStoreConfiguration.class,
            DynaStoreConstants.class,
            DynaStoreOperation.class,
            HttpClientType.class,
            OnSuccess.class,
            ResumeMode.class,
            RepositoryMetrics.class);

    private static final List<Room> ROOMS = List.of(
            Room.of("store", in("store").and(not(FACADE))),
            Room.of("codec", in("store.codec"), "store"),
            Room.of("metrics", in("store.metrics"), "store"),
            Room.of("item", in("store.internal.item"), "store", "codec"),
            Room.of("lean", in("store.internal.lean"), "item"),
            Room.of("page", in("store.internal.page"), "store", "item"),
            Room.of("operation", in("store.internal.operation"), "store", "item", "page"),
            Room.of("facade", FACADE, "store", "codec", "metrics", "item", "page", "operation"),
            Room.of("lease", in("lease"), "store", "codec", "item"),
            Room.of("queue", in("queue"), "store", "codec", "item", "lease"),
            Room.of("group", in("group"), "store", "item", "lease"),
            Room.of("options", OPTIONS, "store", "lease"),
            Room.of("thread", in("camel.internal.thread"), "options"),
            Room.of("client", in("camel.internal.client"), "store", "item", "lean", "options", "thread"),
            Room.of("exchange", in("camel.internal.exchange"), "store", "lease", "options", "client"),
            Room.of(
                    "message",
                    in("camel.internal.message"),
                    "store",
                    "codec",
                    "lease",
                    "options",
                    "client",
                    "exchange"),
            Room.of(
                    "lock",
                    in("camel.internal.lock"),
                    "store",
                    "metrics",
                    "lease",
                    "options",
                    "client",
                    "exchange",
                    "message"),
            Room.of(
                    "consumer",
                    in("camel.internal.consumer"),
                    "store",
                    "item",
                    "codec",
                    "lease",
                    "queue",
                    "group",
                    "facade",
                    "options",
                    "thread",
                    "client",
                    "exchange",
                    "message"),
            Room.of(
                    "monitor",
                    in("camel.internal.monitor"),
                    "store",
                    "metrics",
                    "lease",
                    "group",
                    "queue",
                    "options",
                    "client",
                    "consumer"),
            Room.of(
                    "camel",
                    in("camel").and(not(OPTIONS)),
                    "store",
                    "codec",
                    "metrics",
                    "page",
                    "facade",
                    "lease",
                    "group",
                    "queue",
                    "options",
                    "thread",
                    "client",
                    "exchange",
                    "message",
                    "lock",
                    "consumer",
                    "monitor"),
            Room.of("cluster", in("camel.cluster"), "store", "lease", "options", "camel"),
            Room.of(
                    "state",
                    in("camel.state"),
                    "store",
                    "codec",
                    "item",
                    "facade",
                    "lease",
                    "options",
                    "client",
                    "message",
                    "camel"));

    private static DescribedPredicate<JavaClass> in(String room) {
        return JavaClass.Predicates.resideInAPackage("io.dynastore." + room);
    }

    private static DescribedPredicate<JavaClass> oneOf(Class<?>... types) {
        Set<String> names = Arrays.stream(types).map(Class::getName).collect(Collectors.toSet());
        return describe(
                "one of " + names,
                type -> names.contains(outermost(type.getBaseComponentType()).getName()));
    }

    private static JavaClass outermost(JavaClass type) {
        return type.getEnclosingClass().map(LayersTest::outermost).orElse(type);
    }

    @ArchTest
    static final ArchRule arrowsPointOneWayOnly = arrows();

    private static ArchRule arrows() {
        LayeredArchitecture house = layeredArchitecture().consideringOnlyDependenciesInAnyPackage("io.dynastore..");
        for (Room room : ROOMS) {
            house = house.layer(room.name).definedBy(room.classes);
        }
        for (Room room : ROOMS) {
            house = room.mayKnow.isEmpty()
                    ? house.whereLayer(room.name).mayNotAccessAnyLayer()
                    : house.whereLayer(room.name).mayOnlyAccessLayers(room.mayKnow.toArray(String[]::new));
        }
        return house;
    }

    /** A rule against the list itself: it is in order, so that the arrows can form no circle of rooms. */
    @ArchTest
    static void eachRoomKnowsOnlyRoomsListedBeforeIt(JavaClasses house) {
        Set<String> before = new HashSet<>();
        for (Room room : ROOMS) {
            assertThat(before).as("rooms before %s", room.name).containsAll(room.mayKnow);
            assertThat(house.that(room.classes)).as("classes of %s", room.name).isNotEmpty();
            before.add(room.name);
        }
    }

    @ArchTest
    static final ArchRule everyClassHasItsRoom = classes()
            .that()
            .resideOutsideOfPackage("io.dynastore.camel.springboot")
            .should(be(
                    "in exactly one room",
                    type -> ROOMS.stream()
                                    .filter(room -> room.classes.test(type))
                                    .count()
                            == 1));

    @ArchTest
    static void noClassCircleCrossesAPackage(JavaClasses house) {
        assertThat(ClassCircles.acrossPackages(house)).isEmpty();
    }

    @ArchTest
    static final ArchRule camelIsKnownUnderCamelOnly = noClasses()
            .that()
            .resideOutsideOfPackage("io.dynastore.camel..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.apache.camel..");

    /** So that all others work where Micrometer is not on the class path. */
    @ArchTest
    static final ArchRule micrometerIsKnownToItsBinderAlone = noClasses()
            .that()
            .doNotHaveFullyQualifiedName(MICROMETER)
            .and()
            .doNotHaveFullyQualifiedName(QUEUE_METERS)
            .and()
            .doNotHaveFullyQualifiedName(GROUP_METERS)
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.micrometer..")
            .orShould()
            .dependOnClassesThat()
            .haveFullyQualifiedName(MICROMETER);

    @ArchTest
    static final ArchRule metersOfQueuesAreKnownToTheBinderAlone = noClasses()
            .that()
            .doNotHaveFullyQualifiedName(MICROMETER)
            .and()
            .doNotHaveFullyQualifiedName(QUEUE_METERS)
            .and()
            .doNotHaveFullyQualifiedName(GROUP_METERS)
            .should()
            .dependOnClassesThat()
            .haveFullyQualifiedName(QUEUE_METERS)
            .orShould()
            .dependOnClassesThat()
            .haveFullyQualifiedName(GROUP_METERS);

    /** What users can name shows nothing that they must not rely on. */
    @ArchTest
    static final ArchRule publicSignaturesNameNothingInternal = codeUnits()
            .that()
            .areDeclaredInClassesThat(areApi())
            .and(arePublicOrProtected())
            .should(nameNothingInternal());

    private static DescribedPredicate<JavaClass> areApi() {
        return describe(
                "are API",
                type -> !type.getPackageName().contains(".internal")
                        && type.getModifiers().contains(JavaModifier.PUBLIC));
    }

    private static DescribedPredicate<JavaCodeUnit> arePublicOrProtected() {
        return describe(
                "are public or protected",
                unit -> unit.getModifiers().contains(JavaModifier.PUBLIC)
                        || unit.getModifiers().contains(JavaModifier.PROTECTED));
    }

    private static ArchCondition<JavaCodeUnit> nameNothingInternal() {
        return new ArchCondition<>("name nothing internal") {
            @Override
            public void check(JavaCodeUnit unit, ConditionEvents events) {
                Stream.concat(unit.getRawParameterTypes().stream(), Stream.of(unit.getRawReturnType()))
                        .filter(type -> type.getPackageName().startsWith("io.dynastore")
                                && type.getPackageName().contains(".internal"))
                        .forEach(type -> events.add(
                                SimpleConditionEvent.violated(unit, unit.getFullName() + " names " + type.getName())));
            }
        };
    }

    /** Read from their sources, since these modules are built after this one. */
    @ArchTest
    static void starterAndExamplesNameNothingInternal(JavaClasses house) throws IOException {
        for (String module : List.of("camel-dynastore-starter", "camel-dynastore-examples", "camel-dynastore-test")) {
            try (Stream<Path> files = Files.walk(Path.of("..", module))) {
                List<Path> sources = files.filter(file -> file.toString().endsWith(".java"))
                        .filter(file -> file.toString().contains("src"))
                        .toList();
                assertThat(sources).as("sources of %s", module).isNotEmpty();
                assertThat(sources).allSatisfy(file -> assertThat(Files.readString(file))
                        .doesNotContainPattern("io\\.dynastore\\.[a-z.]*internal\\."));
            }
        }
    }

    @ArchTest
    static final ArchRule everyPackageIsNullMarked = classes()
            .should(be("in a @NullMarked package", type -> type.getPackage().isAnnotatedWith(NullMarked.class)));

    private static ArchCondition<JavaClass> be(String what, Predicate<JavaClass> rule) {
        return new ArchCondition<>("be " + what) {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                events.add(new SimpleConditionEvent(type, rule.test(type), type.getName() + " should be " + what));
            }
        };
    }
}
