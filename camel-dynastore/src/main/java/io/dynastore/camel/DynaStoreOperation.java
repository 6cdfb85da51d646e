/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel;

import io.dynastore.store.Operation;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a producer can do. The names that routes use are these in camel case. */
public enum DynaStoreOperation {
    /** Write an item whose key no live item has. */
    CREATE(Operation.CREATE),
    /** Create an item, or update the live one. */
    PUT(Operation.PUT),
    /** Read one item. */
    GET(Operation.GET),
    /** Ask for one item without transferring its payload. */
    EXISTS(Operation.EXISTS),
    /** Replace the payload of a live item. */
    UPDATE(Operation.UPDATE),
    /** Delete a live item. */
    DELETE(Operation.DELETE),
    /** Read the items of one partition in sort-key order, page by page. */
    LIST(Operation.LIST),
    /** Read many items by their keys. */
    BATCH_GET(Operation.BATCH_GET),
    /** Carry out up to 100 writes and checks, all or none. */
    TRANSACT(Operation.TRANSACT),
    /** Put any number of items, each under its own condition. */
    PUT_ALL(Operation.PUT_ALL),
    /** Create any number of items, each under its own condition. */
    CREATE_ALL(Operation.CREATE_ALL),
    /** Delete any number of items, each under its own condition. */
    DELETE_ALL(Operation.DELETE_ALL),
    /** Acquire a lock. */
    LOCK("lock"),
    /** Extend a lock that is held. */
    RENEW("renew"),
    /** Release a lock. */
    UNLOCK("unlock");

    private final String text;
    private final @Nullable Operation store;

    DynaStoreOperation(Operation store) {
        this.text = store.text();
        this.store = store;
    }

    DynaStoreOperation(String text) {
        this.text = text;
        this.store = null;
    }

    /** The name that URIs, headers and metrics use. */
    public String text() {
        return text;
    }

    /** The operation of the store that carries it out; empty if it is about a lock. */
    public Optional<Operation> store() {
        return Optional.ofNullable(store);
    }
}
