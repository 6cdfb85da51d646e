/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store.internal.item;

import io.dynastore.store.InvalidInputException;
import io.dynastore.store.Key;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;

/** Reports requests that the service found invalid, in its own words and with a remedy. Stateless. */
public final class InvalidRequests {

    private static final String INVALID = "ValidationException";

    private InvalidRequests() {}

    /** Whether the service found the request invalid. */
    public static boolean isOne(Throwable cause) {
        return cause instanceof DynamoDbException error
                && error.awsErrorDetails() != null
                && INVALID.equals(error.awsErrorDetails().errorCode());
    }

    /**
     * The error for a request that the service found invalid, with its reason.
     *
     * @param place "Table tickets, key [customer, 1]", for example
     * @param message the reason in the service's words, as of {@link #reason}
     * @param index whether an index was read
     */
    public static InvalidInputException error(String place, String message, boolean index, Throwable cause) {
        return new InvalidInputException(
                place + ": DynamoDB rejects the request (" + Key.shown(message) + "). " + remedy(message, index, cause),
                cause);
    }

    /** The reason in the service's words, without the numbers of the request that the SDK adds. */
    public static String reason(Throwable cause) {
        String alone = cause instanceof DynamoDbException error && error.awsErrorDetails() != null
                ? error.awsErrorDetails().errorMessage()
                : null;
        return alone == null ? String.valueOf(cause.getMessage()) : alone;
    }

    private static String remedy(String message, boolean index, Throwable cause) {
        if (KeySchemaErrors.isOne(cause) || message.contains("missed key")) {
            return index
                    ? "Name the keys of the index by indexPartitionKeyName, indexSortKeyName and their types."
                    : "Describe the table's key by partitionKeyName, partitionKeyType, sortKeyName (none without one)"
                            + " and sortKeyType.";
        }
        return message.contains("specified index")
                ? "Correct the option index."
                : "Correct the value or the option. A field that is the key of an index has to have the index's type,"
                        + " and may not be empty.";
    }
}
