/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.consumer;

import io.dynastore.camel.internal.client.TableErrorLog;
import io.dynastore.queue.Candidate;
import io.dynastore.queue.CandidatePage;
import io.dynastore.queue.Claims;
import io.dynastore.queue.HeldClaim;
import io.dynastore.store.Failures;
import io.dynastore.store.InvalidInputException;
import io.dynastore.store.UnreadableItemException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;

/** One poll of a consumer that claims, on the thread of the scheduler. */
final class ClaimPoll {

    /** What is left of a page is dropped after this time if it can be read again: others may have claimed it. */
    private static final long FRESH_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** The same if nobody else seems to claim. */
    private static final long FRESH_ALONE_NANOS = TimeUnit.SECONDS.toNanos(10);

    /** After this time the next poll asks for the partitions again. */
    private static final long LONGEST_NANOS = TimeUnit.SECONDS.toNanos(60);

    private final Claims claims;
    private final ClaimsInFlight inFlight;
    private final CandidateSource source;
    private final TableErrorLog tableErrors;
    private final ItemQuota quota;
    private final long begun = System.nanoTime();
    private int claimed;

    /** How many claims of items were refused. Grows on the threads of the client. */
    private final AtomicInteger refused = new AtomicInteger();

    /** How many items could not be claimed because of the item itself. */
    private int broken;

    private @Nullable Exception first;

    /** The page that is read while the rest of the one before is claimed. */
    private @Nullable CompletableFuture<CandidatePage> ahead;

    /** The claims of a page that have not been waited for. */
    private @Nullable Sent sent;

    private record Sent(
            CandidatePage page, List<Candidate> order, List<CompletableFuture<Optional<HeldClaim>>> claims) {

        List<Candidate> tried() {
            return order.subList(0, claims.size());
        }
    }

    ClaimPoll(
            Claims claims,
            ClaimsInFlight inFlight,
            CandidateSource source,
            TableErrorLog tableErrors,
            ItemQuota quota) {
        this.claims = claims;
        this.inFlight = inFlight;
        this.source = source;
        this.tableErrors = tableErrors;
        this.quota = quota;
    }

    /**
     * Claims until there is nothing more to claim. If a partition can't be read, the others continue.
     *
     * @return how many items were claimed
     * @throws Exception the first error of a partition
     */
    int run(List<Partition> partitions) throws Exception {
        source.begin(partitions);
        try {
            while (mayContinue() && page()) {
                // Goes on to the next page.
            }
            finish();
        } catch (CancellationException e) {
            // The consumer stops or is suspended.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (first != null) {
            throw first;
        }
        return claimed;
    }

    private boolean mayContinue() {
        return inFlight.mayClaim() && quota.remaining() > 0 && System.nanoTime() - begun < LONGEST_NANOS;
    }

    /** Reads a page and claims its items; false if there is none. */
    private boolean page() throws InterruptedException {
        int free = inFlight.awaitSlots();
        CompletableFuture<CandidatePage> read = free == 0 ? null : read(free);
        if (read == null) {
            return free > 0 && finish();
        }
        try {
            CandidatePage page = await(read);
            inFlight.ready();
            if (source.readsAhead()) {
                claimAll(page);
            } else {
                finish();
                claim(page, free);
            }
            tableErrors.after(null);
        } catch (CancellationException | InterruptedException e) {
            throw e;
        } catch (Exception e) {
            finish();
            failed(e);
        }
        return true;
    }

    private @Nullable CompletableFuture<CandidatePage> read(int free) {
        CompletableFuture<CandidatePage> read = ahead;
        ahead = null;
        return read == null ? source.next(free) : read;
    }

    private void failed(Exception error) {
        tableErrors.after(error);
        source.failed();
        first = first == null ? error : first;
    }

    /**
     * Claims all of a page, each item as soon as another one is settled. The next page is asked for when few are left,
     * so that it is not old when its turn comes. A refused claim shows another consumer: then the rest is left.
     */
    private void claimAll(CandidatePage page) throws InterruptedException {
        List<Candidate> candidates = source.spread(page.candidates());
        Iterator<Candidate> left = candidates.iterator();
        Sent before = sent;
        long until = System.nanoTime() + FRESH_ALONE_NANOS;
        int early = Math.max(0, candidates.size() - source.readsAheadAt());
        int refusedBefore = refused.get();
        BooleanSupplier alone = () -> refused.get() == refusedBefore;
        List<CompletableFuture<Optional<HeldClaim>>> claims = send(left, early, until, alone);
        sent = new Sent(page, candidates, claims);
        if (claims.size() == early && alone.getAsBoolean()) {
            ahead = source.next(1);
            claims.addAll(send(left, Integer.MAX_VALUE, until, alone));
        }
        finish(before);
    }

