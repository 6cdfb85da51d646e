/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.lease;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dynastore.store.InvalidInputException;
import io.dynastore.store.Key;
import java.time.Duration;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The values of a request for a lock, and their bounds. */
class LockRequestTest {

    private static final Key KEY = Key.of("locks", "a");

    @Test
    void defaultsAreThoseOfTheDocumentation() {
        LockRequest request = LockRequest.of(KEY).build();

        assertThat(request)
                .isEqualTo(new LockRequest(
                        KEY,
                        null,
                        Duration.ofSeconds(20),
                        Duration.ZERO,
                        true,
                        Duration.ofSeconds(2),
                        Takeover.BOTH,
                        null,
                        Duration.ofDays(7),
                        Duration.ofSeconds(1)));
    }

    @Test
    void textNamesNoData() {
        assertThat(LockRequest.of(KEY).data("secret").build().toString())
                .contains(KEY.toString())
                .doesNotContain("secret");
    }

    static Stream<Arguments> outOfBounds() {
        return Stream.of(
                refused(request -> request.ttl(Duration.ofMillis(99)), "lockTtl"),
                refused(request -> request.ttl(Duration.ofDays(2)), "lockTtl"),
                refused(request -> request.acquireTimeout(Duration.ofMillis(-1)), "acquireTimeout"),
                refused(request -> request.clockSkew(Duration.ofMillis(-1)), "clockSkew"),
                refused(request -> request.purgeAfter(Duration.ofMinutes(59)), "purgeAfter"),
                refused(
                        request -> request.ttl(Duration.ofHours(2)).purgeAfter(Duration.ofHours(2)),
                        "would remove a lock that is held"),
                refused(request -> request.pollInterval(Duration.ZERO), "pollInterval"),
                refused(request -> request.owner(" "), "owner is blank"));
    }

    @ParameterizedTest
    @MethodSource("outOfBounds")
    void valueOutOfItsBoundsIsRefused(UnaryOperator<LockRequest.Builder> change, String words) {
        assertThatThrownBy(() -> change.apply(LockRequest.of(KEY)).build())
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContainingAll(KEY.toString(), words);
    }

    private static Arguments refused(UnaryOperator<LockRequest.Builder> change, String words) {
        return Arguments.of(change, words);
    }
}
