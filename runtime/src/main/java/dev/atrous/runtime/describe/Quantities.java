package dev.atrous.runtime.describe;

import dev.atrous.runtime.model.LayerDescription;
import java.math.BigDecimal;
import java.util.Locale;

/** How numbers are written, the same in every language of the machine. */
public final class Quantities {
  private static final double MEBI = 1 << 20;
  private static final double GIBI = 1 << 30;

  private Quantities() {}

  /** Digits without an exponent: {@code 0.0001}. */
  public static String plain(double value) {
    return BigDecimal.valueOf(value).stripTrailingZeros().toPlainString();
  }

  /** Digits in groups of three: {@code 2,359,808}. */
  public static String count(long value) {
    return format("%,d", value);
  }

  /** Three digits or four, for a glance: {@code 58.04 M}. */
  public static String rounded(long value) {
    if (value < 1000) {
      return Long.toString(value);
    }
    double thousands = value / 1e3;
    if (thousands < 1000) {
      return format("%.1f K", thousands);
    }
    return thousands < 1e6 ? format("%.2f M", thousands / 1e3) : format("%.2f G", thousands / 1e6);
  }

  /** In units of 10^9: {@code 2.570 G}. */
  public static String giga(long value) {
    return format("%.3f G", value / 1e9);
  }

  /** For comparison in a column: {@code 68.1 MiB}. */
  public static String mebibytes(long bytes) {
    return format("%,.1f MiB", bytes / MEBI);
  }

  /** In the unit that suits: {@code 221.9 MiB} or {@code 19.83 GiB}. */
  public static String memory(long bytes) {
    return bytes < GIBI ? mebibytes(bytes) : format("%,.2f GiB", bytes / GIBI);
  }

  /** A share of 0 to 1: {@code 77.2%}. */
  public static String percent(double share) {
    return format("%.1f%%", 100 * share);
  }

  /** Rows, columns and channels of what a layer writes: {@code 33x33x256}. */
  public static String output(LayerDescription layer) {
    return layer.height() + "x" + layer.width() + "x" + layer.channels();
  }

  /** With the sign of multiplication: {@code 33 × 33} for {@code 33x33} and {@code 33 x 33}. */
  public static String typeset(String size) {
    return size.replaceAll("(?<=\\d) ?x ?(?=\\d)", " × ");
  }

  private static String format(String format, Object value) {
    return String.format(Locale.ROOT, format, value);
  }
}
