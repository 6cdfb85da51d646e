/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.docs;

import io.dynastore.store.Key;
import io.dynastore.store.Write;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.camel.builder.RouteBuilder;

/** In docs/producer.md. */
final class TransferRoutes extends RouteBuilder {

    private final Map<String, Object> less = Map.of("balance", 90);
    private final Map<String, Object> more = Map.of("balance", 110);
    private final Map<String, Object> transfer = Map.of("amount", 10);

    @Override
    public void configure() {
        from("direct:transfer")
                .process(exchange -> exchange.getMessage()
                        .setBody(List.of(
                                Write.update(Key.of("account", "1"), less).expectedVersion(3L),
                                Write.update(Key.of("account", "2"), more).expectedVersion(7L),
                                Write.create(Key.of("transfer", "4711"), transfer)
                                        .ttl(Duration.ofDays(90)),
                                Write.check(Key.of("customer", "1")))))
                .to("dynastore:bank?operation=transact");
    }
}
