/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store.internal.operation;

import io.dynastore.store.Call;
import io.dynastore.store.DynaStoreException;
import io.dynastore.store.InvalidInputException;
import io.dynastore.store.InvalidTokenException;
import io.dynastore.store.Operation;
import io.dynastore.store.TableSchema;
import io.dynastore.store.internal.item.ConditionFailures;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;

/**
 * Puts into our words what only the service can know: its count of an item's size, what an index projects, that a stored
 * version is no number, its view of a position. The service has no error codes of its own for these, so that they are known by their text; should that change,
 * its own exception is what users see.
 */
public final class ServiceErrorTranslator {

    private static final String TOO_LARGE = "Item size";
    private static final String NOT_A_NUMBER = "operand in the update expression has an incorrect data type";
    private static final String UNPROJECTED = "does not project";
    private static final String BAD_START = "tarting key";

    private ServiceErrorTranslator() {}

    /**
     * Our words for the service's about a write.
     *
     * @param place "Table tickets, key [customer, 1]", for example
     * @return null if we have none
     */
    static @Nullable DynaStoreException write(
            TableSchema schema, String place, @Nullable String message, Throwable cause) {
        if (message != null && message.contains(TOO_LARGE)) {
            return new InvalidInputException(
                    place
                            + ": the item is larger than the 400 KB that DynamoDB takes. Store the payload elsewhere and a"
                            + " reference here, or split it.",
                    cause);
        }
        return message != null && message.contains(NOT_A_NUMBER)
                ? new DynaStoreException(
                        place + ": the attribute '" + schema.version()
                                + "' is not a number. Correct the item, or give the version another name by versionName.",
                        cause)
                : null;
    }

    /** The error of a call, out of the wrappers of its stages. */
    public static Throwable translated(TableSchema schema, Call call, Throwable error) {
        Throwable cause = ConditionFailures.cause(error);
        if (!(cause instanceof DynamoDbException refused) || refused.statusCode() != 400) {
            return cause;
        }
        String message = String.valueOf(refused.getMessage());
        if (call.operation().writes()) {
            String key = call.operation() == Operation.TRANSACT ? "an item of the transaction" : "key " + call.key();
            DynaStoreException ours = write(schema, "Table " + schema.table() + ", " + key, message, refused);
            return ours == null ? cause : ours;
        }
        if (call.index() != null && message.contains(UNPROJECTED)) {
            return new DynaStoreException(
                    "Table " + schema.table() + ", index " + call.index() + ": the index does not project all of '"
                            + schema.version() + "', '" + schema.expires() + "' and '" + schema.payload()
                            + "'. Use fetch=true to read the items from the table, or project them.",
                    refused);
        }
        return call.nextToken() != null && message.contains(BAD_START)
                ? new InvalidTokenException(schema.table(), "does not fit this query")
                : cause;
    }
}
