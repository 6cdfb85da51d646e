#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Apache Camel 4.18.0 and 4.22.0 (camel-core), JDK 17.
#
# An idempotent consumer with `skipDuplicate(false)` lets duplicates through, marked as such. Three messages have the same
# key: the first succeeds, the second is a duplicate whose step fails, the third succeeds.
#
# One would expect: the first message was processed, so that the third is a duplicate, whatever happened to the second.
# Seen: the failure of the second message, which did not add the key, removes it from the repository. The third message
# counts as the first of its key.
#
# Prints for each version which of the three was marked as a duplicate, and fails if that changes.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

cat > "$work/Main.java" <<'JAVA'
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.processor.idempotent.MemoryIdempotentRepository;

public class Main {
    public static void main(String[] args) throws Exception {
        try (DefaultCamelContext context = new DefaultCamelContext()) {
            context.addRoutes(new RouteBuilder() {
                @Override
                public void configure() {
                    from("direct:in")
                            .idempotentConsumer(header("key"), MemoryIdempotentRepository.memoryIdempotentRepository())
                            .skipDuplicate(false)
                            .process(exchange -> {
                                boolean duplicate = exchange.getProperty(Exchange.DUPLICATE_MESSAGE, false, boolean.class);
                                System.out.print(exchange.getMessage().getBody(String.class) + (duplicate ? "=duplicate " : "=new "));
                                if (exchange.getMessage().getBody(String.class).equals("second")) {
                                    throw new IllegalStateException("this one fails");
                                }
                            });
                }
            });
            context.start();
            for (String body : new String[] {"first", "second", "third"}) {
                context.createProducerTemplate().request("direct:in", e -> {
                    e.getMessage().setBody(body);
                    e.getMessage().setHeader("key", "4711");
                });
            }
        }
    }
}
JAVA

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
    [[ "$seen" == "first=new second=duplicate third=new " ]] || { echo "changed" >&2; exit 1; }
done
