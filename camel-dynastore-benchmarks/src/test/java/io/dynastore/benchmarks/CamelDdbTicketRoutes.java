/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.benchmarks;

import java.util.HashMap;
import java.util.Map;
import org.apache.camel.Message;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.aws2.ddb.Ddb2Constants;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ExpectedAttributeValue;

/** The route with camel-aws2-ddb in docs/coming-from-camel-aws2-ddb.md. */
final class CamelDdbTicketRoutes extends RouteBuilder {

    @Override
    @SuppressWarnings({"unchecked", "NullAway"}) // headers are untyped; every ticket has a payload and a version
    public void configure() {
        from("direct:close-ticket")
                .process(exchange -> {
                    Message message = exchange.getMessage();
                    String ticket = message.getHeader("ticket", String.class);
                    message.setHeader(
                            Ddb2Constants.KEY,
                            Map.of("id", AttributeValue.fromS("customer"), "name", AttributeValue.fromS(ticket)));
                })
                .setHeader(Ddb2Constants.CONSISTENT_READ, constant(true))
                .to("aws2-ddb:tickets?operation=GetItem")
                .process(exchange -> {
                    Message message = exchange.getMessage();
                    Map<String, AttributeValue> item = message.getHeader(Ddb2Constants.ATTRIBUTES, Map.class);
                    Map<String, AttributeValue> payload =
                            new HashMap<>(item.get("payload").m());
                    payload.put("status", AttributeValue.fromS("closed"));
                    AttributeValue version = item.get("version");
                    Map<String, AttributeValue> changed = new HashMap<>(item);
                    changed.put("payload", AttributeValue.fromM(payload));
                    changed.put("version", AttributeValue.fromN("" + (Long.parseLong(version.n()) + 1)));
                    message.setHeader(Ddb2Constants.ITEM, changed);
                    ExpectedAttributeValue unchanged =
                            ExpectedAttributeValue.builder().value(version).build();
                    message.setHeader(Ddb2Constants.UPDATE_CONDITION, Map.of("version", unchanged));
                })
                .to("aws2-ddb:tickets?operation=PutItem"); // ConditionalCheckFailedException, also for its own retry
    }
}
