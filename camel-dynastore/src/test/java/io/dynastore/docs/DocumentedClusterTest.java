/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.dynastore.test.DynamoDbExtension;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.main.Main;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The properties of leader election in docs/locks.md work; only the table is another one. */
class DocumentedClusterTest {

    @RegisterExtension
    static final DynamoDbExtension dynamo = DynamoDbExtension.create();

    @Test
    void electsALeader() throws Exception {
        CountDownLatch led = new CountDownLatch(1);
        Main camel = new Main();
        camel.setPropertyPlaceholderLocations("classpath:docs/cluster.properties");
        dynamo.componentProperties().forEach(camel::addOverrideProperty);
        camel.addOverrideProperty("camel.beans.cluster.tableName", dynamo.table("cluster"));
        camel.configure().addRoutesBuilder(new RouteBuilder() {
            @Override
            public void configure() {
                from("master:jobs:timer:nightly").process(exchange -> led.countDown());
            }
        });
        camel.start();
        try {
            assertThat(led.await(20, TimeUnit.SECONDS)).isTrue();
        } finally {
            camel.stop();
        }
    }
}
