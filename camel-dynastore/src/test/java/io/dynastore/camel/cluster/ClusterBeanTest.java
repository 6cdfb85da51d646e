/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.dynastore.test.DynamoDbExtension;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.camel.CamelContext;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.main.Main;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The cluster service as a bean of Camel Main, however it is declared. */
class ClusterBeanTest {

    private static final String CLASS = DynaStoreClusterService.class.getName();

    @RegisterExtension
    static final DynamoDbExtension dynamo = DynamoDbExtension.create();

    private final Main camel = new Main();
    private final CountDownLatch led = new CountDownLatch(1);
    private String table;

    @BeforeEach
    void leadToTheEngine() {
        table = dynamo.table("cluster");
        dynamo.componentProperties().forEach(camel::addOverrideProperty);
    }

    @AfterEach
    void stop() {
        camel.stop();
    }

    @Test
    void leadsWhenPropertiesDeclareIt() throws Exception {
        camel.addOverrideProperty("camel.beans.cluster", "#class:" + CLASS);
        camel.addOverrideProperty("camel.beans.cluster.tableName", table);
        camel.addOverrideProperty("camel.beans.cluster.lockTtl", "12s");
        camel.configure().addRoutesBuilder(masterRoute());

        camel.start();

        assertThat(led.await(20, TimeUnit.SECONDS)).isTrue();
        assertThat(service().getLockTtl()).isEqualTo(Duration.ofSeconds(12));
    }

    @Test
    void leadsWhenYamlDeclaresIt() throws Exception {
        camel.addOverrideProperty("test.table", table);
        camel.bind("led", led);
        camel.configure().setRoutesIncludePattern("classpath:cluster-bean.yaml");

        camel.start();

        assertThat(led.await(20, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void leadsWhenItIsBound() throws Exception {
        DynaStoreClusterService bound = new DynaStoreClusterService();
        bound.setTableName(table);
        camel.bind("cluster", bound);
        camel.configure().addRoutesBuilder(masterRoute());

        camel.start();

        assertThat(led.await(20, TimeUnit.SECONDS)).isTrue();
        assertThat(service()).isSameAs(bound);
    }

    private DynaStoreClusterService service() {
        CamelContext context = camel.getCamelContext();
        assertThat(context.hasServices(DynaStoreClusterService.class)).hasSize(1);
        return context.hasService(DynaStoreClusterService.class);
    }

    private RouteBuilder masterRoute() {
        return new RouteBuilder() {
            @Override
            public void configure() {
                from("master:jobs:timer:tick?delay=0&period=100").process(exchange -> led.countDown());
            }
        };
    }
}
