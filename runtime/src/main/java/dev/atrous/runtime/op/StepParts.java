package dev.atrous.runtime.op;

/**
 * What a training step is made of: a batch, or several one after the other, on one worker or on
 * several at once. Gradients add up over all of them before they update parameters.
 *
 * @param accumulated whether a worker's gradients are added up in variables, and the parameters
 *     updated by a run of their own: for several batches, or where XLA compiles what makes the
 *     gradients and workers exchange them
 * @param workers that exchange gradients
 */
public record StepParts(boolean accumulated, WorkerSums workers) {
  /** One batch of one worker. */
  public static final StepParts ONE = new StepParts(false, WorkerSums.ALONE);

  /** Whether the gradients of the batch are those of the step. */
  public boolean isOne() {
    return !accumulated && workers.workers() == 1;
  }
}
