package dev.atrous.runtime.train;

import java.nio.file.Path;
import java.util.List;

/** Follows a training run, on the thread that runs it. */
public interface TrainingListener {
  /** Does nothing. */
  TrainingListener NONE = report -> {};

  /** Tells several listeners, one after the other. */
  static TrainingListener all(TrainingListener... listeners) {
    return new TrainingListeners(List.of(listeners));
  }

  /**
   * Before the first step of a run, whether there is one to do or not.
   *
   * @param step steps done: 0, or those of the run that is resumed
   */
  default void onBegin(long step) {}

  /** After every step. */
  void onStep(StepReport report);

  /**
   * After a checkpoint was written.
   *
   * @param step steps done
   * @param prefix the path of its files without suffixes
   */
  default void onCheckpoint(long step, Path prefix) {}

  /** After each image of a validation, which may still be interrupted. */
  default void onValidatedImage(ValidatedImage image) {}

  /** After a validation; if it is the best, its checkpoint is written. */
  default void onValidation(ValidationReport report) {}

  /**
   * When the run does what a user may not expect.
   *
   * @param remark a sentence
   */
  default void onRemark(String remark) {}

  /** After the last step, also if the run failed or was interrupted. */
  default void onEnd() {}
}
