package dev.atrous.runtime.train;

import java.nio.file.Path;

/** Follows a training run, on the thread that runs it. */
public interface TrainingListener {
  /** Does nothing. */
  TrainingListener NONE = report -> {};

  /** After every step. */
  void onStep(StepReport report);

  /**
   * After a checkpoint was written.
   *
   * @param step steps done
   * @param prefix the path of its files without suffixes
   */
  default void onCheckpoint(long step, Path prefix) {}

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
