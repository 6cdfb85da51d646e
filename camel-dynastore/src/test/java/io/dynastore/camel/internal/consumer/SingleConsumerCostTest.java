/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.consumer;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a consumer without {@code group} costs. Groups and claims add nothing to it. */
class SingleConsumerCostTest extends ConsumerContract {

    private static final String OPTIONS =
            "partitionKeys=a,b&resume=table&resumeId=shipping&pageSize=4&initialDelay=1&delay=3600000";

    private static final int POLLS = 10;

    /** What one idle poll of two partitions may allocate on its thread, in bytes. */
    private static final long MOST_ALLOCATED = 150_000;

    @BeforeEach
    void consumeOnePoll() throws Exception {
        givenItems("a", 10);
        HTTP.clear();
        consume(OPTIONS);
        awaitDelivered(10);
        await().until(() -> consumer().getCounter() == 1 && !consumer().isPolling());
    }

    private static Map<String, Long> requests() {
        return HTTP.requests().stream()
                .collect(Collectors.groupingBy(request -> request.operation(), TreeMap::new, Collectors.counting()));
    }

    @Test
    void aSingleConsumerReadsEachPositionOnceAndEachPageOnceAndSavesEachPage() {
        assertThat(delivered).isEqualTo(names("a", 1, 10));
        assertThat(requests()).isEqualTo(Map.of("GetItem", 2L, "Query", 4L, "PutItem", 1L, "UpdateItem", 2L));

        HTTP.clear();
        consumer().run();
        assertThat(requests()).isEqualTo(Map.of("Query", 2L));
    }

    @Test
    void anIdlePollOfASingleConsumerAllocatesNoMoreThanBeforeThereWereGroups() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long least = Long.MAX_VALUE;
        for (int round = 0; round < 5; round++) {
            long before = threads.getCurrentThreadAllocatedBytes();
            for (int number = 0; number < POLLS; number++) {
                consumer().run();
            }
            least = Math.min(least, (threads.getCurrentThreadAllocatedBytes() - before) / POLLS);
        }

        System.out.printf("%d bytes of an idle poll of two partitions on its thread%n", least);
        assertThat(least).isLessThan(MOST_ALLOCATED);
    }
}
