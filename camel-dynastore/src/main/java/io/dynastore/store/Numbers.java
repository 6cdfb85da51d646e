/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Converts numbers between Java and DynamoDB, which holds up to 38 significant digits and magnitudes from 1E-130 to
 * 9.9…E+125. Stateless.
 *
 * <p>See Amazon DynamoDB Developer Guide, "Supported data types", Number.
 */
public final class Numbers {

    private static final int DIGITS = 38;
    private static final int PLAIN_DIGITS = 18;
    private static final int FEW_DIGITS = 1000;
    private static final int HIGHEST_EXPONENT = 125;
    private static final int LOWEST_EXPONENT = -130;
    private static final BigInteger LOWEST_LONG = BigInteger.valueOf(Long.MIN_VALUE);
    private static final BigInteger HIGHEST_LONG = BigInteger.valueOf(Long.MAX_VALUE);

    private Numbers() {}

    /**
     * The text of a number in a request, without an exponent.
     *
     * @throws InvalidInputException if DynamoDB can't hold the number exactly
     */
    public static String text(Number number) {
        if (number instanceof Long
                || number instanceof Integer
                || number instanceof Short
                || number instanceof Byte
                || number instanceof AtomicInteger
                || number instanceof AtomicLong) {
            return Long.toString(number.longValue());
        }
        BigDecimal exact = checked(exact(number));
        return exact.toPlainString();
    }

    /**
     * The Java value of a stored number: a Long if it is whole and in range, else a BigDecimal without trailing
     * zeros.
     */
    public static Number value(String stored) {
        if (isPlain(stored)) {
            return Long.parseLong(stored);
        }
        BigDecimal exact = normal(new BigDecimal(stored));
        if (exact.scale() > 0) {
            return exact;
        }
        BigInteger whole = exact.toBigIntegerExact();
        boolean fits = whole.compareTo(LOWEST_LONG) >= 0 && whole.compareTo(HIGHEST_LONG) <= 0;
        return fits ? (Number) whole.longValue() : new BigDecimal(whole);
    }

    /** Whether a number has the usual form of whole numbers: only digits, few enough for a long. */
    private static boolean isPlain(String stored) {
        int length = stored.length();
        if (length == 0 || length > PLAIN_DIGITS) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if (stored.charAt(i) < '0' || stored.charAt(i) > '9') {
                return false;
            }
        }
        return true;
    }

    /**
     * The exact value of a number.
     *
     * @throws InvalidInputException if it is not finite
     */
    public static BigDecimal exact(Number number) {
        if (number instanceof BigDecimal decimal) {
            return decimal;
        }
        if (number instanceof BigInteger integer) {
            return new BigDecimal(integer);
        }
        String text = String.valueOf(number);
        if (text.length() > FEW_DIGITS) {
            throw new InvalidInputException(
                    "A number of type " + number.getClass().getName() + " has a text of " + text.length()
                            + " characters: give a BigDecimal, or store it as text.");
        }
        try {
            // The text of a double or float is the shortest that identifies it: 0.1f is stored as 0.1.
            return new BigDecimal(text);
        } catch (NumberFormatException e) {
            throw new InvalidInputException(
                    "A number of type " + number.getClass().getName() + " is not finite: DynamoDB can't hold it.");
        }
    }

    private static BigDecimal checked(BigDecimal number) {
        if (number.signum() == 0) {
            return BigDecimal.ZERO;
        }
        // Checked before the zeros are stripped, which fails if the exponent is at the end of its range.
        long exponent = (long) number.precision() - number.scale() - 1;
        if (exponent > HIGHEST_EXPONENT || exponent < LOWEST_EXPONENT) {
            throw new InvalidInputException("A number has the magnitude 1E" + exponent + ", DynamoDB holds 1E"
                    + LOWEST_EXPONENT + " to 9.9E+" + HIGHEST_EXPONENT + ": scale it, or store it as text.");
        }
        BigDecimal normal = shortened(number).stripTrailingZeros();
        if (normal.precision() > DIGITS) {
            throw new InvalidInputException("A number has " + normal.precision()
                    + " significant digits, DynamoDB holds " + DIGITS + ": round it, or store it as text.");
        }
        return normal;
    }

    /**
     * The same number with few digits, if the rest is zeros. The JDK strips zeros one by one, which takes quadratic
     * time; one division tells whether they are all zeros.
     */
    private static BigDecimal shortened(BigDecimal number) {
        int surplus = number.precision() - DIGITS;
        if (surplus <= FEW_DIGITS) {
            return number;
        }
        try {
            return number.setScale(number.scale() - surplus, RoundingMode.UNNECESSARY);
        } catch (ArithmeticException e) {
            throw new InvalidInputException("A number has more than " + DIGITS
                    + " significant digits, the most that DynamoDB holds: round it, or store it as text.");
        }
    }

    private static BigDecimal normal(BigDecimal number) {
        BigDecimal stripped = number.signum() == 0 ? BigDecimal.ZERO : number.stripTrailingZeros();
        return stripped.scale() < 0 ? stripped.setScale(0) : stripped;
    }
}
