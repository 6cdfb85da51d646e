/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.benchmarks;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/**
 * The items of repositories, in the stub. It keeps what is put as the text of the request, and returns it. Each
 * condition is true, except that of the second add of the key that duplicates have. Queries find nothing.
 *
 * <p>Not thread safe: the stub has one thread.
 */
final class StubItems {

    /** What partition keys of repositories begin with. */
    static final String REPOSITORY = "\"_ds/";

    /** The key of duplicates. */
    private static final String DUPLICATE = "\"key-0\"";

    private static final String ADD = "#owner = :owner";
    private static final String ITEM = "\"Item\":";
    private static final String KEY = "\"Key\":";
    private static final byte[] NOTHING = bytes("{}");
    private static final byte[] SETTINGS = bytes("{\"Attributes\":{\"_dsshards\":{\"N\":\"16\"}}}");
    private static final byte[] NO_PAGE = bytes("{\"Count\":0,\"ScannedCount\":0,\"Items\":[]}");

    private static final byte[] REFUSED = bytes("{\"__type\":\"com.amazonaws.dynamodb.v20120810"
            + "#ConditionalCheckFailedException\",\"message\":\"The conditional request failed\"}");

    private static final Map<String, String> ITEMS = new HashMap<>();
    private static boolean known;

    private StubItems() {}

    /** The body of the response to a request. */
    static byte[] response(String target, String body) {
        return switch (target) {
            case "putitem", "transactwriteitems" -> {
                putAll(body);
                yield NOTHING;
            }
            case "getitem" -> {
                String item = ITEMS.get(key(body, body.indexOf(KEY)));
                yield item == null ? NOTHING : bytes("{" + ITEM + item + "}");
            }
            case "deleteitem" -> {
                ITEMS.remove(key(body, body.indexOf(KEY)));
                yield NOTHING;
            }
            case "query" -> NO_PAGE;
            case "updateitem" -> updated(body);
            default -> throw new IllegalArgumentException(target);
        };
    }

    private static byte[] updated(String body) {
        if (body.contains(DUPLICATE) && body.contains(ADD)) {
            byte[] response = known ? REFUSED : NOTHING;
            known = true;
            return response;
        }
        return body.contains("ALL_NEW") ? SETTINGS : NOTHING;
    }

    /** Whether a body is that of an error. */
    static boolean refuses(byte[] body) {
        return body == REFUSED;
    }

    private static void putAll(String body) {
        for (int at = body.indexOf(ITEM); at >= 0; at = body.indexOf(ITEM, at + 1)) {
            int start = at + ITEM.length();
            ITEMS.put(key(body, start), body.substring(start, end(body, start)));
        }
    }

    /** The values of both keys, which are the first of these names. */
    private static String key(String body, int from) {
        return text(body, "\"id\":{\"S\":\"", from) + '\n' + text(body, "\"name\":{\"S\":\"", from);
    }

    private static String text(String body, String name, int from) {
        int start = body.indexOf(name, from) + name.length();
        return body.substring(start, body.indexOf('"', start));
    }

    /** The end of an object whose texts have no braces. */
    private static int end(String body, int start) {
        int depth = 0;
        int at = start;
        do {
            char each = body.charAt(at++);
            depth += each == '{' ? 1 : each == '}' ? -1 : 0;
        } while (depth > 0);
        return at;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
