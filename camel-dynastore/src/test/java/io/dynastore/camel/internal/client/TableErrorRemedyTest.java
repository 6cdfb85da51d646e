/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.client;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;

class TableErrorRemedyTest {

    @Test
    void errorWithoutACodeHasNoRemedy() {
        assertThat(TableErrorLog.remedy(error(AwsErrorDetails.builder().build())))
                .isNull();
        assertThat(TableErrorLog.remedy(
                        DynamoDbException.builder().statusCode(503).build()))
                .isNull();
    }

    @Test
    void remedyForRejectedCredentialsNamesTheCode() {
        assertThat(TableErrorLog.remedy(error(AwsErrorDetails.builder()
                        .errorCode("ExpiredTokenException")
                        .build())))
                .contains("ExpiredTokenException");
    }

    private static Throwable error(AwsErrorDetails details) {
        return DynamoDbException.builder().awsErrorDetails(details).build();
    }
}
