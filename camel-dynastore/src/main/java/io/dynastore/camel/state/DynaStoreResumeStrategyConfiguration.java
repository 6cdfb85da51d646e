/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.state;

import org.apache.camel.resume.Cacheable;
import org.apache.camel.resume.ResumeStrategyConfiguration;
import org.apache.camel.support.resume.BasicResumeStrategyConfigurationBuilder;
import org.jspecify.annotations.Nullable;

/**
 * Describes a {@link DynaStoreResumeStrategy} that the {@code resumable} step of a route makes. Its cache holds all
 * positions, unless another one is set. Set all that is wanted before the route starts.
 */
public final class DynaStoreResumeStrategyConfiguration extends ResumeStrategyConfiguration {

    static final String SERVICE = "dynastore-resume-strategy";

    private @Nullable String tableName;
    private @Nullable String name;

    DynaStoreResumeStrategyConfiguration() {
        setResumeCache(new PositionCache());
        setCacheFillPolicy(Cacheable.FillPolicy.MAXIMIZING);
    }

    /** A builder. */
    public static Builder builder() {
        return new Builder();
    }

    /** The name of the table; null if the strategy has one. */
    public @Nullable String getTableName() {
        return tableName;
    }

    /** The name of the strategy; null if the strategy has one. */
    public @Nullable String getName() {
        return name;
    }

    @Override
    public String resumeStrategyService() {
        return SERVICE;
    }

    /** Builds the configuration. */
    public static final class Builder
            extends BasicResumeStrategyConfigurationBuilder<Builder, DynaStoreResumeStrategyConfiguration> {

        private @Nullable String tableName;
        private @Nullable String name;

        Builder() {}

        /** The name of the table; its keys are text, and it has a sort key. */
        public Builder withTableName(String table) {
            tableName = table;
            return this;
        }

        /** The name of the strategy, without a slash. Strategies of the same name share their positions. */
        public Builder withName(String strategy) {
            name = strategy;
            return this;
        }

        @Override
        public DynaStoreResumeStrategyConfiguration build() {
            DynaStoreResumeStrategyConfiguration built = new DynaStoreResumeStrategyConfiguration();
            built.tableName = tableName;
            built.name = name;
            buildCommonConfiguration(built);
            if (built.getResumeCache() == null) {
                built.setResumeCache(new PositionCache());
            }
            return built;
        }
    }
}
