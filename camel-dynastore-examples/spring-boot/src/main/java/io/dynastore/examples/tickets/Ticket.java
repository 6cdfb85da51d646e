/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.examples.tickets;

import java.util.List;
import java.util.stream.Stream;

/** What a customer complains of, and what was done about it. */
public record Ticket(String subject, List<String> comments) {

    /** Without comments where there are none yet, as in a mail. */
    @SuppressWarnings("NullAway") // Jackson passes null for what is not there
    public Ticket {
        comments = comments == null ? List.of() : List.copyOf(comments);
    }

    public static Ticket about(String subject) {
        return new Ticket(subject, List.of());
    }

    public Ticket with(String comment) {
        return new Ticket(
                subject, Stream.concat(comments.stream(), Stream.of(comment)).toList());
    }
}
