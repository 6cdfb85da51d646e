/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.state;

import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.TreeMap;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * The SHA-256 digest of a payload. Equal payloads have equal digests: neither the order of a map's members nor the way
 * in which a number is written counts, nor whether a text arrived as characters or as the bytes of their UTF-8. Pure.
 */
final class PayloadDigest {

    private final MessageDigest digest;

    private PayloadDigest(MessageDigest digest) {
        this.digest = digest;
    }

    /** The digest: 32 bytes. */
    static byte[] of(AttributeValue payload) {
        try {
            PayloadDigest running = new PayloadDigest(MessageDigest.getInstance("SHA-256"));
            running.add(payload);
            return running.digest.digest();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }

    private void add(AttributeValue value) {
        switch (value.type()) {
            case S -> add('B', value.s().getBytes(StandardCharsets.UTF_8));
            case B -> add('B', value.b().asByteArrayUnsafe());
            case N -> add('N', number(value.n()));
            case BOOL -> add('T', new byte[] {(byte) (value.bool() ? 1 : 0)});
            case NUL -> add('0', new byte[0]);
            case L -> {
                begin('L', value.l().size());
                value.l().forEach(this::add);
            }
            case M -> {
                begin('M', value.m().size());
                new TreeMap<>(value.m()).forEach(this::add);
            }
            case SS -> addSorted(value.ss().stream().map(AttributeValue::fromS).toList());
            case NS -> addSorted(value.ns().stream().map(AttributeValue::fromN).toList());
            case BS -> addSorted(value.bs().stream().map(AttributeValue::fromB).toList());
            case UNKNOWN_TO_SDK_VERSION -> throw new IllegalArgumentException("A value of an unknown type");
        }
    }

    private void add(String name, AttributeValue member) {
        add('B', name.getBytes(StandardCharsets.UTF_8));
        add(member);
    }

    /** A set has no order: its members count by their own digests. */
    private void addSorted(List<AttributeValue> members) {
        begin('S', members.size());
        members.stream()
                .map(PayloadDigest::of)
                .sorted((one, other) -> ByteBuffer.wrap(one).compareTo(ByteBuffer.wrap(other)))
                .forEach(digest::update);
    }

    private void add(char type, byte[] content) {
        begin(type, content.length);
        digest.update(content);
    }

    private void begin(char type, int length) {
        digest.update((byte) type);
        digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(length).array());
    }

    private static byte[] number(String number) {
        return new BigDecimal(number).stripTrailingZeros().toString().getBytes(StandardCharsets.US_ASCII);
    }
}
