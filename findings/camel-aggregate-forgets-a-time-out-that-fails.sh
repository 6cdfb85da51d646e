#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Apache Camel 4.18.0 and 4.22.0 (camel-core), JDK 17.
#
# An aggregator with a completion time-out looks for overdue groups at an interval, one second by default. For an overdue
# group it asks its repository, which may be out of reach at that moment.
#
# One would expect: a group whose time-out could not be processed is still overdue at the next look, and is completed then.
# Seen: the time-out is removed before the repository is asked, and is not put back. The group stays in the repository, and
# no later look finds it, although the repository is well again. Nothing is logged at WARN or above. Other groups are not concerned.
#
# The repository of this program throws once, when it is asked for group a on the thread of the time-outs. Prints which
# groups were completed, and which are left after ten more looks. Fails if that changes.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

cat > "$work/Main.java" <<'JAVA'
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.builder.AggregationStrategies;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.processor.aggregate.MemoryAggregationRepository;

public class Main {

    static final int LOOK_MILLIS = 200;

    /** Fails once, as a store does that is out of reach for a moment. */
    static final class Repository extends MemoryAggregationRepository {
        final AtomicInteger failures = new AtomicInteger();

        @Override
        public Exchange get(CamelContext context, String key) {
            boolean timeout = Thread.currentThread().getName().contains("AggregateTimeoutChecker");
            if (timeout && key.equals("a") && failures.getAndIncrement() == 0) {
                throw new IllegalStateException("out of reach");
            }
            return super.get(context, key);
        }
    }

    public static void main(String[] args) throws Exception {
        Repository repository = new Repository();
        Set<String> completed = new ConcurrentSkipListSet<>();
        CountDownLatch others = new CountDownLatch(2);
        try (DefaultCamelContext context = new DefaultCamelContext()) {
            context.addRoutes(new RouteBuilder() {
                @Override
                public void configure() {
                    from("direct:in")
                            .aggregate(header("group"), AggregationStrategies.string())
                            .aggregationRepository(repository)
                            .completionTimeout(1000)
                            .completionTimeoutCheckerInterval(LOOK_MILLIS)
                            .process(exchange -> {
                                completed.add(exchange.getProperty("CamelAggregatedCorrelationKey", String.class));
                                others.countDown();
                            });
                }
            });
            context.start();
            ProducerTemplate template = context.createProducerTemplate();
            for (String group : new String[] {"a", "b", "c"}) {
                template.sendBodyAndHeader("direct:in", "message", "group", group);
            }
            others.await(1, TimeUnit.MINUTES);
            TimeUnit.MILLISECONDS.sleep(10 * LOOK_MILLIS);
            System.out.println("failed once: " + (repository.failures.get() > 0));
            System.out.println("completed: " + completed);
            System.out.println("left: " + new TreeSet<>(repository.getKeys()));
        }
    }
}
JAVA

cat > "$work/expected" <<'TEXT'
failed once: true
completed: [b, c]
left: [a]
warnings and errors logged: 0
TEXT

for version in 4.18.0 4.22.0; do
    folder=$work/$version
    mkdir -p "$folder"
    cat > "$folder/pom.xml" <<XML
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>finding</groupId>
  <artifactId>finding</artifactId>
  <version>1</version>
  <dependencies>
    <dependency>
      <groupId>org.apache.camel</groupId>
      <artifactId>camel-core</artifactId>
      <version>$version</version>
    </dependency>
    <dependency>
      <groupId>org.slf4j</groupId>
      <artifactId>slf4j-simple</artifactId>
      <version>2.0.17</version>
    </dependency>
  </dependencies>
</project>
XML
    mvn -B -ntp -q -f "$folder/pom.xml" dependency:build-classpath -Dmdep.outputFile="$folder/classpath"
    javac -d "$folder" -cp "$(cat "$folder/classpath")" "$work/Main.java"
    java -cp "$folder:$(cat "$folder/classpath")" Main > "$folder/seen" 2> "$folder/log"
    echo "warnings and errors logged: $(grep -cE ' (WARN|ERROR) ' "$folder/log" || true)" >> "$folder/seen"
    echo "Camel $version"
    cat "$folder/seen"
    diff "$work/expected" "$folder/seen"
done
