package dev.atrous.runtime.train;

import dev.atrous.runtime.AtrousException;
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
    if (steps < 0 || every.isNegative() || patience < 0) {
      throw new AtrousException(
          "Validations every %d steps, or every %s, with a patience of %d: none of the numbers may be negative."
              .formatted(steps, every, patience));
    }
    if (steps > 0 && !every.isZero()) {
      throw new AtrousException("Validations are due by steps or by time, not by both.");
    }
    if (patience > 0 && steps == 0 && every.isZero()) {
      throw new AtrousException(
          "A patience of %d counts validations, and there are none. Say when to validate (--validate-steps, --validate-minutes), or leave it out."
              .formatted(patience));
    }
  }

  /** Validations after every so many steps, whatever they show. */
  public static ValidationPlan everySteps(int steps) {
    return new ValidationPlan(steps, Duration.ZERO, 0);
  }

  /** The same with an end where so many validations in a row bring no better mIoU. */
  public ValidationPlan withPatience(int validations) {
    return new ValidationPlan(steps, every, validations);
  }

  /** Whether there are validations. */
  public boolean isOn() {
    return steps > 0 || !every.isZero();
  }
}
