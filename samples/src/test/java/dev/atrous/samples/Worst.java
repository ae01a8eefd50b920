package dev.atrous.samples;

import static org.assertj.core.api.Assertions.assertThat;

/** The largest of many errors, and what it is the error of. */
public final class Worst {
  private final String what;
  private String name = "none";
  private double error;

  /**
   * @param what is compared
   */
  public Worst(String what) {
    this.what = what;
  }

  /** Takes an error into account; one that is not a number is larger than all others. */
  public void add(String of, double value) {
    if (Double.isNaN(value) || value > error) {
      name = of;
      error = Double.isNaN(value) ? Double.POSITIVE_INFINITY : value;
    }
  }

  /** Fails if an error was larger than the tolerance. */
  public void check(double tolerance) {
    assertThat(error).as("%s of %s", what, name).isLessThan(tolerance);
  }

  @Override
  public String toString() {
    return "%s %s: %.1e".formatted(what, name, error);
  }
}
