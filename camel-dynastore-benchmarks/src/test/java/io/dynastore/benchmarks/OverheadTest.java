/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;

/**
 * Limits what the component allocates above the same request by hand, and shows that the compared requests are equal.
 */
class OverheadTest {

    private static final int LEAST_ROUNDS = 5;
    private static final int MOST_ROUNDS = 50;
    private static final URI NOWHERE = URI.create("http://localhost:1");
    private static final Pattern RANDOM = Pattern.compile("bytes=0x[0-9a-f]{16}");
    private static final Pattern SECONDS = Pattern.compile("N=\\d{10}");

    /**
     * The allocation depends only on the compiler, which has to have seen the code often enough. So the least of many
     * rounds is the same on every machine.
     */
    @ParameterizedTest
    @CsvSource({"CREATE, 3072", "UPDATE, 3072", "GET, 3072", "PAGE, 51200"})
    void exchangeAllocatesLittleAboveTheSameRequestByHand(BenchmarkOperation operation, double bytes) throws Exception {
        int times = operation == BenchmarkOperation.PAGE ? 200 : 3_000;
        double byHand = Double.MAX_VALUE;
        double component = Double.MAX_VALUE;
        try (Overhead overhead = new Overhead()) {
            for (int round = 0; round < MOST_ROUNDS && (round < LEAST_ROUNDS || component - byHand > bytes); round++) {
                byHand = Math.min(byHand, overhead.byHand(operation, times).allocated());
                component =
                        Math.min(component, overhead.component(operation, times).allocated());
            }
        }

        assertThat(component - byHand).isBetween(0.0, bytes);
    }

    /** The part of the allocation with the SDK's client that is left with {@code client=auto}. */
    @ParameterizedTest
    @CsvSource({"CREATE, 0.22", "UPDATE, 0.24", "GET, 0.22", "PAGE, 0.16"})
    void firstAttemptsWithoutTheSdkAllocateLess(BenchmarkOperation operation, double part) throws Exception {
        int times = operation == BenchmarkOperation.PAGE ? 200 : 3_000;
        double component = Double.MAX_VALUE;
        double lean = Double.MAX_VALUE;
        try (Overhead overhead = new Overhead()) {
            for (int round = 0; round < MOST_ROUNDS && (round < LEAST_ROUNDS || lean > component * part); round++) {
                component =
                        Math.min(component, overhead.component(operation, times).allocated());
                lean = Math.min(lean, overhead.lean(operation, times).allocated());
            }
        }

        assertThat(lean / component).isLessThan(part);
    }

    @ParameterizedTest
    @EnumSource
    void componentSendsTheRequestThatIsMadeByHand(BenchmarkOperation operation) throws Exception {
        List<String> sent = new ArrayList<>();
        ExecutionInterceptor interceptor = new ExecutionInterceptor() {
            @Override
            public void beforeExecution(Context.BeforeExecution context, ExecutionAttributes attributes) {
                sent.add(withoutRandomValues(context.request()));
            }
        };
        DynamoDbAsyncClient byHand = SdkClients.completing(NOWHERE, new InMemoryHttp(), List.of(interceptor));
        try (byHand;
                CamelDynaStore component = new CamelDynaStore(
                        NOWHERE, SdkClients.completing(NOWHERE, new InMemoryHttp(), List.of(interceptor)))) {
            component.start(operation, 7, inline -> {});
            SameRequests.send(byHand, operation, 7).join();
        }

        assertThat(sent).hasSize(2);
        assertThat(sorted(sent.get(0))).isEqualTo(sorted(sent.get(1)));
    }

    private static String withoutRandomValues(SdkRequest request) {
        String text = RANDOM.matcher(request.toString()).replaceAll("id");
        return SECONDS.matcher(text).replaceAll("N=now");
    }

    /** Sorted, as the order of map entries is no part of a request. */
    private static List<String> sorted(String request) {
        return Pattern.compile(", |[{}()]").splitAsStream(request).sorted().toList();
    }
}