    /** Waits for the claims that were sent last; false if none were. */
    private boolean finish() throws InterruptedException {
        Sent last = sent;
        sent = null;
        return finish(last);
    }

    private boolean finish(@Nullable Sent last) throws InterruptedException {
        if (last == null) {
            return false;
        }
        try {
            int before = broken;
            int got = claimed(last.claims);
            source.passed(last.page, last.tried(), got, broken - before);
        } catch (CancellationException | InterruptedException e) {
            throw e;
        } catch (Exception e) {
            failed(e);
        }
        return true;
    }

    /** If another consumer is faster, the next items of the page follow. */
    private void claim(CandidatePage page, int free) throws Exception {
        long until = System.nanoTime() + FRESH_NANOS;
        List<Candidate> candidates = source.spread(page.candidates());
        Iterator<Candidate> left = candidates.iterator();
        int allowed = source.most(free, page.candidates().size());
        int tried = 0;
        int before = claimed;
        int brokenBefore = broken;
        while (left.hasNext() && allowed > 0) {
            List<CompletableFuture<Optional<HeldClaim>>> claims = send(left, allowed, until, () -> true);
            if (claims.isEmpty()) {
                break;
            }
            tried += claims.size();
            allowed -= claimed(claims);
        }
        source.passed(page, candidates.subList(0, tried), claimed - before, broken - brokenBefore);
    }

    private List<CompletableFuture<Optional<HeldClaim>>> send(
            Iterator<Candidate> left, int most, long until, BooleanSupplier goOn) throws InterruptedException {
        List<CompletableFuture<Optional<HeldClaim>>> sent = new ArrayList<>();
        while (left.hasNext() && sent.size() < most && goOn.getAsBoolean() && quota.take(1) > 0) {
            boolean slot = inFlight.takeSlot();
            if (!slot || (source.repeats() && System.nanoTime() - until > 0)) {
                quota.giveBack(1);
                if (slot) {
                    inFlight.releaseSlot();
                }
                break;
            }
            sent.add(send(left.next()));
        }
        return sent;
    }

    private CompletableFuture<Optional<HeldClaim>> send(Candidate candidate) {
        return claims.claim(candidate).whenComplete((claim, error) -> {
            if (error == null && claim.isPresent()) {
                inFlight.begin(claim.get());
            } else {
                if (error == null) {
                    refused.incrementAndGet();
                }
                inFlight.releaseSlot();
                quota.giveBack(1);
            }
        });
    }

    private int claimed(List<CompletableFuture<Optional<HeldClaim>>> sent) throws Exception {
        int before = claimed;
        Exception failure = null;
        for (CompletableFuture<Optional<HeldClaim>> one : sent) {
            try {
                claimed += await(one).isPresent() ? 1 : 0;
            } catch (CancellationException | InterruptedException e) {
                throw e;
            } catch (Exception e) {
                if (isOfItsItem(e)) {
                    // The others of the page are not concerned.
                    broken++;
                    first = first == null ? e : first;
                } else {
                    failure = e;
                }
            }
        }
        if (failure != null) {
            throw failure;
        }
        return claimed - before;
    }

    /** An item can't be read, or is too large for what the claim adds. Others are not concerned. */
    static boolean isOfItsItem(Exception error) {
        return error instanceof UnreadableItemException
                || error instanceof InvalidInputException
                || (error instanceof DynamoDbException refused
                        && refused.awsErrorDetails() != null
                        && "ValidationException"
                                .equals(refused.awsErrorDetails().errorCode()));
    }

    /** Waits for a response, but not after the end of the session. */
    private <T> T await(CompletableFuture<T> response) throws Exception {
        while (true) {
            try {
                return response.get(ClaimsInFlight.SLICE_MILLIS, TimeUnit.MILLISECONDS);
            } catch (TimeoutException e) {
                if (inFlight.stopped()) {
                    throw new CancellationException();
                }
            } catch (ExecutionException e) {
                throw Failures.cause(Objects.requireNonNull(e.getCause())) instanceof Exception cause ? cause : e;
            }
        }
    }
}
