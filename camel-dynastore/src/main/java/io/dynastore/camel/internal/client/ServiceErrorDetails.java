/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.client;

import io.dynastore.store.ThrottlingReasons;
import java.util.HashMap;
import java.util.Map;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;

/** Details of the service's response to a failed request, under the names that Camel's health checks use. */
public final class ServiceErrorDetails {

    private ServiceErrorDetails() {}

    /**
     * The status code, the error code if there is one, and the reasons if the request was throttled. Empty if the error
     * is no response of the service.
     */
    public static Map<String, Object> details(Throwable error) {
        for (Throwable cause = error; cause != null && cause != cause.getCause(); cause = cause.getCause()) {
            if (cause instanceof AwsServiceException failure) {
                return details(failure);
            }
        }
        return Map.of();
    }

    private static Map<String, Object> details(AwsServiceException failure) {
        Map<String, Object> found = new HashMap<>();
        found.put("service.status.code", failure.statusCode());
        AwsErrorDetails details = failure.awsErrorDetails();
        if (details != null && details.errorCode() != null) {
            found.put("service.error.code", details.errorCode());
        }
        String reasons = ThrottlingReasons.shown(failure);
        if (!reasons.isEmpty()) {
            found.put("dynastore.throttling.reasons", reasons);
        }
        return found;
    }
}
