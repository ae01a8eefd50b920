package dev.atrous.runtime.train;

import dev.atrous.runtime.AtrousException;
import dev.atrous.runtime.data.Batch;
import dev.atrous.runtime.data.BatchSource;
import org.jspecify.annotations.Nullable;

/** Steps on the schedule until the last one or an interrupt, with checkpoints between them. */
final class TrainingLoop {
  private final TrainingOptions options;
  private final TrainingErrors errors;
  private final TrainingSession session;
  private final CheckpointSaver checkpoints;
  private final LearningRateSchedule schedule;
  private final Pace pace = new Pace();

  TrainingLoop(
      TrainingOptions options,
      TrainingErrors errors,
      TrainingSession session,
      CheckpointSaver checkpoints) {
    this.options = options;
    this.errors = errors;
    this.session = session;
    this.checkpoints = checkpoints;
    schedule = LearningRateSchedule.of(options);
  }

  /** As {@link Trainer#fit(BatchSource)}; to be called once. */
  TrainingResult run(BatchSource batches) {
    checkpoints.startInterval();
    options.listener().onBegin(session.steps());
    Batch last = null;
    try {
      while (session.steps() < options.steps() && !Thread.currentThread().isInterrupted()) {
        Batch batch = next(batches, last);
        if (batch == null) {
          break;
        }
        step(batch);
        last = batch;
        checkpoints.saveIfDue(session, batch);
      }
      if (last != null) {
        checkpoints.save(session, last);
      }
    } finally {
      options.listener().onEnd();
    }
    return new TrainingResult(
        session.steps(),
        pace.meanLoss(),
        pace.stepsPerSecond() * options.batchSize(),
        pace.medianStepSeconds(),
        checkpoints.last().orElse(null));
  }

  /**
   * Null if the thread was interrupted while it waited. If a file of the data can't be used, the
   * steps so far are saved.
   */
  private @Nullable Batch next(BatchSource batches, @Nullable Batch last) {
    try {
      return batches.next();
    } catch (AtrousException e) {
      if (last == null) {
        throw e;
      }
      checkpoints.save(session, last);
      throw errors.endedByData(session.steps(), checkpoints.last(), e);
    } catch (IllegalStateException e) {
      if (Thread.currentThread().isInterrupted()) {
        return null;
      }
      throw e;
    }
  }

  private void step(Batch batch) {
    double learningRate = schedule.at(session.steps());
    long begin = System.nanoTime();
    float loss = session.step(batch, (float) learningRate);
    pace.add(loss, (System.nanoTime() - begin) / 1e9);
    long done = session.steps();
    if (!Float.isFinite(loss)) {
      throw errors.diverged("the loss of step " + done + " is " + loss, checkpoints.last());
    }
    options
        .listener()
        .onStep(
            new StepReport(
                done,
                options.steps(),
                loss,
                learningRate,
                options.batchSize() / pace.recentSeconds(),
                pace.remaining(options.steps() - done)));
  }
}
