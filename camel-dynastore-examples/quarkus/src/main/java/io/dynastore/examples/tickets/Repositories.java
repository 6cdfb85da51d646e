/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.examples.tickets;

import io.dynastore.camel.state.DynaStoreIdempotentRepository;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.time.Duration;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** The repositories that routes name. Camel starts and stops them. */
public class Repositories {

    /** The customers that were welcomed, on whichever node. */
    @Produces
    @Singleton
    @Named("welcomed")
    DynaStoreIdempotentRepository welcomed(@ConfigProperty(name = "tickets.table") String table) {
        DynaStoreIdempotentRepository repository = new DynaStoreIdempotentRepository();
        repository.setTableName(table);
        repository.setName("welcomed");
        repository.setTtl(Duration.ofDays(365));
        return repository;
    }
}
