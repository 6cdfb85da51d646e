#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Apache Camel 4.18.0 and 4.22.0 (camel-core, camel-seda), JDK 17.
#
# An exchange has the properties `seen` and `mine`. A step takes in a message without an aggregation strategy: either
# `pollEnrich` from a seda queue, or `poll` from it. The message was sent by another exchange, which has a property `seen`
# of its own.
#
# One would expect: the message of the other exchange is taken in, and the properties stay those of the exchange that
# asked, since a property belongs to its exchange.
# Seen: `seen` is the value of the other exchange afterwards, with both. `mine`, which the other exchange lacks, stays.
#
# A component that keeps what an exchange holds in a property (a lock, a version) finds that of another exchange.
#
# Prints one line a version and fails if one of them changes.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

cat > "$work/Main.java" <<'JAVA'
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;

public class Main {
    public static void main(String[] args) throws Exception {
        try (DefaultCamelContext context = new DefaultCamelContext()) {
            context.addRoutes(new RouteBuilder() {
                @Override
                public void configure() {
                    from("direct:sender").setProperty("seen", constant("of the other")).to("seda:other?waitForTaskToComplete=Never");
                    from("direct:in").setProperty("seen", constant("of the route")).setProperty("mine", constant("kept"))
                            .pollEnrich("seda:other", 10_000);
                    from("direct:poll").setProperty("seen", constant("of the route")).setProperty("mine", constant("kept"))
                            .poll("seda:other", 10_000);
                }
            });
            context.start();
            for (String step : new String[] {"direct:in", "direct:poll"}) {
                context.createProducerTemplate().sendBody("direct:sender", "other");
                Exchange result = context.createProducerTemplate().request(step, e -> e.getMessage().setBody("body"));
                System.out.print("seen=" + result.getProperty("seen") + " mine=" + result.getProperty("mine") + ";");
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
    [[ "$seen" == "seen=of the other mine=kept;seen=of the other mine=kept;" ]] || { echo "changed" >&2; exit 1; }
done
