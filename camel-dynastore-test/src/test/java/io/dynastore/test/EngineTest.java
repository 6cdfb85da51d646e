/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.URI;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;

@ResourceLock(Resources.SYSTEM_PROPERTIES)
class EngineTest {

    private final String engine = System.getProperty(Engine.ENGINE, "");
    private final String endpoint = System.getProperty(Engine.ENDPOINT, "");

    @BeforeEach
    void startSharedEngineBeforePropertiesChange() {
        SharedDynamoDb.get();
    }

    @AfterEach
    void restoreProperties() {
        System.setProperty(Engine.ENGINE, engine);
        System.setProperty(Engine.ENDPOINT, endpoint);
    }

    @Test
    void givenEndpointWinsOverEngine() {
        System.setProperty(Engine.ENGINE, "container");
        System.setProperty(Engine.ENDPOINT, "http://localhost:1");

        assertThat(Engine.start().endpoint()).isEqualTo(URI.create("http://localhost:1"));
    }

    @Test
    void unknownEngineIsNamed() {
        System.setProperty(Engine.ENDPOINT, "");
        System.setProperty(Engine.ENGINE, "stone tablets");

        assertThatIllegalArgumentException().isThrownBy(Engine::start).withMessageContaining("stone tablets");
    }
}
