/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dynastore.store.InvalidInputException;
import io.dynastore.store.KeyType;
import java.util.List;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class ValueTextsTest {

    @Property(tries = 300)
    void escapedValuesComeBackAsTheyWere(@ForAll("groups") List<List<String>> groups) {
        String text = groups.stream()
                .map(group -> group.stream().map(ValueTextsTest::escaped).collect(Collectors.joining(",")))
                .collect(Collectors.joining(";"));

        assertThat(ValueTexts.groups(text).stream().map(ValueTexts::values)).isEqualTo(groups);
    }

    @Provide
    Arbitrary<List<List<String>>> groups() {
        return Arbitraries.strings()
                .withChars("a,;\\")
                .ofMaxLength(6)
                .list()
                .ofMinSize(1)
                .ofMaxSize(3)
                .list()
                .ofMinSize(1)
                .ofMaxSize(3);
    }

    private static String escaped(String value) {
        return value.replaceAll("[\\\\,;]", "\\\\$0");
    }

    @Test
    void backslashBeforeAnyOtherCharacterIsAPartOfTheValue() {
        assertThat(ValueTexts.of("C:\\temp , b\\")).isEqualTo(List.of("C:\\temp", "b\\"));
        assertThat(ValueTexts.of("a\\,b,c")).isEqualTo(List.of("a,b", "c"));
    }

    @Test
    void anyOtherValueIsOneOrACollectionOfThem() {
        assertThat(ValueTexts.of(List.of(1, "a,b"))).isEqualTo(List.of(1, "a,b"));
        assertThat(ValueTexts.of(5L)).isEqualTo(List.of(5L));
    }

    @Test
    void typesAreNamedInAnyCase() {
        assertThat(ValueTexts.types("indexSortKeyType", "String,NUMBER, binary"))
                .isEqualTo(List.of(KeyType.STRING, KeyType.NUMBER, KeyType.BINARY));
        assertThat(ValueTexts.types("indexSortKeyType", KeyType.NUMBER)).isEqualTo(List.of(KeyType.NUMBER));
        assertThatThrownBy(() -> ValueTexts.types("indexSortKeyType", "string,text"))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("CamelDynaStoreIndexSortKeyType has a type that no key has");
    }

    @Test
    void emptyNameIsRefused() {
        assertThatThrownBy(() -> ValueTexts.names("indexSortKeyName", "day,,seq"))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("indexSortKeyName has an empty name");
    }
}
