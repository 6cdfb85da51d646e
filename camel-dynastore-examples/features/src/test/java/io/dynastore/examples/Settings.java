/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.examples;

import io.dynastore.test.DynamoDbExtension;
import java.util.Properties;

/** The properties with which a user runs an example on another engine. */
final class Settings {

    private Settings() {}

    static Properties of(DynamoDbExtension dynamo, String table) {
        Properties settings = new Properties();
        settings.setProperty("example.table", table);
        settings.setProperty("camel.component.dynastore.region", "eu-central-1");
        settings.setProperty("camel.component.dynastore.overrideEndpoint", "true");
        settings.setProperty(
                "camel.component.dynastore.uriEndpointOverride",
                dynamo.endpoint().toString());
        settings.setProperty("camel.component.dynastore.accessKey", "any");
        settings.setProperty("camel.component.dynastore.secretKey", "any");
        return settings;
    }
}
