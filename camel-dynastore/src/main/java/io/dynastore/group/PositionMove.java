/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.group;

import io.dynastore.lease.LeaseRules;
import io.dynastore.lease.ServiceClock;
import io.dynastore.store.DynaStoreException;
import io.dynastore.store.Failures;
import io.dynastore.store.OutcomeUnknownException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * Moves the position of a partition that nobody has: a read, and a write that demands the version of that read. Used
 * once. Nothing here waits.
 *
 * <ol>
 *   <li>The read teaches the clock the service's time. A clock that is off by more than is allowed ends no lease.
 *   <li>Each write of an owner raises the version. So an owner that renews after the read keeps its lease.
 *   <li>No duplicate is applied after the write itself, since that raises the version too.
 * </ol>
 *
 * <p>{@link GroupRules} has the argument.
 */
final class PositionMove {

    private final GroupClient client;
    private final GroupRequests requests;
    private final ServiceClock clock;
    private final Duration clockSkew;
    private final String name;
    private final @Nullable String position;

    /**
     * A move that has not begun.
     *
     * @param name the name of the lease
     * @param position the next position; null deletes it
     */
    PositionMove(
            GroupClient client,
            GroupRequests requests,
            ServiceClock clock,
            Duration clockSkew,
            String name,
            @Nullable String position) {
        this.client = client;
        this.requests = requests;
        this.clock = clock;
        this.clockSkew = clockSkew;
        this.name = name;
        this.position = position;
    }

    /** Fails with {@link DynaStoreException} if a member has the partition. */
    CompletableFuture<Void> run() {
        return client.latest(requests.leaseKey(name)).thenCompose(this::move);
    }

    private CompletableFuture<Void> move(Map<String, AttributeValue> read) {
        Instant now = clock.now().wall();
        AttributeValue version = read.get(requests.schema().version());
        LeaseItem seen = lease(read);
        boolean trusted = clock.trusted(clockSkew);
        if (seen.holder() != null
                && !(trusted && seen.until() < now.minus(clockSkew).toEpochMilli())) {
            return CompletableFuture.failedFuture(held(trusted));
        }
        long next = (version == null ? LeaseRules.floor(now) : seen.version()) + 1;
        return client.write(requests.leases().move(name, position, now, trusted, version))
                .thenApply(result -> {
                    check(result, next);
                    return null;
                });
    }

    /**
     * Throws if the write was not applied, or nobody knows.
     *
     * @param next the version that the write gives
     */
    private void check(GroupWrite result, long next) {
        if (result instanceof GroupWrite.Failed failed) {
            Throwable cause = Failures.cause(failed.cause());
            throw new CompletionException(failed.applied() ? unknown(cause) : cause);
        }
        if (!(result instanceof GroupWrite.Refused refused)) {
            return;
        }
        LeaseItem found = refused.found() == null ? null : lease(refused.found());
        if (refused.repeated()) {
            if (found == null || found.version() > next) {
                throw new CompletionException(unknown(new DynaStoreException(
                        "The request was sent more than once, and the item has changed since.", null)));
            }
            if (found.version() == next && found.holder() == null && Objects.equals(found.position(), position)) {
                return;
            }
        }
        throw new CompletionException(
                found != null && found.holder() != null
                        ? held(true)
                        : error("the item has changed meanwhile, or it is no lease. Repeat the call."));
    }

    private DynaStoreException held(boolean trusted) {
        return error("a member has this partition. Stop or suspend all members of the group first. If its owner has"
                + " crashed, wait until groupLease and clockSkew have passed."
                + (trusted
                        ? ""
                        : " This host's clock differs from DynamoDB's by more than clockSkew. Correct the clock first,"
                                + " since it has to tell whether the lease has run out."));
    }

    private DynaStoreException error(String what) {
        return new DynaStoreException(
                "Table " + requests.schema().table() + ", key " + requests.shownLease(name) + ": " + what, null);
    }

    private OutcomeUnknownException unknown(Throwable cause) {
        return new OutcomeUnknownException(requests.schema().table(), requests.shownLease(name), cause);
    }

    private LeaseItem lease(Map<String, AttributeValue> item) {
        return LeaseItem.of(requests.schema(), name, item);
    }
}
