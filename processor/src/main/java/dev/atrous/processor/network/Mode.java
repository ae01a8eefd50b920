package dev.atrous.processor.network;

/** What a network is built for. */
public enum Mode {
  /** Batch normalisation with its moving averages; ends with the logits. */
  INFERENCE,
  /**
   * Batch normalisation with the statistics of the batch, whose moving averages are updated, unless
   * the recipe freezes it; ends with the loss.
   */
  TRAINING
}
