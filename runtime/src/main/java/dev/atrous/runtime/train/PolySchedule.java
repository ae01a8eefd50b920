package dev.atrous.runtime.train;

/**
 * The learning rate of section 4.1 of the paper: {@code initial * (1 - step / steps) ^ power}.
 *
 * @param initial learning rate of step 0
 * @param steps of the full run
 * @param power greater than 0
 */
record PolySchedule(double initial, int steps, double power) {

  /** Learning rate of a step, {@code 0 <= step < steps}. */
  double at(long step) {
    return initial * Math.pow(1 - (double) step / steps, power);
  }
}
