package dev.atrous.runtime.model;

/**
 * Which of several trainings that follow one another.
 *
 * @param number from 1
 * @param of how many there are
 * @param split of the data set that it trains on, unless something else is said
 */
public record TrainingPhase(int number, int of, String split) {
  /** A training without phases. */
  public static final TrainingPhase ONLY = new TrainingPhase(1, 1, "train");

  /** {@code phase 1/2}. */
  public String inWords() {
    return "phase " + number + "/" + of;
  }

  /** Whether it starts from the weights of one before. */
  public boolean isLater() {
    return number > 1;
  }

  /** Whether the model is what it makes of it. */
  public boolean isLast() {
    return number == of;
  }
}
