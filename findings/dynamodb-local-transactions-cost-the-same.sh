#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# DynamoDB Local 3.3.1 (software.amazon.dynamodb) and 2.6.1 (com.amazonaws), AWS SDK for Java 2.54.13, JDK 17.
#
# TransactWriteItems with one, two and ten puts of a few bytes, with ReturnConsumedCapacity=TOTAL.
#
# One would expect: two write units for each item, as DynamoDB documents for transactions of items up to 1 KB: 2, 4, 20.
# Seen: 3.3.1 reports 2 units for each of the three, and 2.6.1 reports 4. So a test that compares the cost of a
# transaction with that of single writes proves nothing, and the two versions differ by a factor of two.
#
# Prints the units of each version, and fails if they change.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

cat > "$work/Main.java" <<'JAVA'
import java.net.ServerSocket;
import java.net.URI;
import java.util.Map;
import java.util.StringJoiner;
import java.util.stream.IntStream;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.ReturnConsumedCapacity;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;

public class Main {
    public static void main(String[] args) throws Exception {
        int port;
        try (ServerSocket socket = new ServerSocket(0)) {
            port = socket.getLocalPort();
        }
        Class.forName(args[0])
                .getMethod("main", String[].class)
                .invoke(null, (Object) new String[] {"-inMemory", "-disableTelemetry", "-port", String.valueOf(port)});
        DynamoDbAsyncClient client = DynamoDbAsyncClient.builder()
                .endpointOverride(URI.create("http://localhost:" + port))
                .region(Region.US_EAST_1)
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("any", "any")))
                .build();
        client.createTable(table -> table.tableName("costs")
                        .billingMode(BillingMode.PAY_PER_REQUEST)
                        .keySchema(KeySchemaElement.builder().attributeName("id").keyType("HASH").build())
                        .attributeDefinitions(AttributeDefinition.builder().attributeName("id").attributeType("S").build()))
                .join();
        StringJoiner units = new StringJoiner(" ");
        for (int items : new int[] {1, 2, 10}) {
            units.add(client.transactWriteItems(all -> all.returnConsumedCapacity(ReturnConsumedCapacity.TOTAL)
                            .transactItems(IntStream.range(0, items)
                                    .mapToObj(i -> TransactWriteItem.builder()
                                            .put(put -> put.tableName("costs")
                                                    .item(Map.of("id", AttributeValue.fromS("item-" + i))))
                                            .build())
                                    .toList()))
                    .join()
                    .consumedCapacity()
                    .get(0)
                    .capacityUnits()
                    .toString());
        }
        System.out.println("units " + units);
        System.exit(0);
    }
}
JAVA

seen() { # group version main
    cat > "$work/pom.xml" <<XML
<project xmlns="http://maven.apache.org/POM/4.0.0">
    <modelVersion>4.0.0</modelVersion>
    <groupId>finding</groupId>
    <artifactId>finding</artifactId>
    <version>1</version>
    <dependencies>
        <dependency><groupId>software.amazon.awssdk</groupId><artifactId>dynamodb</artifactId><version>2.54.13</version></dependency>
        <dependency>
            <groupId>$1</groupId><artifactId>DynamoDBLocal</artifactId><version>$2</version>
            <exclusions>
                <exclusion><groupId>com.almworks.sqlite4java</groupId><artifactId>*</artifactId></exclusion>
                <exclusion><groupId>com.amazon.ion</groupId><artifactId>ion-java</artifactId></exclusion>
            </exclusions>
        </dependency>
        <dependency><groupId>com.almworks.sqlite4java</groupId><artifactId>sqlite4java</artifactId><version>1.0.392</version></dependency>
    </dependencies>
    <dependencyManagement>
        <dependencies>
            <dependency>
                <groupId>software.amazon.awssdk</groupId><artifactId>bom</artifactId><version>2.54.13</version>
                <type>pom</type><scope>import</scope>
            </dependency>
        </dependencies>
    </dependencyManagement>
</project>
XML
    mvn -q -B -f "$work/pom.xml" dependency:build-classpath -Dmdep.outputFile="$work/classpath" >&2
    echo "$2: $(java -cp "$(cat "$work/classpath")" "$work/Main.java" "$3" 2> /dev/null | grep units)"
}

all=$(seen com.amazonaws 2.6.1 com.amazonaws.services.dynamodbv2.local.main.ServerRunner
    seen software.amazon.dynamodb 3.3.1 software.amazon.dynamodb.services.local.main.ServerRunner)
echo "$all"
expected='2.6.1: units 4.0 4.0 4.0
3.3.1: units 2.0 2.0 2.0'
[[ "$all" == "$expected" ]] || { echo "changed" >&2; exit 1; }
