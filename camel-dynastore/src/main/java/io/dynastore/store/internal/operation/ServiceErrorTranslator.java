/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store.internal.operation;

import io.dynastore.store.Call;
import io.dynastore.store.ConditionalCall;
import io.dynastore.store.DynaStoreException;
import io.dynastore.store.Failures;
import io.dynastore.store.InvalidInputException;
import io.dynastore.store.InvalidTokenException;
import io.dynastore.store.ListCall;
import io.dynastore.store.ListOptions;
import io.dynastore.store.StreamCall;
import io.dynastore.store.TableSchema;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;

/**
 * Translates errors that only the service can know: its count of an item's size, what an index projects, that a stored
 * version is no number, that it rejects a position. The service has no error codes of their own for these, so that they
 * are recognised by their text. If that changes, users see the service's own exception.
 *
 * <p>Decision 3 in docs/decisions has the reasons.
 */
public final class ServiceErrorTranslator {

    private static final String TOO_LARGE = "Item size";
    private static final String NOT_A_NUMBER = "operand in the update expression has an incorrect data type";
    private static final String UNPROJECTED = "does not project";
    private static final String ANOTHER_KEY = "missed key schema element";
    private static final String BAD_START = "tarting key";

    private ServiceErrorTranslator() {}

    /**
     * The translation of an error of a write.
     *
     * @param place "Table tickets, key [customer, 1]", for example
     * @return null if there is none
     */
    static @Nullable DynaStoreException write(
            TableSchema schema, String place, @Nullable String message, Throwable cause) {
        if (message != null && message.contains(TOO_LARGE)) {
            return new InvalidInputException(
                    place
                            + ": the item is larger than the 400 KB that DynamoDB takes. Store the payload"
                            + " elsewhere and a reference here, or split it.",
                    cause);
        }
        return message != null && message.contains(NOT_A_NUMBER)
                ? new DynaStoreException(
                        place + ": the attribute '" + schema.version()
                                + "' is not a number. Correct the item, or give the version another name by"
                                + " versionName.",
                        cause)
                : null;
    }

    /** The error of a call, out of the wrappers of its stages. */
    public static Throwable translated(TableSchema schema, Call<?> call, Throwable error) {
        Throwable cause = Failures.cause(error);
        if (!(cause instanceof DynamoDbException refused) || refused.statusCode() != 400) {
            return cause;
        }
        String message = String.valueOf(refused.getMessage());
        DynaStoreException ours = null;
        if (call.operation().writes()) {
            String written = call instanceof ConditionalCall<?> one ? "key " + one.key() : "an item of the transaction";
            ours = write(schema, "Table " + schema.table() + ", " + written, message, refused);
        } else if (call instanceof ListCall list) {
            ours = list(schema, list.options(), message, refused);
        } else if (call instanceof StreamCall stream) {
            ours = list(schema, stream.list().options(), message, refused);
        }
        return ours == null ? cause : ours;
    }

    private static @Nullable DynaStoreException list(
            TableSchema schema, ListOptions list, String message, Throwable cause) {
        if (list.index() != null && message.contains(UNPROJECTED)) {
            return new DynaStoreException(
                    "Table " + schema.table() + ", index " + list.index() + ": the index does not project all of '"
                            + schema.version() + "', '" + schema.expires() + "' and '" + schema.payload()
                            + "'. Use fetch=true to read the items from the table, or project them.",
                    cause);
        }
        if (list.index() != null && message.contains(ANOTHER_KEY)) {
            return new InvalidInputException(
                    "Table " + schema.table() + ", index " + list.index() + ": the index has another key ("
                            + message.substring(message.indexOf(ANOTHER_KEY))
                                    .lines()
                                    .findFirst()
                                    .orElse("")
                            + "). Name its attributes by indexPartitionKeyName and indexSortKeyName. An index with"
                            + " more than one partition-key attribute can't be read.",
                    cause);
        }
        return list.nextToken() != null && message.contains(BAD_START)
                ? new InvalidTokenException(schema.table(), "does not fit this query")
                : null;
    }
}
