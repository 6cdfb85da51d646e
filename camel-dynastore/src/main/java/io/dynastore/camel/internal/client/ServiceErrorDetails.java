/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.client;

import java.util.Map;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;

/** Details of the service's response to a failed request, under the names that Camel's health checks use. */
public final class ServiceErrorDetails {

    private ServiceErrorDetails() {}

    /** The status code, and the error code if there is one. Empty if the error is no response of the service. */
    public static Map<String, Object> details(Throwable error) {
        for (Throwable cause = error; cause != null && cause != cause.getCause(); cause = cause.getCause()) {
            if (cause instanceof AwsServiceException failure) {
                AwsErrorDetails details = failure.awsErrorDetails();
                return details == null || details.errorCode() == null
                        ? Map.of("service.status.code", failure.statusCode())
                        : Map.of(
                                "service.status.code", failure.statusCode(), "service.error.code", details.errorCode());
            }
        }
        return Map.of();
    }
}
