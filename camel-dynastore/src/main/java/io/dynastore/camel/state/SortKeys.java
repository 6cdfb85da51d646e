/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.state;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Sort keys for any text. A text that no sort key can hold is stored as {@code sha256/<hash>}: an empty one, one over
 * 1,024 bytes, one that UTF-8 can't hold, and one that begins like such a hash. Pure.
 */
final class SortKeys {

    private static final String HASHED = "sha256/";
    private static final int LONGEST_KEY = 1024;
    private static final int LONGEST_SHOWN = 100;

    private SortKeys() {}

    /** The sort key of a text: different texts have different ones. */
    static String of(String key) {
        boolean fits = !key.isEmpty()
                && !key.startsWith(HASHED)
                && StandardCharsets.UTF_8.newEncoder().canEncode(key)
                && key.getBytes(StandardCharsets.UTF_8).length <= LONGEST_KEY;
        return fits ? key : HASHED + hash(key);
    }

    /** A key as messages show it: short, and on one line. */
    static String shown(String key) {
        String line = key.codePoints()
                .limit(LONGEST_SHOWN)
                .map(c -> Character.isISOControl(c) ? '?' : c)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
        return line.length() < key.length() ? line + "..." : line;
    }

    /** Of the characters and not of their UTF-8, in which different broken texts become equal. */
    private static String hash(String key) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (int i = 0; i < key.length(); i++) {
                digest.update((byte) (key.charAt(i) >> Byte.SIZE));
                digest.update((byte) key.charAt(i));
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }
}
