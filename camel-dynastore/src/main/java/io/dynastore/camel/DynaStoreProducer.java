/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel;

import io.dynastore.camel.internal.message.OutcomeWriter;
import io.dynastore.store.Call;
import io.dynastore.store.Failures;
import io.dynastore.store.Operation;
import io.dynastore.store.metrics.OperationMetrics;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import org.apache.camel.AsyncCallback;
import org.apache.camel.Exchange;
import org.apache.camel.health.HealthCheckHelper;
import org.apache.camel.health.WritableHealthCheckRepository;
import org.apache.camel.support.DefaultAsyncProducer;
import org.jspecify.annotations.Nullable;

/**
 * Sends an exchange to the store and continues when the response is there. No thread waits meanwhile. Errors are set on
 * the exchange as they are, so that {@code onException} sees their type.
 */
public class DynaStoreProducer extends DefaultAsyncProducer {

    private final DynaStoreEndpoint endpoint;

    /** Kept here, as the endpoint may stop and start again while this producer is in use. */
    private volatile @Nullable StartedEndpoint started;

    private @Nullable DynaStoreProducerHealthCheck healthCheck;

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
        try {
            OutcomeWriter.clear(exchange.getMessage());
            StartedEndpoint table = table();
            DynaStoreOperation operation = table.calls().operation(exchange.getMessage());
            return operation
                    .store()
                    .map(call -> store(table, exchange, call, callback))
                    .orElseGet(() -> lock(table, exchange, operation, callback));
        } catch (RuntimeException | Error e) {
            // Whatever it is, the exchange ends.
            exchange.setException(e);
            callback.done(true);
            return true;
        }
    }

    private StartedEndpoint table() {
        StartedEndpoint current = started;
        return current == null ? endpoint.started() : current;
    }

    private boolean store(StartedEndpoint table, Exchange exchange, Operation operation, AsyncCallback callback) {
        OutcomeWriter outcomes = table.outcomes();
        Call<?> call = read(table, exchange, operation);
        return await(table.store().execute(call), exchange, callback, (outcome, error) -> {
            if (outcome != null) {
                outcomes.write(exchange, call, outcome);
            } else {
                outcomes.failed(exchange, call, error);
            }
        });
    }

    private static Call<?> read(StartedEndpoint table, Exchange exchange, Operation operation) {
        long began = System.nanoTime();
        try {
            return table.calls().read(exchange, operation);
        } catch (RuntimeException e) {
            table.store().metrics().of(operation).ended(began, e);
            throw e;
        }
    }

    private boolean lock(
            StartedEndpoint table, Exchange exchange, DynaStoreOperation operation, AsyncCallback callback) {
        OperationMetrics counted = table.store().metrics().of(operation.text());
        long began = System.nanoTime();
        try {
            return await(table.locks().execute(exchange, operation), exchange, callback, (result, error) -> {
                counted.ended(began, error);
                if (result != null) {
                    result.accept(exchange);
                }
            });
        } catch (RuntimeException e) {
            counted.ended(began, e);
            throw e;
        }
    }

    /**
     * Continues when the response is there: on this thread if it is there already, else on a thread of the routes.
     *
     * @param end takes the result, or null and the error, which is set on the exchange in any case
     * @return whether all is done
     */
    private <T> boolean await(
            CompletableFuture<T> response,
            Exchange exchange,
            AsyncCallback callback,
            BiConsumer<@Nullable T, @Nullable Throwable> end) {
        boolean done = response.isDone();
        BiConsumer<@Nullable T, @Nullable Throwable> finish = (result, error) -> {
            finish(exchange, result, error == null ? null : Failures.cause(error), end);
            callback.done(done);
        };
        CompletableFuture<T> unused = done
                ? response.whenComplete(finish)
                : response.whenCompleteAsync(finish, endpoint.getComponent().threads());
        return done;
    }

    private static <T> void finish(
            Exchange exchange,
            @Nullable T result,
            @Nullable Throwable error,
            BiConsumer<@Nullable T, @Nullable Throwable> end) {
        try {
            if (error != null) {
                exchange.setException(error);
            }
            end.accept(result, error);
        } catch (RuntimeException | Error e) {
            exchange.setException(e);
        }
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        started = endpoint.started();
        WritableHealthCheckRepository checks = checks();
        if (checks != null) {
            // Two producers that start at once must not get the same id.
            synchronized (checks) {
                healthCheck = new DynaStoreProducerHealthCheck(
                        endpoint, id -> checks.getCheck(id).isPresent());
                healthCheck.setEnabled(endpoint.getComponent().isHealthCheckProducerEnabled());
                checks.addHealthCheck(healthCheck);
            }
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
