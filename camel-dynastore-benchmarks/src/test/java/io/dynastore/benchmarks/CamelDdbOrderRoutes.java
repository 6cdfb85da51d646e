/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.benchmarks;

import java.util.Map;
import org.apache.camel.Message;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.aws2.ddb.Ddb2Constants;
import software.amazon.awssdk.services.dynamodb.model.AttributeAction;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.AttributeValueUpdate;

/** The routes with camel-aws2-ddb in docs/existing-tables.md. */
final class CamelDdbOrderRoutes extends RouteBuilder {

    @Override
    public void configure() {
        from("direct:old-open")
                .process(exchange -> {
                    Message message = exchange.getMessage();
                    message.setHeader(
                            Ddb2Constants.ITEM,
                            Map.of(
                                    "orderId", AttributeValue.fromS(message.getHeader("order", String.class)),
                                    "customer", AttributeValue.fromS(message.getHeader("customer", String.class)),
                                    "status", AttributeValue.fromS("open"),
                                    "total", AttributeValue.fromN(message.getHeader("total", String.class))));
                })
                .to("aws2-ddb:{{orders}}?operation=PutItem");

        from("direct:old-ship")
                .process(exchange -> {
                    Message message = exchange.getMessage();
                    message.setHeader(
                            Ddb2Constants.KEY,
                            Map.of("orderId", AttributeValue.fromS(message.getHeader("order", String.class))));
                    message.setHeader(
                            Ddb2Constants.UPDATE_VALUES,
                            Map.of(
                                    "status",
                                    AttributeValueUpdate.builder()
                                            .value(AttributeValue.fromS("shipped"))
                                            .action(AttributeAction.PUT)
                                            .build()));
                })
                .to("aws2-ddb:{{orders}}?operation=UpdateItem");

        from("direct:old-find")
                .process(exchange -> {
                    Message message = exchange.getMessage();
                    message.setHeader(
                            Ddb2Constants.KEY,
                            Map.of("orderId", AttributeValue.fromS(message.getHeader("order", String.class))));
                })
                .to("aws2-ddb:{{orders}}?operation=GetItem"); // the attributes are in a header
    }
}
