/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dynastore.camel.internal.lock.LockOptions;
import io.dynastore.camel.internal.message.CallOptions;
import io.dynastore.camel.internal.message.OptionBinding;
import io.dynastore.camel.internal.message.OutcomeWriter;
import io.dynastore.lease.LockRequest;
import io.dynastore.store.Key;
import io.dynastore.store.Operation;
import java.io.InputStream;
import java.lang.reflect.Field;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The catalog, the configuration bean, the headers and the option bindings agree. */
class CatalogTest {

    /** Options without a binding: a message must not change them, or they are read together with key and body. */
    private static final Set<String> WITHOUT_BINDING = Set.of(
            "operation",
            "partitionKey",
            "sortKey",
            "allowedOperations",
            "optimisticLocking",
            "payloadType",
            "partitionKeyName",
            "partitionKeyType",
            "sortKeyName",
            "sortKeyType",
            "versionName",
            "expiresName",
            "payloadName",
            "claimIndex",
            "allowReplicated",
            "claimShards",
            "autoCreateTable",
            "autoCreateTimeout",
            "region",
            "lazyStartProducer");

    private static JsonNode catalog = new ObjectMapper().createObjectNode();

    @BeforeAll
    static void read() throws Exception {
        try (InputStream json = CatalogTest.class.getResourceAsStream("/META-INF/io/dynastore/camel/dynastore.json")) {
            catalog = new ObjectMapper().readTree(json);
        }
    }

    private static Set<String> names(String section) {
        Set<String> names = new TreeSet<>();
        catalog.get(section).fieldNames().forEachRemaining(names::add);
        return names;
    }

    private static List<String> constants() throws IllegalAccessException {
        List<String> names = new ArrayList<>();
        for (Field field : DynaStoreConstants.class.getFields()) {
            names.add((String) Objects.requireNonNull(field.get(null)));
        }
        return names;
    }

    static Stream<OptionBinding<?, ?>> options() {
        return Stream.concat(
                Stream.of(Operation.values()).flatMap(operation -> CallOptions.of(operation).stream()),
                LockOptions.ALL.stream());
    }

    @ParameterizedTest
    @ValueSource(strings = {"componentProperties", "properties", "headers"})
    void everyOptionAndHeaderIsDescribed(String section) {
        assertThat(names(section)).isNotEmpty().allSatisfy(name -> assertThat(
                        catalog.at("/" + section + "/" + name + "/description").asText())
                .as(name)
                .hasSizeGreaterThan(10));
    }

    @ParameterizedTest
    @ValueSource(strings = {"componentProperties", "properties"})
    void onlyCredentialsAreSecret(String section) {
        assertThat(names(section).stream().filter(name -> catalog.at("/" + section + "/" + name + "/secret")
                        .asBoolean()))
                .containsExactlyInAnyOrder("accessKey", "secretKey", "sessionToken");
    }

    @Test
    void headersAndConstantsAreTheSame() throws Exception {
        assertThat(names("headers")).containsExactlyInAnyOrderElementsOf(constants());
        assertThat(constants())
                .allMatch(name -> name.startsWith("CamelDynaStore"))
                .doesNotHaveDuplicates();
    }

    @Test
    void everyHeaderSaysWhetherItGoesInOrOut() {
        assertThat(names("headers")).allSatisfy(name -> assertThat(
                        catalog.at("/headers/" + name + "/description").asText())
                .as(name)
                .matches("(In|Out|In: .* Out)[.:] .*"));
        assertThat(OutcomeWriter.OUTPUTS).allSatisfy(name -> assertThat(
                        catalog.at("/headers/" + name + "/description").asText())
                .startsWith("Out"));
    }

    @ParameterizedTest
    @MethodSource("options")
    void headerOfAnOptionHasItsName(OptionBinding<?, ?> option) {
        assertThat(option.header())
                .isEqualTo(
                        "CamelDynaStore" + Character.toUpperCase(option.option().charAt(0))
                                + option.option().substring(1));
        assertThat(names("headers")).contains(option.header());
        assertThat(names("properties")).contains(option.option());
    }

    @ParameterizedTest
    @MethodSource("options")
    void optionHasOneDefaultEverywhere(OptionBinding<?, ?> option) {
        Object inBean = option.uri().apply(new DynaStoreConfiguration());
        String inCatalog =
                catalog.at("/properties/" + option.option() + "/defaultValue").asText();
        assertThat(inCatalog).isEqualToIgnoringCase(inBean == null ? "" : text(inBean));
    }

    /** The catalog has durations in milliseconds, as all Camel catalogs do. */
    private static String text(Object value) {
        return value instanceof Duration duration ? Long.toString(duration.toMillis()) : value.toString();
    }

    @Test
    void lockHasTheSameDefaults() {
        LockOptions fromBean = new LockOptions();
        LockOptions.ALL.forEach(option -> option.fromUri(new DynaStoreConfiguration(), fromBean));
        Key key = Key.of("locks", "one");

        assertThat(fromBean.request(key, "me", null))
                .isEqualTo(LockRequest.of(key).owner("me").build())
                .isEqualTo(new LockOptions().request(key, "me", null));
    }

    @Test
    void everyOptionOfACallHasABinding() {
        Set<String> bound = new TreeSet<>();
        options().forEach(option -> bound.add(option.option()));
        Set<String> inCatalog = new TreeSet<>();
        StreamSupport.stream(names("properties").spliterator(), false)
                .filter(name ->
                        catalog.at("/properties/" + name + "/label").asText().matches(".*(producer|common).*"))
                .filter(name -> !WITHOUT_BINDING.contains(name))
                .forEach(inCatalog::add);

        assertThat(bound).isEqualTo(inCatalog);
    }

    @Test
    void everyOperationOfTheStoreIsOffered() {
        assertThat(Stream.of(DynaStoreOperation.values()).flatMap(operation -> operation.store().stream()))
                .containsExactly(Operation.values());
    }

    @Test
    void everyOperationIsOffered() {
        assertThat(catalog.at("/properties/operation/enum"))
                .extracting(JsonNode::asText)
                .containsExactlyElementsOf(Stream.of(DynaStoreOperation.values())
                        .map(DynaStoreOperation::text)
                        .toList());
    }
}
