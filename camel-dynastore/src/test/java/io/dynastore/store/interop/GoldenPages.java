/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.dynastore.store.ListCall;
import io.dynastore.store.Outcome;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A page of the Go library and ours: the same values, each other's continuation, and in the end the same items.
 *
 * @param replayed a list that succeeded
 */
record GoldenPages(Replayed replayed) {

    private static final int MOST_PAGES = 20;

    void check() {
        Outcome.Page page = replayed.outcome(Outcome.Page.class);
        List<@Nullable Object> values = replayed.step().values();
        String theirs = replayed.step().result().path("last_evaluated_key").textValue();
        List<@Nullable Object> whole = list(whole());

        assertThat(Replayed.values(page)).isEqualTo(values);
        assertThat(page.nextToken() == null).as("at the end").isEqualTo(theirs.isEmpty());
        if (page.nextToken() != null) {
            List<@Nullable Object> rest =
                    whole.subList(Collections.indexOfSubList(whole, values) + values.size(), whole.size());
            assertThat(list(whole().nextToken(theirs))).as("behind their token").isEqualTo(rest);
            assertThat(list(whole().nextToken(page.nextToken())))
                    .as("behind our token")
                    .isEqualTo(rest);
        }
        for (int limit = 1; limit <= 3; limit++) {
            assertThat(paged(limit)).as("pages of %d", limit).isEqualTo(whole);
        }
    }

    /** The list that the page is taken from. */
    private ListCall.Builder whole() {
        return GoldenCall.list(replayed.step()).limit(null).nextToken(null);
    }

    private List<@Nullable Object> list(ListCall.Builder call) {
        return Replayed.values(replayed.again(call));
    }

    private List<@Nullable Object> paged(int limit) {
        List<@Nullable Object> values = new ArrayList<>();
        String token = null;
        for (int pages = 0; pages < MOST_PAGES; pages++) {
            Outcome.Page page = replayed.again(whole().limit(limit).nextToken(token));
            assertThat(page.items()).hasSizeLessThanOrEqualTo(limit);
            values.addAll(Replayed.values(page));
            token = page.nextToken();
            if (token == null) {
                return values;
            }
        }
        throw new AssertionError("no end after " + MOST_PAGES + " pages");
    }
}
