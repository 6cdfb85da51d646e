/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.testkit;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.dynastore.test.DynamoDbExtension;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/**
 * What DynamoDB Local can do, and some compatible engines can't. The embedded engine is never asked, so that a test of it
 * always runs. An engine that {@code dynastore.test.endpoint} names is asked once.
 */
public enum EngineAbility {
    /** Transactions. */
    TRANSACT_WRITE_ITEMS(EngineQuestions::transactWriteItems),
    /** A time to live that can be switched on. */
    UPDATE_TIME_TO_LIVE(EngineQuestions::updateTimeToLive),
    /** The changes of a table, in order. */
    STREAMS(EngineQuestions::streams),
    /** The item that made a condition fail comes back with the failure. */
    OLD_ITEM_OF_A_FAILED_CONDITION(EngineQuestions::oldItem),
    /** A filter on an attribute that the index does not project is an error. */
    FILTERS_CHECKED_BY_PROJECTION(EngineQuestions::filtersAreChecked),
    /** A number of an update comes back with its trailing zeros and the sign of its zero. AWS does not keep these. */
    NUMBERS_AS_WRITTEN(EngineQuestions::numbersAsWritten),
    /** An empty text that is an index key is refused. */
    EMPTY_INDEX_KEYS_REFUSED(EngineQuestions::emptyIndexKeysAreRefused),
    /** An update may store an attribute of another type than the index key that it is. AWS refuses it. */
    INDEX_KEYS_OF_ANY_TYPE(EngineQuestions::indexKeysOfAnyType),
    /** An index whose keys consist of several attributes. */
    INDEXES_WITH_SEVERAL_KEY_ATTRIBUTES(EngineQuestions::indexesWithSeveralKeyAttributes);

    private static final String ENDPOINT = System.getProperty("dynastore.test.endpoint", "");

    private static final Map<EngineAbility, Boolean> KNOWN = new ConcurrentHashMap<>();

    @SuppressWarnings("ImmutableEnumChecker") // a function without state
    private final Predicate<DynamoDbExtension> question;

    EngineAbility(Predicate<DynamoDbExtension> question) {
        this.question = question;
    }

    /** Whether the engine of the tests has it. */
    public boolean present() {
        return ENDPOINT.isBlank() || KNOWN.computeIfAbsent(this, EngineAbility::ask);
    }

    /** Asks the engine of the tests, whatever it is. */
    public boolean ask() {
        return question.test(DynamoDbExtension.create());
    }

    /** Skips the running test if the engine lacks it. */
    public void assume() {
        assumeTrue(present(), gap());
    }

    /** In words, what the engine lacks. */
    String gap() {
        return "The engine at " + ENDPOINT + " has no " + this;
    }
}
