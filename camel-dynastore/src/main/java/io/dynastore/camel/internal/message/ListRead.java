/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.message;

import io.dynastore.store.Call;
import io.dynastore.store.ListCall;

/** A list in the making: what it reads, and whether as a page or as a stream. Not thread safe. */
public final class ListRead {

    final ListCall.Builder list;
    boolean stream;

    ListRead() {
        this(ListCall.builder(), false);
    }

    private ListRead(ListCall.Builder list, boolean stream) {
        this.list = list;
        this.stream = stream;
    }

    /** One with the same options. The two share nothing that changes. */
    ListRead copy() {
        return new ListRead(list.copy(), stream);
    }

    /** The call. */
    Call<?> build() {
        return stream ? Call.stream(list.build()) : list.build();
    }
}
