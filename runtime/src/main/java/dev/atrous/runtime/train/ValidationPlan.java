package dev.atrous.runtime.train;

import dev.atrous.runtime.AtrousException;
import java.math.BigDecimal;
import java.time.Duration;

/**
 * When a training validates, and when that ends it.
 *
 * @param steps between validations: after every step whose number is a multiple; 0, the default,
 *     for none
 * @param every time between validations; zero, the default, for none. Not both.
 * @param patience after how many validations in a row without a better mIoU the training ends; 0,
 *     the default, for never
 */
public record ValidationPlan(int steps, Duration every, int patience) {
  /** No validation. */
  public static final ValidationPlan NONE = new ValidationPlan(0, Duration.ZERO, 0);

  /**
   * Checks the numbers.
   *
   * @throws AtrousException if one is negative, there are both steps and time, or there is patience
   *     without validations
   */
  public ValidationPlan {
    requirePositive("number of steps between validations", steps, steps < 0);
    requirePositive("time between validations", every, every.isNegative());
    requirePositive("patience", patience, patience < 0);
    if (steps > 0 && !every.isZero()) {
      throw new AtrousException("Validations are due by steps or by time, not by both.");
    }
    if (patience > 0 && steps == 0 && every.isZero()) {
      throw new AtrousException(
          "A patience of %d counts validations, and there are none. Say when to validate (--validate-steps, --validate-minutes), or leave it out."
              .formatted(patience));
    }
  }

  private static void requirePositive(String what, Object value, boolean negative) {
    if (negative) {
      throw new AtrousException("The " + what + " is " + value + "; it must be at least 0.");
    }
  }

  /** Validations at intervals of time, whatever they show. */
  public static ValidationPlan every(Duration time) {
    return new ValidationPlan(0, time, 0);
  }

  /** Validations after every so many steps, whatever they show. */
  public static ValidationPlan everySteps(int steps) {
    return new ValidationPlan(steps, Duration.ZERO, 0);
  }

  /** The same with an end where so many validations in a row bring no better mIoU. */
  public ValidationPlan withPatience(int validations) {
    return new ValidationPlan(steps, every, validations);
  }

  /** In words: {@code every 500 steps, patience 10}. */
  public String inWords() {
    if (!isOn()) {
      return "never";
    }
    String when =
        steps > 0
            ? "every " + steps + " steps"
            : "every %s minutes"
                .formatted(
                    BigDecimal.valueOf(every.toMillis() / 6e4)
                        .stripTrailingZeros()
                        .toPlainString());
    return patience == 0 ? when : when + ", patience " + patience;
  }

  /** Whether there are validations. */
  public boolean isOn() {
    return steps > 0 || !every.isZero();
  }
}
