/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel;

import io.dynastore.store.Call;
import io.dynastore.store.Outcome;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import org.apache.camel.AsyncCallback;
import org.apache.camel.Exchange;
import org.apache.camel.health.HealthCheckHelper;
import org.apache.camel.health.WritableHealthCheckRepository;
import org.apache.camel.support.DefaultAsyncProducer;
import org.jspecify.annotations.Nullable;

/**
 * Sends an exchange to the store and goes on when the answer is there; no thread waits meanwhile. Refusals are set on the
 * exchange as they are, so that {@code onException} sees their type.
 */
public class DynaStoreProducer extends DefaultAsyncProducer {

    private final DynaStoreEndpoint endpoint;
    private @Nullable ProducerHealthCheck healthCheck;

    public DynaStoreProducer(DynaStoreEndpoint endpoint) {
        super(endpoint);
        this.endpoint = endpoint;
    }

    @Override
    public DynaStoreEndpoint getEndpoint() {
        return endpoint;
    }

    @Override
    public boolean process(Exchange exchange, AsyncCallback callback) {
        Call call;
        OutcomeWriter outcomes;
        CompletableFuture<Outcome> answer;
        try {
            OutcomeWriter.clear(exchange.getMessage());
            outcomes = endpoint.outcomes();
            call = endpoint.calls().read(exchange);
            answer = endpoint.store().execute(call);
        } catch (RuntimeException e) {
            exchange.setException(e);
            callback.done(true);
            return true;
        }
        boolean done = answer.isDone();
        Executor where = done ? Runnable::run : endpoint.getComponent().threads();
        CompletableFuture<Boolean> unused = answer.handleAsync(
                (outcome, error) -> {
                    finish(exchange, call, outcomes, outcome, error);
                    callback.done(done);
                    return done;
                },
                where);
        return done;
    }

    /** The endpoint may have stopped meanwhile: nothing is asked of it here. */
    private static void finish(
            Exchange exchange,
            Call call,
            OutcomeWriter outcomes,
            @Nullable Outcome outcome,
            @Nullable Throwable error) {
        try {
            if (outcome != null) {
                outcomes.write(exchange, call, outcome);
            } else {
                Throwable cause =
                        error instanceof CompletionException && error.getCause() != null ? error.getCause() : error;
                outcomes.failed(exchange, call, cause);
                exchange.setException(cause);
            }
        } catch (RuntimeException e) {
            exchange.setException(e);
        }
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        WritableHealthCheckRepository checks = checks();
        if (checks != null) {
            healthCheck = new ProducerHealthCheck(endpoint);
            healthCheck.setEnabled(endpoint.getComponent().isHealthCheckProducerEnabled());
            checks.addHealthCheck(healthCheck);
        }
    }

    @Override
    protected void doStop() throws Exception {
        WritableHealthCheckRepository checks = checks();
        if (checks != null && healthCheck != null) {
            checks.removeHealthCheck(healthCheck);
        }
        healthCheck = null;
        super.doStop();
    }

    /** Health checks are optional in Camel. */
    private @Nullable WritableHealthCheckRepository checks() {
        return HealthCheckHelper.getHealthCheckRepository(
                endpoint.getCamelContext(), "producers", WritableHealthCheckRepository.class);
    }
}
