/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store;

import org.jspecify.annotations.Nullable;

/** What can be done with items. The names that routes use are these in camel case. */
public enum Operation {
    /** Write an item whose key no live item has. */
    CREATE("create"),
    /** Create an item, or update the live one. */
    PUT("put"),
    /** Read one item. */
    GET("get"),
    /** Ask for one item without transferring its payload. */
    EXISTS("exists"),
    /** Replace the payload of a live item. */
    UPDATE("update"),
    /** Delete a live item. */
    DELETE("delete"),
    /** Read the items of one partition in sort-key order, page by page. */
    LIST("list"),
    /** Read many items by their keys. */
    BATCH_GET("batchGet"),
    /** Carry out up to 100 writes and checks, all or none. */
    TRANSACT("transact"),
    /** Put any number of items, each under its own condition. */
    PUT_ALL("putAll"),
    /** Create any number of items, each under its own condition. */
    CREATE_ALL("createAll"),
    /** Delete any number of items, each under its own condition. */
    DELETE_ALL("deleteAll");

    private final String text;

    Operation(String text) {
        this.text = text;
    }

    /** The name that URIs, headers and metrics use. */
    public String text() {
        return text;
    }

    /** Whether the operation changes items. */
    public boolean writes() {
        return switch (this) {
            case CREATE, PUT, UPDATE, DELETE, TRANSACT, PUT_ALL, CREATE_ALL, DELETE_ALL -> true;
            case GET, EXISTS, LIST, BATCH_GET -> false;
        };
    }

    /** The key of a call, which this operation needs. */
    Key required(@Nullable Key key) {
        if (key == null) {
            throw new InvalidInputException("No partition key: give one for operation " + text + ".");
        }
        return key;
    }
}
