/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.docs;

import io.dynastore.camel.DynaStoreConstants;
import io.dynastore.store.InvalidInputException;
import io.dynastore.store.InvalidTokenException;
import io.dynastore.store.KeyExistsException;
import io.dynastore.store.KeyNotFoundException;
import io.dynastore.store.VersionConflictException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.builder.RouteBuilder;

/** Serves the tickets of a customer over HTTP. */
public class RestRoutes extends RouteBuilder {

    private static final Pattern ETAG = Pattern.compile("\"(\\d{1,18})\"");

    private static final Long NO_ITEM = Long.MAX_VALUE - 1;

    private final int port;

    /** @param port where the routes listen */
    public RestRoutes(int port) {
        this.port = port;
    }

    @Override
    public void configure() {
        onException(KeyNotFoundException.class).handled(true).to("direct:not-found");
        onException(KeyExistsException.class).handled(true).to("direct:exists-already");
        onException(VersionConflictException.class).handled(true).to("direct:changed-meanwhile");
        onException(InvalidTokenException.class, InvalidInputException.class)
                .handled(true)
                .to("direct:bad-request");

        restConfiguration().component("netty-http").host("localhost").port(port);

        rest("/tickets")
                .get()
                .to("direct:list-tickets")
                .get("/{ticket}")
                .to("direct:read-ticket")
                .post("/{ticket}")
                .to("direct:open-ticket")
                .put("/{ticket}")
                .to("direct:change-ticket")
                .delete("/{ticket}")
                .to("direct:remove-ticket");

        from("direct:list-tickets")
                .setHeader(DynaStoreConstants.NEXT_TOKEN, header("after")) // of the query: /tickets?after=…
                .to("dynastore:tickets?operation=list&partitionKey=customer&payloadFormat=json&limit=20")
                .process(RestRoutes::linkTheNextPage)
                .to("direct:answer-json");

        from("direct:read-ticket")
                .setHeader(DynaStoreConstants.SORT_KEY, header("ticket"))
                .to("dynastore:tickets?operation=get&partitionKey=customer&payloadFormat=json")
                .process(RestRoutes::tag)
                .filter(exchange -> {
                    Message message = exchange.getMessage();
                    return message.getHeader("ETag").equals(message.getHeader("If-None-Match"));
                })
                .setBody(constant(""))
                .setHeader(Exchange.HTTP_RESPONSE_CODE, constant(304))
                .end()
                .to("direct:answer-json");

        from("direct:open-ticket")
                .setHeader(DynaStoreConstants.SORT_KEY, header("ticket"))
                .to("dynastore:tickets?operation=create&partitionKey=customer&payloadFormat=json")
                .process(RestRoutes::tag)
                .setHeader("Location", simple("/tickets/${header.ticket}"))
                .setBody(constant(""))
                .setHeader(Exchange.HTTP_RESPONSE_CODE, constant(201))
                .to("direct:answer");

        from("direct:change-ticket")
                .setHeader(DynaStoreConstants.SORT_KEY, header("ticket"))
                .process(RestRoutes::expectTheTag)
                .choice()
                .when(header(DynaStoreConstants.EXPECTED_VERSION).isNull())
                .to("direct:tag-required")
                .otherwise()
                .to("dynastore:tickets?operation=update&partitionKey=customer&payloadFormat=json")
                .process(RestRoutes::tag)
                .setBody(constant(""))
                .setHeader(Exchange.HTTP_RESPONSE_CODE, constant(204))
                .to("direct:answer");

        from("direct:remove-ticket")
                .setHeader(DynaStoreConstants.SORT_KEY, header("ticket"))
                .process(RestRoutes::expectTheTag)
                .to("dynastore:tickets?operation=delete&partitionKey=customer")
                .setBody(constant(""))
                .setHeader(Exchange.HTTP_RESPONSE_CODE, constant(204))
                .to("direct:answer");

        status("direct:not-found", 404);
        status("direct:exists-already", 409);
        status("direct:changed-meanwhile", 412);
        status("direct:bad-request", 400);
        status("direct:tag-required", 428);

        from("direct:answer-json")
                .setHeader(Exchange.CONTENT_TYPE, constant("application/json"))
                .to("direct:answer");

        // Headers of the request are not sent back.
        from("direct:answer").removeHeaders("*", "CamelHttpResponseCode", "Content-Type", "ETag", "Link", "Location");
    }

    private void status(String from, int code) {
        from(from)
                .setBody(constant(""))
                .setHeader(Exchange.HTTP_RESPONSE_CODE, constant(code))
                .to("direct:answer");
    }

    /** The version is the entity tag. */
    private static void tag(Exchange exchange) {
        Message message = exchange.getMessage();
        message.setHeader("ETag", "\"" + message.getHeader(DynaStoreConstants.VERSION) + "\"");
    }

    /** A tag that is none of ours matches no version, and so expects one that no item has. */
    private static void expectTheTag(Exchange exchange) {
        Message message = exchange.getMessage();
        String tag = message.getHeader("If-Match", String.class);
        if (tag != null) {
            Matcher ours = ETAG.matcher(tag);
            message.setHeader(
                    DynaStoreConstants.EXPECTED_VERSION, ours.matches() ? Long.valueOf(ours.group(1)) : NO_ITEM);
        }
    }

    private static void linkTheNextPage(Exchange exchange) {
        Message message = exchange.getMessage();
        Object token = message.getHeader(DynaStoreConstants.NEXT_TOKEN);
        if (token != null) {
            message.setHeader("Link", "</tickets?after=" + token + ">; rel=\"next\"");
        }
    }
}
