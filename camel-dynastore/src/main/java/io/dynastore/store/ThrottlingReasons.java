/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.dynamodb.model.ProvisionedThroughputExceededException;
import software.amazon.awssdk.services.dynamodb.model.RequestLimitExceededException;
import software.amazon.awssdk.services.dynamodb.model.ThrottlingException;
import software.amazon.awssdk.services.dynamodb.model.ThrottlingReason;

/**
 * Why DynamoDB has throttled a request: which limit of which table, index or account it exceeded. Stateless.
 *
 * <p>A reason is a name such as {@code TableWriteProvisionedThroughputExceeded}. Engines and older versions of the
 * service name none.
 */
public final class ThrottlingReasons {

    /** In place of a reason if the service names none. */
    public static final String UNKNOWN = "unknown";

    /** What a name consists of. Others are not shown: a metric must not get a tag for each request. */
    private static final Pattern NAME = Pattern.compile("[A-Za-z]{1,80}");

    private ThrottlingReasons() {}

    /**
     * The names of the reasons, each once.
     *
     * @param error as it is, or in a {@code CompletionException}; null if there is none
     * @return empty if the request was not throttled; {@link #UNKNOWN} alone if it was, without a name
     */
    public static Set<String> names(@Nullable Throwable error) {
        if (!(error != null && Failures.cause(error) instanceof AwsServiceException refused)
                || !refused.isThrottlingException()) {
            return Set.of();
        }
        Set<String> names = new TreeSet<>();
        for (ThrottlingReason reason : reasons(refused)) {
            names.add(name(reason));
        }
        return names.isEmpty() ? Set.of(UNKNOWN) : names;
    }

    /**
     * The reasons for messages, each with the resource whose limit was exceeded.
     *
     * @param error as for {@link #names}
     * @return empty if there are none
     */
    public static String shown(@Nullable Throwable error) {
        if (!(error != null && Failures.cause(error) instanceof AwsServiceException refused)) {
            return "";
        }
        List<String> shown = new ArrayList<>();
        for (ThrottlingReason reason : reasons(refused)) {
            shown.add(name(reason) + (reason.resource() == null ? "" : " of " + Key.shown(reason.resource())));
        }
        return String.join(", ", shown);
    }

    private static String name(ThrottlingReason reason) {
        String name = reason.reason();
        return name != null && NAME.matcher(name).matches() ? name : UNKNOWN;
    }

    private static List<ThrottlingReason> reasons(AwsServiceException error) {
        if (error instanceof ProvisionedThroughputExceededException exceeded) {
            return exceeded.throttlingReasons();
        } else if (error instanceof ThrottlingException throttled) {
            return throttled.throttlingReasons();
        }
        return error instanceof RequestLimitExceededException limited ? limited.throttlingReasons() : List.of();
    }
}
