/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/** The generated parts of the component's page: the catalog in AsciiDoc, in the form of Camel's own pages. */
final class ComponentPage {

    private static final String TABLE =
            "[width=\"100%%\",cols=\"2,5,^1,2\",options=\"header\"]%n|===%n| Name | Description | Default |"
                    + " Type%n%s|===%n";

    private final JsonNode catalog;

    ComponentPage(JsonNode catalog) {
        this.catalog = catalog;
    }

    /** Title and attributes of the page. */
    String header() {
        JsonNode component = catalog.get("component");
        return """

                = %1$s Component
                :doctitle: %1$s
                :shortname: %2$s
                :artifactid: %3$s
                :description: %4$s
                :since: %5$s
                :supportlevel: %6$s
                :component-header: Both producer and consumer are supported

                """.formatted(
                        component.get("title").textValue(),
                        component.get("scheme").textValue(),
                        component.get("artifactId").textValue(),
                        component.get("description").textValue(),
                        component.get("firstVersion").textValue(),
                        component.get("supportLevel").textValue());
    }

    String componentOptions() {
        return "\n" + options(catalog.get("componentProperties"), option -> true);
    }

    String endpointOptions() {
        JsonNode properties = catalog.get("properties");
        return "\n.Path parameters\n"
                + options(properties, option -> kind(option).equals("path")) + "\n.Query parameters\n"
                + options(properties, option -> kind(option).equals("parameter"));
    }

    String headers() {
        return "\n" + options(catalog.get("headers"), header -> true);
    }

    private static String kind(JsonNode option) {
        return option.get("kind").textValue();
    }

    private static String options(JsonNode options, Predicate<JsonNode> chosen) {
        return TABLE.formatted(options.properties().stream()
                        .filter(option -> chosen.test(option.getValue()))
                        .map(ComponentPage::row)
                        .collect(Collectors.joining()))
                + "\n";
    }

    private static String row(Map.Entry<String, JsonNode> option) {
        JsonNode value = option.getValue();
        String group = value.path("group").asText("");
        return "| *%s*%s%s | %s%s | %s | %s%n"
                .formatted(
                        option.getKey(),
                        group.isEmpty() ? "" : " (" + group + ")",
                        value.path("required").asBoolean() ? " *Required*" : "",
                        escaped(value.get("description").textValue()),
                        values(value),
                        escaped(value.path("defaultValue").asText("")),
                        type(value));
    }

    private static String values(JsonNode option) {
        if (!option.has("enum")) {
            return "";
        }
        return StreamSupport.stream(option.get("enum").spliterator(), false)
                .map(value -> "`" + value.textValue() + "`")
                .collect(Collectors.joining(", ", " Enum values: ", "."));
    }

    private static String type(JsonNode option) {
        if (option.path("type").asText().equals("duration")) {
            return "Duration";
        }
        String type = option.get("javaType").textValue().replaceAll("<.*", "");
        return type.substring(type.lastIndexOf('.') + 1);
    }

    private static String escaped(String text) {
        return text.replace("|", "\\|");
    }
}
