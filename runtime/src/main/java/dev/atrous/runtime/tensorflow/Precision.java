package dev.atrous.runtime.tensorflow;

import java.util.Locale;

/** The numbers that convolutions are computed with. */
public enum Precision {
  /** float32 throughout. */
  FLOAT32,
  /**
   * Convolutions, their derivatives and what lies between them in bfloat16 (8 bits of precision,
   * the range of float32), where the CPU has instructions for it; parameters, statistics of batch
   * normalisation, updates and loss stay in float32, and so do the convolutions that Winograd's
   * filtering makes faster than bfloat16 does.
   */
  BFLOAT16;

  /** As options spell it. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
