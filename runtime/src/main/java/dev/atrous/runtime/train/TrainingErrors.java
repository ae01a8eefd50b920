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
   * @param compiling whether XLA was still to compile the step
   * @param cause what TensorFlow threw
   */
  AtrousException failed(long number, boolean compiling, RuntimeException cause) {
    String message = String.valueOf(cause.getMessage());
    TensorFlowFailure.Kind kind = TensorFlowFailure.kind(cause);
    if (kind == TensorFlowFailure.Kind.MEMORY) {
      return new AtrousException(
          "Memory ran out in training step %d, with %d crops of %d pixels: %s%nLower the batch size or the crop.%s"
              .formatted(
                  number,
                  options.batchSize(),
                  options.crop(),
                  message,
                  TensorFlowFailure.otherProcesses(cause)),
          cause);
    }
    if (kind != TensorFlowFailure.Kind.OTHER) {
      return new AtrousException(
          "TensorFlow failed in training step %d: %s%n%s"
              .formatted(number, message, kind.explanation()),
          cause);
    }
    if (compiling) {
      return new AtrousException(
          "XLA could not compile the training step: " + message + "\nTrain with XLA off.", cause);
    }
    return new AtrousException(
        "TensorFlow failed in training step " + number + ": " + message, cause);
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
