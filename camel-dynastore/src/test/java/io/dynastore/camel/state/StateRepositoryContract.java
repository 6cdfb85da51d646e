/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.state;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.spi.StateRepository;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What Camel's memory repository does, and so what each state repository has to do on one node. */
abstract class StateRepositoryContract {

    final DefaultCamelContext context = new DefaultCamelContext();
    StateRepository<String, String> repository;

    /** A repository without values, for {@link #context}. */
    abstract StateRepository<String, String> create();

    @BeforeEach
    void start() throws Exception {
        repository = create();
        context.addService(repository);
        context.start();
    }

    @AfterEach
    void stop() {
        context.stop();
    }

    @Test
    void unknownKeyHasNoValue() {
        assertThat(repository.getState("a")).isNull();
    }

    @Test
    void lastValueCounts() {
        repository.setState("a", "1");
        repository.setState("a", "2");
        repository.setState("b", "x");

        assertThat(repository.getState("a")).isEqualTo("2");
        repository.setState("a", "3");
        assertThat(repository.getState("a")).isEqualTo("3");
        assertThat(repository.getState("b")).isEqualTo("x");
    }

    @Test
    void anyTextIsAKeyAndAValue() {
        List<String> texts = List.of("", " ", "a/b", "ä€😀", "x".repeat(5000), "{\"a\":1}", "null", "7", "sha256/");

        texts.forEach(text -> repository.setState(text, text));

        assertThat(texts)
                .allSatisfy(text -> assertThat(repository.getState(text)).isEqualTo(text));
    }
}
