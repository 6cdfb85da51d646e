/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.dynastore.test.DynamoDbExtension;
import io.dynastore.testkit.SettableClock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The file component uses the repository without an exchange, in several ways. */
class IdempotentFilesTest {

    @RegisterExtension
    static final DynamoDbExtension dynamo = DynamoDbExtension.create();

    private static final int FILES = 20;

    private final SettableClock clock = StateTests.clock();
    private final String table = dynamo.table("idempotent");
    private final List<IdempotentNode> nodes = new ArrayList<>();
    private final List<String> imported = new CopyOnWriteArrayList<>();

    @AfterEach
    void stop() {
        nodes.forEach(IdempotentNode::close);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "noop=true&idempotentRepository=#keys&idempotentEager=true",
                "delete=true&readLock=idempotent&idempotentRepository=#keys",
            })
    void twoNodesImportEachFileOnce(String options, @TempDir Path folder) throws Exception {
        node(folder, options);
        node(folder, options);

        for (int i = 0; i < FILES; i++) {
            Files.writeString(folder.resolve("file-" + i), "content");
        }

        StateTests.await().until(() -> imported.size() >= FILES);
        Files.writeString(folder.resolve("last"), "content");
        StateTests.await().until(() -> imported.contains("last"));
        assertThat(imported).hasSize(FILES + 1).doesNotHaveDuplicates();
    }

    private void node(Path folder, String options) throws Exception {
        IdempotentNode node = new IdempotentNode(dynamo, table, clock);
        nodes.add(node);
        node.repository.setInFlightWithoutExchange(options.contains("Eager"));
        node.context.getRegistry().bind("keys", node.repository);
        node.context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("file:" + folder + "?initialDelay=0&delay=20&" + options)
                        .process(exchange ->
                                imported.add(exchange.getMessage().getHeader("CamelFileName", String.class)));
            }
        });
        node.started();
    }
}
