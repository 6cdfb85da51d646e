#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# AWS SDK for Java 2.54.13 (dynamodb, netty-nio-client), JDK 17.
#
# A DynamoDbAsyncClient has apiCallTimeout 30 s and apiCallAttemptTimeout 10 s, and its default scheduler. It sends 1,000
# GetItem requests, 20 at a time, to an endpoint on this machine that responds at once.
#
# One would expect: a time-out goes with its request, so that none is left when all futures have completed.
# Seen: all 2,000 time-outs are still in memory, cancelled, until their 10 and 30 seconds are over. A client that does
# 10,000 requests a second keeps some 400,000 of them, each with what it refers to, and wakes a thread for each at its
# end. A ScheduledThreadPoolExecutor with setRemoveOnCancelPolicy(true), given as scheduledExecutorService, keeps none.
#
# Prints the number of time-outs left with either scheduler, and fails if that changes.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

cat > "$work/pom.xml" <<'XML'
<project xmlns="http://maven.apache.org/POM/4.0.0">
    <modelVersion>4.0.0</modelVersion>
    <groupId>finding</groupId>
    <artifactId>finding</artifactId>
    <version>1</version>
    <dependencies>
        <dependency><groupId>software.amazon.awssdk</groupId><artifactId>dynamodb</artifactId><version>2.54.13</version></dependency>
        <dependency><groupId>org.slf4j</groupId><artifactId>slf4j-nop</artifactId><version>1.7.36</version></dependency>
    </dependencies>
</project>
XML

cat > "$work/Main.java" <<'JAVA'
import com.sun.net.httpserver.HttpServer;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.stream.Stream;
import javax.management.ObjectName;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

public class Main {
    public static void main(String[] args) throws Exception {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newFixedThreadPool(4));
        server.createContext("/", exchange -> {
            exchange.getRequestBody().readAllBytes();
            exchange.getResponseHeaders().add("Content-Type", "application/x-amz-json-1.0");
            exchange.sendResponseHeaders(200, 2);
            exchange.getResponseBody().write("{}".getBytes());
            exchange.close();
        });
        server.start();
        URI endpoint = URI.create("http://localhost:" + server.getAddress().getPort());
        long byDefault = left(endpoint, false);
        long removing = left(endpoint, true);
        System.out.println("default " + (byDefault >= 1900 ? "all" : byDefault) + ", removing " + (removing < 100 ? "none" : removing));
        System.exit(0);
    }

    private static long left(URI endpoint, boolean removing) throws Exception {
        ScheduledThreadPoolExecutor scheduler = new ScheduledThreadPoolExecutor(1);
        scheduler.setRemoveOnCancelPolicy(true);
        long before = timeOuts();
        DynamoDbAsyncClient client = DynamoDbAsyncClient.builder()
                .endpointOverride(endpoint)
                .region(Region.US_EAST_1)
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("any", "any")))
                .overrideConfiguration(settings -> {
                    settings.apiCallTimeout(Duration.ofSeconds(30)).apiCallAttemptTimeout(Duration.ofSeconds(10));
                    if (removing) {
                        settings.scheduledExecutorService(scheduler);
                    }
                })
                .build();
        for (int i = 0; i < 50; i++) {
            CompletableFuture.allOf(Stream.generate(() -> client.getItem(
                                    get -> get.tableName("any").key(Map.of("id", AttributeValue.fromS("1")))))
                            .limit(20)
                            .toArray(CompletableFuture<?>[]::new))
                    .get();
        }
        return timeOuts() - before;
    }

    /** The scheduled tasks that are reachable, by the class histogram of a full collection. */
    private static long timeOuts() throws Exception {
        String histogram = (String) ManagementFactory.getPlatformMBeanServer()
                .invoke(
                        new ObjectName("com.sun.management:type=DiagnosticCommand"),
                        "gcClassHistogram",
                        new Object[] {new String[] {}},
                        new String[] {String[].class.getName()});
        return histogram.lines()
                .filter(line -> line.contains("ScheduledThreadPoolExecutor$ScheduledFutureTask "))
                .mapToLong(line -> Long.parseLong(line.trim().split("\\s+")[1]))
                .sum();
    }
}
JAVA

mvn -q -B -f "$work/pom.xml" dependency:build-classpath -Dmdep.outputFile="$work/classpath"
seen=$(java -cp "$(cat "$work/classpath")" "$work/Main.java")
echo "$seen"
[[ "$seen" == "default all, removing none" ]] || { echo "changed" >&2; exit 1; }
