#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Apache Camel 4.18.0 and 4.22.0 (camel-core), JDK 17.
#
# A body is an Iterator of 1,000 elements that is Closeable too. A split with `streaming` and `stopOnException` stops at
# the second element: because its step fails, because `onException(...).handled(true)` has handled the failure, because
# the step stops the route, or because the step marks the exchange for rollback only.
#
# One would expect: a streaming split that has stopped asks the iterator for no further element, and closes it.
# Seen: the split delivers two elements, then takes the other 998 out of the iterator, undelivered, and closes it. An
# iterator that reads a database page by page so reads all of it for nothing, unless it finds out that its exchange ended.
#
# Prints for each version and case how many elements were taken and how many delivered, and fails if one of them changes.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

cat > "$work/Main.java" <<'JAVA'
import java.io.Closeable;
import java.util.Iterator;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;

public class Main {
    static final class Elements implements Iterator<Integer>, Closeable {
        int taken;
        boolean closed;

        @Override
        public boolean hasNext() {
            return taken < 1000;
        }

        @Override
        public Integer next() {
            return ++taken;
        }

        @Override
        public void close() {
            closed = true;
        }
    }

    public static void main(String[] args) throws Exception {
        for (String how : new String[] {"fails", "handled", "stops", "rollback"}) {
            AtomicInteger delivered = new AtomicInteger();
            try (DefaultCamelContext context = new DefaultCamelContext()) {
                context.addRoutes(new RouteBuilder() {
                    @Override
                    public void configure() {
                        if (how.equals("handled")) {
                            onException(IllegalStateException.class).handled(true);
                        }
                        from("direct:in").split(body()).streaming().stopOnException().process(exchange -> {
                            delivered.incrementAndGet();
                            if (exchange.getMessage().getBody(Integer.class) == 2) {
                                switch (how) {
                                    case "stops" -> exchange.setRouteStop(true);
                                    case "rollback" -> exchange.setRollbackOnly(true);
                                    default -> throw new IllegalStateException("stop here");
                                }
                            }
                        });
                    }
                });
                context.start();
                Elements elements = new Elements();
                context.createProducerTemplate().request("direct:in", e -> e.getMessage().setBody(elements));
                System.out.print(how + "=" + elements.taken + "/" + delivered + (elements.closed ? "" : " open") + ";");
            }
        }
    }
}
JAVA

declare -A expected=(
    [4.18.0]="fails=1000/2;handled=1000/2;stops=1000/2;rollback=1000/2;"
    [4.22.0]="fails=1000/2;handled=1000/2;stops=1000/2;rollback=1000/2;"
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
