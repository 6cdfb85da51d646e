/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store.internal.item;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;

/** A request that a forwarding client lacks would end with an UnsupportedOperationException, over that client alone. */
class ForwardingClientTest {

    /** Those that send nothing. */
    private static final Set<String> NO_REQUESTS =
            Set.of("builder", "close", "serviceClientConfiguration", "serviceName", "waiter");

    @Test
    void hasAllRequestsThatAreSent() {
        Set<String> forwarded = Arrays.stream(ForwardingClient.class.getDeclaredMethods())
                .map(Method::getName)
                .collect(Collectors.toSet());
        JavaClasses main = new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages("io.dynastore.store", "io.dynastore.lease", "io.dynastore.camel");

        Set<String> sent = new TreeSet<>();
        main.forEach(each -> {
            each.getMethodCallsFromSelf().stream()
                    .filter(call -> call.getTargetOwner().isEquivalentTo(DynamoDbAsyncClient.class))
                    .map(JavaMethodCall::getName)
                    .forEach(sent::add);
            each.getMethodReferencesFromSelf().stream()
                    .filter(reference -> reference.getTargetOwner().isEquivalentTo(DynamoDbAsyncClient.class))
                    .forEach(reference -> sent.add(reference.getName()));
        });
        sent.removeAll(NO_REQUESTS);

        assertThat(sent).contains("updateItem", "describeTable", "batchWriteItem");
        assertThat(forwarded).containsAll(sent);
    }
}
