/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.consumer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dynastore.camel.DynaStoreConfiguration;
import io.dynastore.camel.OnSuccess;
import io.dynastore.camel.ResumeMode;
import io.dynastore.store.InvalidInputException;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The options of an endpoint, as a consumer reads them. */
class ConsumerOptionsTest {

    private static DynaStoreConfiguration configuration() {
        DynaStoreConfiguration configuration = new DynaStoreConfiguration();
        configuration.setPartitionKeys("customer");
        return configuration;
    }

    private static ConsumerOptions options(@Nullable Object partitionKeys, int segments, ResumeMode resume) {
        return new ConsumerOptions(
                partitionKeys,
                segments,
                1,
                null,
                false,
                false,
                false,
                false,
                resume,
                "mine",
                null,
                null,
                OnSuccess.NONE);
    }

    @Test
    void takesEachOptionOfTheEndpoint() {
        DynaStoreConfiguration configuration = configuration();
        configuration.setConcurrentPartitions(3);
        configuration.setPageSize(20);
        configuration.setConsistentRead(true);
        configuration.setIncludeExpired(true);
        configuration.setFields("status");
        configuration.setFetch(true);
        configuration.setResume(ResumeMode.TABLE);
        configuration.setResumeId("mine");
        configuration.setStateTable("state");
        configuration.setAutoCreateTable(true);
        configuration.setAutoCreateTimeout(5000);
        configuration.setOnSuccess(OnSuccess.DELETE);

        ConsumerOptions options = ConsumerOptions.of(configuration, "route");

        Duration timeout = Duration.ofSeconds(5);
        ConsumerOptions expected = new ConsumerOptions(
                "customer",
                1,
                3,
                20,
                true,
                true,
                true,
                true,
                ResumeMode.TABLE,
                "mine",
                "state",
                timeout,
                OnSuccess.DELETE);
        assertThat(options).isEqualTo(expected);
    }

    @Test
    void doesNotChangeWithTheEndpoint() {
        DynaStoreConfiguration configuration = configuration();
        ConsumerOptions options = ConsumerOptions.of(configuration, null);

        configuration.setOnSuccess(OnSuccess.DELETE);
        configuration.setResume(ResumeMode.MEMORY);

        assertThat(options.deletes()).isFalse();
        assertThat(options.ordered()).isFalse();
    }

    @Test
    void namesPositionsByTheRouteIfNoResumeIdIsSet() {
        DynaStoreConfiguration configuration = configuration();
        configuration.setResume(ResumeMode.TABLE);

        assertThat(ConsumerOptions.of(configuration, "route").resumeId()).isEqualTo("route");
        assertThatThrownBy(() -> ConsumerOptions.of(configuration, null))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("The option resume=table needs a name for its positions: set resumeId.");
    }

    static Stream<Arguments> wrong() {
        return Stream.of(
                wrong("limit", "set pageSize", configuration -> configuration.setLimit(1)),
                wrong("nextToken", "set resume", configuration -> configuration.setNextToken("x")),
                wrong("stream", "page by page", configuration -> configuration.setStream(true)),
                wrong("partitionKey", "set partitionKeys", configuration -> configuration.setPartitionKey("a")),
                wrong("sortKey", "set sortKeyFrom", configuration -> configuration.setSortKey("a")),
                wrong("pageSize", "1 or more", configuration -> configuration.setPageSize(0)),
                wrong("concurrentPartitions", "1 or more", configuration -> configuration.setConcurrentPartitions(0)),
                whole("resume", configuration -> configuration.setResume(ResumeMode.MEMORY)),
                whole("reverse", configuration -> configuration.setReverse(true)),
                whole("sortKeyPrefix", configuration -> configuration.setSortKeyPrefix("a")),
                whole("sortKeyFrom", configuration -> configuration.setSortKeyFrom("a")),
                whole("sortKeyTo", configuration -> configuration.setSortKeyTo("a")));
    }

    private static Arguments wrong(String option, String remedy, Consumer<DynaStoreConfiguration> change) {
        return Arguments.of(option, remedy, Named.of(option, change));
    }

    private static Arguments whole(String option, Consumer<DynaStoreConfiguration> change) {
        return wrong(option, "name partitionKeys", configuration -> {
            configuration.setPartitionKeys(null);
            change.accept(configuration);
        });
    }

    @ParameterizedTest
    @MethodSource("wrong")
    void rejectsAnOptionAndNamesTheRemedy(String option, String remedy, Consumer<DynaStoreConfiguration> change) {
        DynaStoreConfiguration configuration = configuration();
        change.accept(configuration);

        assertThatThrownBy(() -> ConsumerOptions.of(configuration, "route"))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContainingAll("The option " + option + " can't be used by a consumer", remedy);
    }

    @Test
    void rejectsSegmentsOfNamedPartitionsAndSegmentsOutOfRange() {
        assertThatThrownBy(() -> options("customer", 2, ResumeMode.NONE)).hasMessageContaining("remove one of the two");
        assertThatThrownBy(() -> options(null, 0, ResumeMode.NONE)).hasMessageContaining("set it to 1 or more");
        assertThat(options(null, 4, ResumeMode.NONE).segments()).isEqualTo(4);
    }
}
