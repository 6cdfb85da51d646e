/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.state;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.dynastore.store.Failures;
import io.dynastore.store.InvalidInputException;
import io.dynastore.store.PayloadFormat;
import io.dynastore.store.codec.PayloadCodec;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Executor;
import org.apache.camel.AsyncCallback;
import org.apache.camel.AsyncProducer;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelContextAware;
import org.apache.camel.Exchange;
import org.apache.camel.Expression;
import org.apache.camel.spi.Configurer;
import org.apache.camel.spi.Metadata;
import org.apache.camel.support.AsyncProcessorSupport;
import org.apache.camel.support.CamelContextHelper;
import org.apache.camel.support.service.ServiceHelper;
import org.jspecify.annotations.Nullable;

/**
 * A processor that does the work of an endpoint once for each key, and gives its result to duplicates.
 *
 * <ul>
 *   <li>The first message of a key goes to the endpoint {@link #setUri}. Its result, the body and the chosen headers,
 *       is stored with the key, by the write that confirms the key.
 *   <li>A duplicate, on any node, gets the stored result in place of its own body and headers, and the exchange
 *       property {@code CamelDuplicateMessage}. The endpoint is not called.
 *   <li>While the first is in progress, a duplicate fails with {@link IdempotencyInProgressException}, at once or after
 *       {@link #setInFlightWait}. If the node of the first has crashed, the duplicate becomes the first after the
 *       lease.
 *   <li>If the work fails, its key is removed, and the next message of the key is processed.
 *   <li>With {@link #setPayloadCheck}, a message that has the key of another, but another body, fails with
 *       {@link IdempotencyPayloadMismatchException}.
 *   <li>If a result can't be stored, because it is too large or has no payload format, the first gets it nevertheless.
 *       The key is confirmed without a result, and duplicates fail with {@link ResultNotStoredException}.
 *   <li>If the response to the confirm is lost for good, the exchange fails although its work is done. The confirm is
 *       repeated in the background, and the lease renewed.
 * </ul>
 *
 * <p>Not guaranteed: exactly-once work, if a node crashes after the work and before the confirm, or is paused for
 * longer than its lease.
 *
 * <p>Thread safe once it is started. No thread waits for a response.
 */
@Metadata(
        label = "bean",
        description = "Processor that does work once for each key, and gives its stored result to duplicates",
        annotations = "interfaceName=org.apache.camel.Processor")
@Configurer(metadataOnly = true)
public class DynaStoreOnce extends AsyncProcessorSupport implements CamelContextAware {

    @Metadata(description = "The idempotent repository, which has storeResult=true", required = true)
    private @Nullable DynaStoreIdempotentRepository repository;

    @Metadata(description = "The endpoint that does the work, as direct:charge", required = true)
    private @Nullable String uri;

    @Metadata(description = "The key of a message, in the simple language, as ${header.orderId}", required = true)
    private @Nullable String key;

    @Metadata(description = "The names of the headers that belong to a result, separated by commas")
    private @Nullable String headers;

    @Metadata(description = "Whether a message with a known key, but another body, fails", defaultValue = "false")
    private boolean payloadCheck;

    @Metadata(
            description = "How long a duplicate waits for the first message of its key, in milliseconds or with a unit",
            defaultValue = "0",
            javaType = "java.time.Duration")
    private Duration inFlightWait = Duration.ZERO;

    @Metadata(description = "The payload format of results", defaultValue = "auto")
    private PayloadFormat payloadFormat = PayloadFormat.AUTO;

    @Metadata(
            description = "The class of results; without it, a stored object becomes a Map",
            label = "advanced",
            javaType = "java.lang.Class")
    private @Nullable Class<?> payloadType;

    private @Nullable CamelContext camelContext;
    private @Nullable Expression keyExpression;
    private volatile @Nullable Running running;

    /**
     * What is known while it is started.
     *
     * @param work calls the endpoint
     */
    private record Running(OnceKeys keys, ResultFormat format, AsyncProducer work, Expression key, Executor threads) {}

    public DynaStoreOnce() {}

    @Override
    public @Nullable CamelContext getCamelContext() {
        return camelContext;
    }

    @Override
    public void setCamelContext(CamelContext camelContext) {
        this.camelContext = camelContext;
    }

    public @Nullable DynaStoreIdempotentRepository getRepository() {
        return repository;
    }

    /** The idempotent repository, which has {@code storeResult=true}. It is started, and not stopped. */
    public void setRepository(@Nullable DynaStoreIdempotentRepository repository) {
        this.repository = repository;
    }

    public @Nullable String getUri() {
        return uri;
    }

    /** The endpoint that does the work. It should be one that responds when the work is done, as {@code direct:}. */
    public void setUri(@Nullable String uri) {
        this.uri = uri;
    }

