package dev.atrous.runtime.model;

/**
 * A part of the network that is not trained like the rest.
 *
 * @param name for example {@code block1}; {@code backbone} for stem and all blocks that are not
 *     named themselves
 * @param learningRate factor of the learning rate; 0 where the part is frozen
 */
public record TrainedPart(String name, double learningRate) {

  /** Whether training keeps it as it is, with its moving averages. */
  public boolean isFrozen() {
    return learningRate == 0;
  }
}
