/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store.internal.lean;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Names that responses have in common, so that none is made again for each. It keeps a few short ones, and replaces
 * them by others. Thread safe.
 */
final class Names {

    private static final int LONGEST = 32;

    /** A power of two. */
    private static final int MOST = 256;

    private static final AtomicReferenceArray<String> KEPT = new AtomicReferenceArray<>(MOST);

    private Names() {}

    /** The name that these bytes are in ASCII; null if they are not, or too many. */
    static @Nullable String of(byte[] bytes, int from, int to) {
        if (to - from > LONGEST) {
            return null;
        }
        int hash = 0;
        for (int i = from; i < to; i++) {
            if (bytes[i] < 0) {
                return null;
            }
            hash = 31 * hash + bytes[i];
        }
        int place = hash & (MOST - 1);
        String kept = KEPT.getPlain(place);
        if (kept != null && kept.length() == to - from && isSame(kept, bytes, from)) {
            return kept;
        }
        String name = new String(bytes, from, to - from, StandardCharsets.US_ASCII);
        KEPT.setRelease(place, name);
        return name;
    }

    private static boolean isSame(String kept, byte[] bytes, int from) {
        for (int i = 0; i < kept.length(); i++) {
            if (bytes[from + i] != kept.charAt(i)) {
                return false;
            }
        }
        return true;
    }
}
