package dev.atrous.runtime.report;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;

/**
 * An axis from 0 to a round number, with its ticks.
 *
 * @param end the last tick, greater than 0
 * @param step from tick to tick
 */
record Scale(double end, double step) {
  private static final double[] ROUND = {1, 2, 5, 10};

  /**
   * An axis that has room for a value.
   *
   * @param most 0 or more
   * @param ticks about as many, without 0
   */
  static Scale upTo(double most, int ticks) {
    double value = most > 0 && Double.isFinite(most) ? most : 1;
    double unit = Math.pow(10, Math.floor(Math.log10(value / ticks)));
    double step = 10 * unit;
    for (double round : ROUND) {
      if (value / (round * unit) <= ticks) {
        step = round * unit;
        break;
      }
    }
    return new Scale(Math.ceil(value / step - 1e-9) * step, step);
  }

  /** From 0 to the end. */
  List<Double> ticks() {
    List<Double> ticks = new ArrayList<>();
    for (int i = 0; i * step <= end * (1 + 1e-9); i++) {
      ticks.add(i * step);
    }
    return ticks;
  }

  /** A tick in figures. */
  static String text(double tick) {
    BigDecimal rounded = new BigDecimal(tick).round(new MathContext(6, RoundingMode.HALF_UP));
    return rounded.signum() == 0 ? "0" : rounded.stripTrailingZeros().toPlainString();
  }
}
