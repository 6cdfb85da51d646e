/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.client;

import java.util.Map;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;

/** What the service has answered to a request that failed, in the words of health checks. */
public final class ServiceErrorDetails {

    private ServiceErrorDetails() {}

    /** Status and error code; empty if the service has not answered. */
    public static Map<String, Object> details(Throwable error) {
        for (Throwable cause = error; cause != null && cause != cause.getCause(); cause = cause.getCause()) {
            if (cause instanceof AwsServiceException refused) {
                AwsErrorDetails details = refused.awsErrorDetails();
                return details == null || details.errorCode() == null
                        ? Map.of("service.status.code", refused.statusCode())
                        : Map.of(
                                "service.status.code", refused.statusCode(), "service.error.code", details.errorCode());
            }
        }
        return Map.of();
    }
}
