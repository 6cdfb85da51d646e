/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store.internal.lean;

import java.util.AbstractMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.AwsResponseMetadata;
import software.amazon.awssdk.awscore.util.AwsHeader;
import software.amazon.awssdk.core.http.HttpResponseHandler;
import software.amazon.awssdk.http.SdkHttpResponse;

/** The request id and the headers of a response, as the SDK has them. */
final class ResponseMetadata extends AwsResponseMetadata {

    ResponseMetadata(SdkHttpResponse head) {
        super(new Values(head));
    }

    /** Made when it is asked for, since it hardly ever is. Thread safe. */
    private static final class Values extends AbstractMap<String, @Nullable String> {

        private final SdkHttpResponse head;
        private volatile @Nullable Map<String, @Nullable String> values;

        Values(SdkHttpResponse head) {
            this.head = head;
        }

        @Override
        public Set<Entry<String, @Nullable String>> entrySet() {
            return all().entrySet();
        }

        @Override
        public @Nullable String get(@Nullable Object key) {
            return all().get(key);
        }

        private Map<String, @Nullable String> all() {
            Map<String, @Nullable String> made = values;
            if (made == null) {
                made = make();
                values = made;
            }
            return made;
        }

        private Map<String, @Nullable String> make() {
            Map<String, @Nullable String> all = new HashMap<>();
            all.put(
                    AwsHeader.AWS_REQUEST_ID,
                    head.firstMatchingHeader(HttpResponseHandler.X_AMZN_REQUEST_ID_HEADERS)
                            .orElse(null));
            head.forEachHeader((name, values) -> all.put(name, values.get(0)));
            return all;
        }
    }
}
