/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.springboot;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Reports a wrong property as Spring Boot reports its own. */
final class OptionFailureAnalyzer extends AbstractFailureAnalyzer<OptionException> {

    OptionFailureAnalyzer() {}

    @Override
    protected FailureAnalysis analyze(Throwable failure, OptionException cause) {
        return new FailureAnalysis(String.valueOf(cause.getMessage()), cause.action(), cause);
    }
}
