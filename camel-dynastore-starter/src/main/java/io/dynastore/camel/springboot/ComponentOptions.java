/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.springboot;

import io.dynastore.camel.DynaStoreComponent;
import io.dynastore.camel.DynaStoreComponentConfigurer;
import io.dynastore.camel.DynaStoreConfiguration;
import java.beans.PropertyDescriptor;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.PropertyBindingException;
import org.apache.camel.support.PropertyBindingSupport;
import org.apache.camel.util.StringHelper;
import org.springframework.beans.BeanUtils;
import org.springframework.beans.PropertyMatches;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.Environment;

/**
 * The component's options in an application's properties.
 *
 * <p>The values stay text until they are set. So Camel's own binding reads durations, {@code #bean:name} and
 * placeholders as in every other runtime. The names of configuration options may begin with {@code configuration.} or
 * not, as in Camel's own AWS starters.
 *
 * @param values the values by option
 */
record ComponentOptions(Map<String, String> values) {

    static final String PREFIX = "camel.component.dynastore";

    private static final String CONFIGURATION = "configuration";

    /** The properties of the auto-configuration itself. */
    private static final Set<String> SWITCHES = Set.of("enabled", "customizerenabled");

    private static final DynaStoreComponentConfigurer CONFIGURER = new DynaStoreComponentConfigurer();

    /** The options of the configuration by their plain names. */
    private static final Map<String, String> CONFIGURATION_OPTIONS = options(DynaStoreConfiguration.class);

    /** All options by their plain names. */
    private static final Map<String, String> OPTIONS = Stream.of(
                    options(DynaStoreComponent.class), CONFIGURATION_OPTIONS)
            .flatMap(options -> options.entrySet().stream())
            .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue));

    /**
     * Reads the options from all sources of an environment.
     *
     * @throws OptionException if an option is unknown
     */
    static ComponentOptions read(Environment environment) {
        Map<String, String> nested = new LinkedHashMap<>();
        Map<String, String> direct = new LinkedHashMap<>();
        Binder.get(environment)
                .bind(PREFIX, Bindable.mapOf(String.class, String.class))
                .orElse(Map.of())
                .forEach((name, value) -> {
                    String plain = plain(name);
                    if (OPTIONS.containsKey(plain)) {
                        direct.put(OPTIONS.get(plain), value);
                    } else if (!SWITCHES.contains(plain)) {
                        nested.put(nested(name, plain), value);
                    }
                });
        return new ComponentOptions(ordered(nested, direct));
    }

    /**
     * Sets the options on the component.
     *
     * @throws OptionException if a value does not fit its option
     */
    void setOn(CamelContext camel, DynaStoreComponent component) {
        values.forEach((name, value) -> set(camel, component, name, value));
    }

    private static void set(CamelContext camel, DynaStoreComponent component, String name, String value) {
        try {
            PropertyBindingSupport.build()
                    .withConfigurer(CONFIGURER)
                    .withMandatory(true)
                    .bind(camel, component, name, value);
        } catch (PropertyBindingException e) {
            throw OptionException.unusable(PREFIX, StringHelper.camelCaseToDash(name), value, type(name), e);
        }
    }

    /**
     * A configuration bean comes first, as it would replace what other options set. Direct names come last: they win
     * over nested ones.
     */
    private static Map<String, String> ordered(Map<String, String> nested, Map<String, String> direct) {
        Map<String, String> all = new LinkedHashMap<>();
        if (direct.containsKey(CONFIGURATION)) {
            all.put(CONFIGURATION, direct.get(CONFIGURATION));
        }
        all.putAll(nested);
        all.putAll(direct);
        return all;
    }

    private static String nested(String name, String plain) {
        String option = plain.startsWith(CONFIGURATION)
                ? CONFIGURATION_OPTIONS.get(plain.substring(CONFIGURATION.length()))
                : null;
        if (option == null) {
            throw OptionException.unknown(PREFIX, name, similar(name));
        }
        return option;
    }

    private static List<String> similar(String name) {
        String option = StringHelper.dashToCamelCase(name.replaceFirst("^configuration[.]", ""));
        return Stream.of(DynaStoreConfiguration.class, DynaStoreComponent.class)
                .flatMap(bean ->
                        Arrays.stream(PropertyMatches.forProperty(option, bean).getPossibleMatches()))
                .filter(OPTIONS::containsValue)
                .map(StringHelper::camelCaseToDash)
                .toList();
    }

    /** The type's name for the user. Options of type long are durations in milliseconds; there are no others. */
    private static String type(String option) {
        Class<?> type = CONFIGURER.getOptionType(option, false);
        return type == long.class ? "Duration" : type.getSimpleName();
    }

    private static Map<String, String> options(Class<?> bean) {
        return Arrays.stream(BeanUtils.getPropertyDescriptors(bean))
                .map(PropertyDescriptor::getName)
                .filter(name -> CONFIGURER.getOptionType(name, false) != null)
                .collect(Collectors.toUnmodifiableMap(ComponentOptions::plain, Function.identity()));
    }

    /**
     * The name without case and separators, so that properties, YAML and environment variables name the same option.
     */
    private static String plain(String name) {
        return name.replaceAll("[-_.]", "").toLowerCase(Locale.ROOT);
    }
}
