/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.dynastore.test.DynamoDbExtension;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.file.FileConstants;
import org.apache.camel.component.file.GenericFile;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.resume.Resumable;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.apache.camel.support.resume.Resumables;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Camel's file consumer with positions on the table: over restarts, and on another node. */
class ResumeFilesTest {

    @RegisterExtension
    static final DynamoDbExtension dynamo = DynamoDbExtension.create();

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path directory;

    private final String table = dynamo.table("resume");
    private final List<CamelContext> nodes = new ArrayList<>();
    private final List<String> received = new CopyOnWriteArrayList<>();

    /** Marks a file of the directory as done. */
    private final Processor done = exchange -> {
        File file = exchange.getMessage().getBody(File.class);
        exchange.getMessage().setHeader(Exchange.OFFSET, Resumables.of(file.getParentFile(), file));
        received.add(file.getName());
    };

    @AfterEach
    void stop() {
        nodes.forEach(CamelContext::stop);
    }

    private String files() {
        return "file:" + directory + "?noop=true&idempotent=false&delay=20&initialDelay=0";
    }

    private DynaStoreResumeStrategy strategy() {
        DynaStoreResumeStrategy strategy = new DynaStoreResumeStrategy();
        strategy.setTableName(table);
        strategy.setName("files");
        strategy.setDynamoDbAsyncClient(dynamo.client());
        return strategy;
    }

    private CamelContext node(DynaStoreResumeStrategy strategy, Processor work) throws Exception {
        return node(new RouteBuilder() {
            @Override
            public void configure() {
                from(files()).routeId("files").resumable(strategy).process(work);
            }
        });
    }

    private CamelContext node(@Nullable RouteBuilder routes) throws Exception {
        DefaultCamelContext context = new DefaultCamelContext();
        context.getShutdownStrategy().setTimeout(5);
        context.getRegistry().bind("client", dynamo.client());
        nodes.add(context);
        if (routes != null) {
            context.addRoutes(routes);
        }
        context.start();
        return context;
    }

    private void write(String name) throws IOException {
        Files.writeString(directory.resolve(name), "0123456789");
    }

    private void awaitStored(int number) {
        StateTests.await().until(() -> dynamo.rawScan(table).size() >= number);
    }

    @Test
    void filesThatWereDoneAreNotReceivedAfterARestartOrOnAnotherNode() throws Exception {
        write("a.txt");
        write("b.txt");
        CamelContext first = node(strategy(), done);
        awaitStored(2);
        first.getRouteController().stopRoute("files");
        write("c.txt");
        received.clear();
        first.getRouteController().startRoute("files");
        awaitStored(3);
        first.stop();
        assertThat(received).as("after a restart of the route").containsExactly("c.txt");

        write("d.txt");
        received.clear();
        node(strategy(), done);
        awaitStored(4);
        assertThat(received).as("on another node").containsExactly("d.txt");
    }

    @Test
    void failedFileIsReceivedAgain() throws Exception {
        write("a.txt");
        CamelContext first = node(strategy(), exchange -> {
            done.process(exchange);
            throw new IllegalArgumentException("told so");
        });
        StateTests.await().until(() -> !received.isEmpty());
        first.stop();
        assertThat(dynamo.rawScan(table)).isEmpty();

        node(strategy(), done);
        awaitStored(1);
    }

    @Test
    void offsetWithinAFileIsGivenToAnotherNode() throws Exception {
        write("log.txt");
        CamelContext first = node(strategy(), exchange -> {
            GenericFile<?> file = exchange.getMessage().getBody(GenericFile.class);
            exchange.getMessage().setHeader(Exchange.OFFSET, Resumables.of(file.getFile(), 7L));
        });
        awaitStored(1);
        first.stop();

        node(strategy(), exchange -> {
            Resumable begin = exchange.getMessage().getHeader(FileConstants.INITIAL_OFFSET, Resumable.class);
            received.add(String.valueOf(begin.getLastOffset().getValue()));
            exchange.getMessage().setHeader(Exchange.OFFSET, begin);
        });

        StateTests.await().untilAsserted(() -> assertThat(received).isNotEmpty());
        assertThat(received).containsOnly("7");
    }

    @Test
    void routeMakesTheStrategyFromItsConfiguration() throws Exception {
        write("a.txt");
        node(new RouteBuilder() {
            @Override
            public void configure() {
                from(files())
                        .resumable()
                        .configuration(DynaStoreResumeStrategyConfiguration.builder()
                                .withTableName(table)
                                .withName("files"))
                        .process(done);
            }
        });

        awaitStored(1);
    }

    @Test
    void yamlRouteNamesItAsABean() throws Exception {
        write("a.txt");
        CamelContext context = node((RouteBuilder) null);
        context.getRegistry().bind("done", done);
        String yaml = """
                - beans:
                    - name: positions
                      type: io.dynastore.camel.state.DynaStoreResumeStrategy
                      properties:
                        tableName: %s
                        name: files
                        ttl: 30d
                - route:
                    from:
                      uri: %s
                      steps:
                        - resumable:
                            resumeStrategy: positions
                        - process:
                            ref: done
                """.formatted(table, files());
        PluginHelper.getRoutesLoader(context).loadRoutes(ResourceHelper.fromString("resume.yaml", yaml));

        awaitStored(1);
        assertThat(dynamo.rawScan(table)).singleElement().satisfies(item -> assertThat(item)
                .containsKey("expires"));
    }
}
