/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.examples.tickets;

import java.util.List;
import java.util.stream.Stream;

/** The complaint of a customer, and the comments on it. */
public record Ticket(String subject, List<String> comments) {

    /** The list is empty if there are no comments yet, as in a mail. */
    @SuppressWarnings("NullAway") // Jackson passes null for a missing property
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
