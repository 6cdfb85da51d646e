/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.examples;

import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;

/** Placeholder: asks an embedded DynamoDB which tables it has. */
public final class MainJob {

    private MainJob() {}

    public static void main(String[] args) {
        try (EmbeddedDynamoDb dynamo = EmbeddedDynamoDb.start();
                DynamoDbAsyncClient client = DynamoDbAsyncClient.builder()
                        .endpointOverride(dynamo.endpoint())
                        .region(Region.EU_CENTRAL_1)
                        .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("any", "any")))
                        .build()) {
            System.out.println("greeting=" + System.getProperty("greeting", "none"));
            System.out.println("tables=" + client.listTables().join().tableNames());
        }
    }
}
