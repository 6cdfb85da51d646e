#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Apache Camel 4.18.0 and 4.22.0 (camel-core), JDK 17.
#
# A consumer has `bridgeErrorHandler=true` and reports an error. Its route has a dead letter channel that leads to
# another route by `direct`. That route has the default error handler, or `noErrorHandler()`.
#
# One would expect: the dead letter route runs its steps in both cases, as it does for an error of a step.
# Seen: with the default error handler it runs no step. The mark of the bridge is still on the exchange, so that the error
# handler of the dead letter route takes the exchange for a new failure. The dead letter channel then handles that
# failure too, and the exchange ends without an error: the message is nowhere. With `noErrorHandler()` the steps run.
#
# Prints for each version and case how often the dead letter route ran its step, and whether the bridged exchange ended
# with an error. Fails if one of them changes.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

cat > "$work/Main.java" <<'JAVA'
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.Consumer;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultComponent;
import org.apache.camel.support.DefaultConsumer;
import org.apache.camel.support.DefaultEndpoint;

public class Main {
    /** Its consumers do nothing but report errors. */
    static final class Failing extends DefaultComponent {
        volatile DefaultConsumer consumer;

        @Override
        protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters) {
            return new DefaultEndpoint(uri, this) {
                @Override
                public Producer createProducer() {
                    throw new UnsupportedOperationException();
                }

                @Override
                public Consumer createConsumer(Processor processor) throws Exception {
                    consumer = new DefaultConsumer(this, processor);
                    configureConsumer(consumer);
                    return consumer;
                }
            };
        }
    }

    public static void main(String[] args) throws Exception {
        for (String how : new String[] {"step", "bridged", "bridged,noErrorHandler"}) {
            AtomicInteger dead = new AtomicInteger();
            Failing failing = new Failing();
            try (DefaultCamelContext context = new DefaultCamelContext()) {
                context.addComponent("failing", failing);
                context.addRoutes(new RouteBuilder() {
                    @Override
                    public void configure() {
                        var route = from("direct:dead");
                        if (how.endsWith("noErrorHandler")) {
                            route.errorHandler(noErrorHandler());
                        }
                        route.process(exchange -> dead.incrementAndGet());
                        from("failing:x?bridgeErrorHandler=true")
                                .errorHandler(deadLetterChannel("direct:dead"))
                                .process(exchange -> {
                                    throw new IOException("of a step");
                                });
                    }
                });
                context.start();
                Exchange exchange = failing.consumer.createExchange(false);
                if (how.equals("step")) {
                    failing.consumer.getProcessor().process(exchange);
                } else {
                    failing.consumer.getExceptionHandler().handleException("", exchange, new IOException("bridged"));
                }
                System.out.print(how + "=" + dead + (exchange.getException() == null ? "" : " failed") + ";");
            }
        }
    }
}
JAVA

declare -A expected=(
    [4.18.0]="step=1;bridged=0;bridged,noErrorHandler=1;"
    [4.22.0]="step=1;bridged=0;bridged,noErrorHandler=1;"
)
for version in 4.18.0 4.22.0; do
    mkdir -p "$work/$version"
    cat > "$work/$version/pom.xml" <<XML
<project xmlns="http://maven.apache.org/POM/4.0.0">
    <modelVersion>4.0.0</modelVersion>
    <groupId>finding</groupId>
    <artifactId>finding</artifactId>
    <version>1</version>
    <dependencies>
        <dependency><groupId>org.apache.camel</groupId><artifactId>camel-core</artifactId><version>$version</version></dependency>
        <dependency><groupId>org.slf4j</groupId><artifactId>slf4j-nop</artifactId><version>2.0.17</version></dependency>
    </dependencies>
</project>
XML
    mvn -q -B -f "$work/$version/pom.xml" dependency:build-classpath -Dmdep.outputFile="$work/$version/classpath"
    seen=$(java -cp "$(cat "$work/$version/classpath")" "$work/Main.java")
    echo "camel $version: $seen"
    [[ "$seen" == "${expected[$version]}" ]] || { echo "changed" >&2; exit 1; }
done