    public @Nullable String getKey() {
        return key;
    }

    /** The key of a message, in the simple language. */
    public void setKey(@Nullable String key) {
        this.key = key;
    }

    /** The key of a message, in place of {@link #setKey}. */
    public void setKeyExpression(@Nullable Expression keyExpression) {
        this.keyExpression = keyExpression;
    }

    public @Nullable String getHeaders() {
        return headers;
    }

    /** The names of the headers that belong to a result, separated by commas. Default: none. */
    public void setHeaders(@Nullable String headers) {
        this.headers = headers;
    }

    public boolean isPayloadCheck() {
        return payloadCheck;
    }

    /** Whether a message with a known key, but another body, fails. Bodies have 400 KB at most then. Default: false. */
    public void setPayloadCheck(boolean payloadCheck) {
        this.payloadCheck = payloadCheck;
    }

    public Duration getInFlightWait() {
        return inFlightWait;
    }

    /** How long a duplicate waits for the first message of its key, without a thread. Default: not at all. */
    public void setInFlightWait(Duration inFlightWait) {
        this.inFlightWait = inFlightWait;
    }

    public PayloadFormat getPayloadFormat() {
        return payloadFormat;
    }

    /** The payload format of results. Default: {@link PayloadFormat#AUTO}. */
    public void setPayloadFormat(PayloadFormat payloadFormat) {
        this.payloadFormat = payloadFormat;
    }

    public @Nullable Class<?> getPayloadType() {
        return payloadType;
    }

    /** The class of results that are objects. Without it, a duplicate gets a Map. */
    public void setPayloadType(@Nullable Class<?> payloadType) {
        this.payloadType = payloadType;
    }

    @Override
    public boolean process(Exchange exchange, AsyncCallback callback) {
        try {
            Running now = Objects.requireNonNull(running, "the processor is not started");
            var unused = execution(now, exchange)
                    .run()
                    .whenCompleteAsync(
                            (done, error) -> {
                                if (error != null) {
                                    exchange.setException(Failures.cause(error));
                                }
                                callback.done(false);
                            },
                            now.threads());
            return false;
        } catch (RuntimeException e) {
            exchange.setException(e);
            callback.done(true);
            return true;
        }
    }

    private OnceExecution execution(Running now, Exchange exchange) {
        String found = now.key().evaluate(exchange, String.class);
        if (found == null || found.isEmpty()) {
            throw new InvalidInputException("Table " + now.keys().table() + ": the message has no key, as \"" + key
                    + "\" gives none. Set what it refers to.");
        }
        return new OnceExecution(
                now.keys(),
                now.format(),
                now.work(),
                now.threads(),
                exchange,
                found,
                payloadCheck ? now.format().digest(exchange) : null,
                inFlightWait);
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        CamelContext context = Objects.requireNonNull(camelContext, "the processor has no Camel context");
        DynaStoreIdempotentRepository keys = repository;
        if (keys == null || uri == null || (key == null && keyExpression == null)) {
            throw new InvalidInputException(
                    "DynaStoreOnce needs a repository, the uri of the work and a key: set them.");
        }
        if (inFlightWait.isNegative()) {
            throw new InvalidInputException("inFlightWait must not be negative: it is " + inFlightWait + ".");
        }
        CamelContextAware.trySetCamelContext(keys, context);
        ServiceHelper.startService(keys);
        AsyncProducer work = context.getEndpoint(uri).createAsyncProducer();
        ServiceHelper.startService(work);
        running = new Running(keys.onceKeys(), format(context, keys), work, expression(context), keys.threads());
    }

    private Expression expression(CamelContext context) {
        Expression given =
                keyExpression == null ? context.resolveLanguage("simple").createExpression(key) : keyExpression;
        given.init(context);
        return given;
    }

    private ResultFormat format(CamelContext context, DynaStoreIdempotentRepository keys) {
        ObjectMapper own = keys.component().getConfiguration().getObjectMapper();
        ObjectMapper registered = own != null ? own : CamelContextHelper.findSingleByType(context, ObjectMapper.class);
        PayloadCodec codec =
                new PayloadCodec(registered != null ? registered : PayloadCodec.defaultMapper(), payloadType);
        List<String> names = headers == null
                ? List.of()
                : Arrays.stream(headers.split(","))
                        .map(String::strip)
                        .filter(name -> !name.isEmpty())
                        .toList();
        return new ResultFormat(codec, payloadFormat, names);
    }

    @Override
    protected void doStop() throws Exception {
        Running last = running;
        running = null;
        if (last != null) {
            ServiceHelper.stopService(last.work());
        }
        super.doStop();
    }
}
