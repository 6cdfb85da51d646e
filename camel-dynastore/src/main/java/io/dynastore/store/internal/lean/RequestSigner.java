/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store.internal.lean;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Signs the requests of one template with one set of credentials: Signature Version 4, with the signature in a header.
 * Thread safe.
 *
 * <p>It is written here because the SDK's signer is most of the cost of a request: it takes the request apart, and
 * sorts and joins its headers each time. All requests of a template have the same headers, so that this is done once.
 * What is left is three hashes. The signing key depends on the day, and is kept as long as that.
 *
 * <p>Why it can be trusted:
 *
 * <ul>
 *   <li>A template is used only if this gives the signature that the SDK gave to the same request, see
 *       {@link RequestTemplates}. So paths, headers, credentials and kinds of signatures that are not covered here are
 *       left to the SDK.
 *   <li>What differs between two requests of a template has no form to go wrong: two hashes, a length, a date and a
 *       random number.
 *   <li>A wrong signature does no harm: the service refuses the request before it reads it.
 * </ul>
 *
 * <p>Decision 21 in docs/decisions has the reasons.
 */
final class RequestSigner {

    private static final String ALGORITHM = "AWS4-HMAC-SHA256";
    private static final String SCOPE_END = "aws4_request";
    private static final String MAC = "HmacSHA256";
    private static final String HASH = "SHA-256";
    private static final int DAY_LENGTH = 8;
    private static final HexFormat HEX = HexFormat.of();

    /** Headers that proxies may change, or that are no part of what the service checks. The SDK leaves out the same. */
    private static final Set<String> UNSIGNED =
            Set.of("authorization", "connection", "expect", "transfer-encoding", "user-agent", "x-amzn-trace-id");

    private static final DateTimeFormatter DATE =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

    private static final ThreadLocal<MessageDigest> HASHES = ThreadLocal.withInitial(RequestSigner::newHash);
    private static final ThreadLocal<Mac> MACS = ThreadLocal.withInitial(RequestSigner::newMac);

    private final String accessKeyId;
    private final String secret;
    private final String region;
    private final String service;
    private final String signedHeaders;

    /** What is the same in all canonical requests; the value of one own header comes after each part. */
    private final List<byte[]> parts = new ArrayList<>();

    private final List<OwnHeader> between = new ArrayList<>();
    private volatile @Nullable DayKey dayKey;
    private volatile @Nullable Second second;

    /** The key of a day, and what precedes each signature of that day. */
    private record DayKey(String day, Key key, String scope, String beforeSignature) {}

    /** Formatting a date costs as much as a hash. */
    private record Second(long epoch, String date) {}

    /**
     * A signer.
     *
     * @param path the path of all requests
     * @param headers the names of all their headers in lower case, with the values of those that are the same in all
     */
    RequestSigner(
            String accessKeyId,
            String secret,
            String region,
            String service,
            String path,
            SortedMap<String, String> headers) {
        this.accessKeyId = accessKeyId;
        this.secret = secret;
        this.region = region;
        this.service = service;
        List<String> names = headers.keySet().stream()
                .filter(name -> !UNSIGNED.contains(name))
                .toList();
        this.signedHeaders = String.join(";", names);
        StringBuilder part =
                new StringBuilder("POST\n").append(path.isEmpty() ? "/" : path).append("\n\n");
        for (String name : names) {
            part.append(name).append(':');
            OwnHeader own = OwnHeader.of(name);
            if (own == null) {
                part.append(headers.get(name));
            } else {
                add(part, own);
            }
            part.append('\n');
        }
        add(part.append('\n').append(signedHeaders).append('\n'), OwnHeader.HASH);
    }

    private void add(StringBuilder part, OwnHeader next) {
        parts.add(bytes(part.toString()));
        between.add(next);
        part.setLength(0);
    }

    /** The hash of a body in hexadecimal digits. */
    static String hash(byte[] body) {
        return HEX.formatHex(hash().digest(body));
    }

    /** A moment as it is in the header. */
    String date(Instant now) {
        Second current = second;
        if (current == null || current.epoch() != now.getEpochSecond()) {
            current = new Second(now.getEpochSecond(), DATE.format(now));
            second = current;
        }
        return current.date();
    }

    /**
     * The value of the header with the signature.
     *
     * @param own the values of all other own headers, in the order of {@link OwnHeader}
     */
    String authorization(String[] own) {
        MessageDigest canonical = hash();
        for (int i = 0; i < parts.size(); i++) {
            canonical.update(parts.get(i));
            canonical.update(bytes(between.get(i).in(own)));
        }
        String date = OwnHeader.DATE.in(own);
        DayKey today = dayKey(date.substring(0, DAY_LENGTH));
        String text = ALGORITHM + '\n' + date + '\n' + today.scope() + '\n' + HEX.formatHex(canonical.digest());
        return today.beforeSignature() + HEX.formatHex(mac(today.key(), text));
    }

    private DayKey dayKey(String day) {
        DayKey current = dayKey;
        if (current == null || !current.day().equals(day)) {
            current = newDayKey(day);
            dayKey = current;
        }
        return current;
    }

    private DayKey newDayKey(String day) {
        byte[] key = bytes("AWS4" + secret);
        for (String part : List.of(day, region, service, SCOPE_END)) {
            key = mac(new SecretKeySpec(key, MAC), part);
        }
        String scope = String.join("/", day, region, service, SCOPE_END);
        return new DayKey(
                day,
                new SecretKeySpec(key, MAC),
                scope,
                ALGORITHM + " Credential=" + accessKeyId + '/' + scope + ", SignedHeaders=" + signedHeaders
                        + ", Signature=");
    }

    private static byte[] mac(Key key, String text) {
        Mac mac = MACS.get();
        try {
            mac.init(key);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
        return mac.doFinal(bytes(text));
    }

    private static MessageDigest hash() {
        MessageDigest hash = HASHES.get();
        hash.reset();
        return hash;
    }

    private static MessageDigest newHash() {
        try {
            return MessageDigest.getInstance(HASH);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Mac newMac() {
        try {
            return Mac.getInstance(MAC);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
