/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel;

import io.dynastore.store.Call;
import io.dynastore.store.CallFigures;
import io.dynastore.store.Operation;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
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
        CompletableFuture<Consumer<Exchange>> answer;
        try {
            OutcomeWriter.clear(exchange.getMessage());
            Operation operation = endpoint.calls().operation(exchange.getMessage());
            answer = operation.locks() ? lock(exchange, operation) : store(exchange, operation);
        } catch (RuntimeException e) {
            exchange.setException(e);
            callback.done(true);
            return true;
        }
        boolean done = answer.isDone();
        Executor where = done ? Runnable::run : endpoint.getComponent().threads();
        CompletableFuture<Boolean> unused = answer.handleAsync(
                (result, error) -> {
                    finish(exchange, result, error);
                    callback.done(done);
                    return done;
                },
                where);
        return done;
    }

    private CompletableFuture<Consumer<Exchange>> lock(Exchange exchange, Operation operation) {
        CallFigures counted = endpoint.store().figures().of(operation);
        long began = System.nanoTime();
        try {
            return endpoint.locks()
                    .execute(exchange, operation)
                    .whenComplete((done, error) -> counted.ended(began, error));
        } catch (RuntimeException e) {
            counted.ended(began, e);
            throw e;
        }
    }

    private Call read(Exchange exchange, Operation operation) {
        long began = System.nanoTime();
        try {
            return endpoint.calls().read(exchange, operation);
        } catch (RuntimeException e) {
            endpoint.store().figures().of(operation).ended(began, e);
            throw e;
        }
    }

    /** The endpoint may have stopped when the answer comes: nothing is asked of it then. */
    private CompletableFuture<Consumer<Exchange>> store(Exchange exchange, Operation operation) {
        OutcomeWriter outcomes = endpoint.outcomes();
        Call call = read(exchange, operation);
        return endpoint.store().execute(call).handle((outcome, error) -> done -> {
            if (outcome != null) {
                outcomes.write(done, call, outcome);
            } else {
                Throwable cause = cause(error);
                outcomes.failed(done, call, cause);
                done.setException(cause);
            }
        });
    }

    private static void finish(Exchange exchange, @Nullable Consumer<Exchange> result, @Nullable Throwable error) {
        try {
            if (result == null) {
                exchange.setException(cause(error));
            } else {
                result.accept(exchange);
            }
        } catch (RuntimeException e) {
            exchange.setException(e);
        }
    }

    private static @Nullable Throwable cause(@Nullable Throwable error) {
        return error instanceof CompletionException && error.getCause() != null ? error.getCause() : error;
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
