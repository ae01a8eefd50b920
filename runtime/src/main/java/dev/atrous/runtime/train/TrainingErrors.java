package dev.atrous.runtime.train;

import dev.atrous.runtime.AtrousException;
import dev.atrous.runtime.tensorflow.TensorFlowFailure;
import java.nio.file.Path;
import java.util.Optional;

/** What prevents or ends a training, in words for the user. */
final class TrainingErrors {
  private final TrainingOptions options;

  TrainingErrors(TrainingOptions options) {
    this.options = options;
  }

  /** That the crop exceeds the {@code maximum} that the model was compiled for. */
  AtrousException cropTooLarge(String model, int maximum) {
    int crop = options.crop();
    return new AtrousException(
        "The crop is "
            + crop
            + " pixels, but the training step of "
            + model
            + " was compiled for crops up to "
            + maximum
            + ". Set @SegmentationModel(crop = "
            + crop
            + ") on the spec and compile it again, or train with a smaller crop.");
  }

  /**
   * That TensorFlow could not compute a step.
   *
   * @param number of the step; the first is 1
   * @param cause what TensorFlow threw
   */
  AtrousException failed(long number, RuntimeException cause) {
    String message = String.valueOf(cause.getMessage());
    TensorFlowFailure.Kind kind = TensorFlowFailure.kind(cause);
    if (kind == TensorFlowFailure.Kind.MEMORY) {
      return outOfMemory("in training step " + number, cause);
    }
    String explanation = kind == TensorFlowFailure.Kind.OTHER ? "" : "\n" + kind.explanation();
    return new AtrousException(
        "TensorFlow failed in training step " + number + ": " + message + explanation, cause);
  }

  /**
   * That XLA could not compile the step, which it does before the run.
   *
   * @param cause what TensorFlow threw
   */
  AtrousException notCompiled(RuntimeException cause) {
    return switch (TensorFlowFailure.kind(cause)) {
      case MEMORY -> outOfMemory("when XLA compiled and tried the training step", cause);
      case OTHER ->
          new AtrousException(
              "XLA could not compile the training step: "
                  + cause.getMessage()
                  + "\nTrain with XLA off.",
              cause);
      default -> notStarted(cause);
    };
  }

  private AtrousException outOfMemory(String when, RuntimeException cause) {
    return new AtrousException(
        "Memory ran out %s, with %d crops of %d pixels: %s%nLower the batch size or the crop.%s"
            .formatted(
                when,
                options.batchSize(),
                options.crop(),
                cause.getMessage(),
                TensorFlowFailure.otherProcesses(cause)),
        cause);
  }

  /**
   * That a file of the data could not be used in the middle of a run.
   *
   * @param steps done
   * @param lastCheckpoint that of these steps, if there is an output directory
   */
  AtrousException endedByData(long steps, Optional<Path> lastCheckpoint, AtrousException cause) {
    String kept =
        lastCheckpoint
            .map(path -> " Its checkpoint is " + path + ": mend the file, and resume the run.")
            .orElse("");
    return new AtrousException(
        cause.getMessage() + "\nThe run ended after step " + steps + "." + kept, cause);
  }

  /**
   * That the weights after a step could not be validated.
   *
   * @param lastCheckpoint that of the step, if there is an output directory
   */
  AtrousException endedByValidation(
      long step, Optional<Path> lastCheckpoint, AtrousException cause) {
    String kept =
        lastCheckpoint
            .map(path -> " Its checkpoint is " + path + ": mend what is wrong, and resume the run.")
            .orElse("");
    return new AtrousException(
        cause.getMessage() + "\nThe run ended with the validation of step " + step + "." + kept,
        cause);
  }

  /** That TensorFlow could not give the variables their first values. */
  AtrousException notStarted(RuntimeException cause) {
    return new AtrousException(
        "The training can't start: %s%n%s%s"
            .formatted(
                cause.getMessage(),
                TensorFlowFailure.kind(cause).explanation(),
                TensorFlowFailure.otherProcesses(cause)),
        cause);
  }

  /**
   * That a loss is no longer a number.
   *
   * @param what which loss, a clause
   * @param lastCheckpoint the last that was written
   */
  AtrousException diverged(String what, Optional<Path> lastCheckpoint) {
    return new AtrousException(
        "The training diverged: "
            + what
            + ". "
            + lastCheckpoint
                .map(path -> "The last good checkpoint is " + path + ".")
                .orElse("No checkpoint was written before.")
            + " Lower the learning rate (it started at "
            + options.learningRate()
            + "), or check the labels.");
  }
}
