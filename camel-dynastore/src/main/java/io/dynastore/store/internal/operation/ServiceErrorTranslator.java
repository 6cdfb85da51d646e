/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store.internal.operation;

import io.dynastore.store.Call;
import io.dynastore.store.ConditionalCall;
import io.dynastore.store.DynaStoreException;
import io.dynastore.store.ExistsCall;
import io.dynastore.store.Failures;
import io.dynastore.store.GetCall;
import io.dynastore.store.InvalidInputException;
import io.dynastore.store.InvalidTokenException;
import io.dynastore.store.ListCall;
import io.dynastore.store.ListOptions;
import io.dynastore.store.StreamCall;
import io.dynastore.store.TableSchema;
import io.dynastore.store.internal.item.InvalidRequests;
import java.util.List;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;

/**
 * Translates errors that only the service can know: its count of an item's size, what an index projects, that a stored
 * version is no number, that it rejects a position. The service has no error codes of their own for these, so that they
 * are recognised by their text. Whatever else the service finds invalid is reported with its own words and a remedy.
 *
 * <p>Decision 3 in docs/decisions has the reasons.
 */
public final class ServiceErrorTranslator {

    private static final String TOO_LARGE = "Item size";
    private static final String NOT_A_NUMBER = "operand in the update expression has an incorrect data type";
    private static final String UNPROJECTED = "does not project";
    private static final String NOT_WHOLE = "ALL_ATTRIBUTES";
    private static final List<String> ANOTHER_KEY =
            List.of("missed key schema element", "must have equality conditions");
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
        ListOptions list = options(call);
        DynaStoreException ours = null;
        if (call.operation().writes()) {
            ours = write(schema, place(schema, call), message, refused);
        } else if (list != null) {
            ours = list(schema, list, message, refused);
        }
        if (ours == null && InvalidRequests.isOne(refused)) {
            ours = InvalidRequests.error(
                    place(schema, call),
                    InvalidRequests.reason(refused),
                    list != null && list.index() != null,
                    refused);
        }
        return ours == null ? cause : ours;
    }

    /** Where a call failed: the table, and the key or the index if there is one. */
    private static String place(TableSchema schema, Call<?> call) {
        String table = "Table " + schema.table();
        ListOptions list = options(call);
        if (list != null) {
            return table + (list.index() == null ? "" : ", index " + list.index());
        }
        if (call instanceof ConditionalCall<?> one) {
            return table + ", key " + one.key();
        }
        if (call instanceof GetCall get) {
            return table + ", key " + get.key();
        }
        if (call instanceof ExistsCall exists) {
            return table + ", key " + exists.key();
        }
        return table + (call.operation().writes() ? ", an item of the transaction" : "");
    }

    /** The options of a list; null if the call is none. */
    public static @Nullable ListOptions options(Call<?> call) {
        return call instanceof ListCall list
                ? list.options()
                : call instanceof StreamCall stream ? stream.list().options() : null;
    }

    /** That the list names other attributes, too. */
    private static String named(ListOptions list) {
        return list.filter().isEmpty() && list.fields().all() ? "" : ", and of the fields of this list";
    }

    private static @Nullable DynaStoreException list(
            TableSchema schema, ListOptions list, String message, Throwable cause) {
        if (list.index() != null && message.contains(UNPROJECTED)) {
            return new DynaStoreException(
                    "Table " + schema.table() + ", index " + list.index() + ": the index does not project all of '"
                            + schema.version() + "', '" + schema.expires() + "' and '" + schema.payload()
                            + "'" + named(list) + ". Use fetch=true to read the items from the table, or project them.",
                    cause);
        }
        if (list.index() != null && message.contains(NOT_WHOLE)) {
            return new DynaStoreException(
                    "Table " + schema.table() + ", index " + list.index() + ": the index does not project all"
                            + " attributes, which are the payload of a flat item. Use fetch=true to read the items"
                            + " from the table, or project all.",
                    cause);
        }
        if (list.index() != null && ANOTHER_KEY.stream().anyMatch(message::contains)) {
            return new InvalidInputException(
                    "Table " + schema.table() + ", index " + list.index() + ": the index has another key ("
                            + InvalidRequests.reason(cause)
                            + "). Name all its attributes by indexPartitionKeyName and indexSortKeyName.",
                    cause);
        }
        return list.nextToken() != null && message.contains(BAD_START)
                ? new InvalidTokenException(schema.table(), "does not fit this query")
                : null;
    }
}
