package dev.atrous.runtime.train;

import dev.atrous.runtime.AtrousException;
import dev.atrous.runtime.Interruption;
import dev.atrous.runtime.data.Batch;
import dev.atrous.runtime.data.BatchSource;
import dev.atrous.runtime.predict.EvaluationResult;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Steps on the schedule until the last one or an interrupt, with checkpoints between them. */
final class TrainingLoop {
  private final TrainingOptions options;
  private final TrainingErrors errors;
  private final TrainingSession session;
  private final WorkerExchange exchange;
  private final CheckpointSaver checkpoints;
  private final @Nullable Validator validator;
  private final LearningRateSchedule schedule;
  private final Pace pace = new Pace();

  /**
   * @param validator null if there is nothing to validate
   */
  TrainingLoop(
      TrainingOptions options,
      TrainingErrors errors,
      TrainingSession session,
      CheckpointSaver checkpoints,
      @Nullable Validator validator) {
    this.options = options;
    this.errors = errors;
    this.session = session;
    exchange = session.exchange();
    this.checkpoints = checkpoints;
    this.validator = validator;
    schedule = LearningRateSchedule.of(options);
  }

  /** As {@link Trainer#fit(BatchSource)}; to be called once. */
  TrainingResult run(BatchSource batches) {
    checkpoints.startInterval();
    options.listener().onBegin(session.steps());
    Batch last = null;
    try {
      validateIfDue(null); // where the run was stopped before it had
      Batch batch = next(batches, null);
      while (batch != null) {
        step(batch);
        last = batch;
        if (exchange.leaders(checkpoints.isDue(session.steps()))) {
          checkpoints.save(session, batch);
          checkpoints.startInterval();
        }
        validateIfDue(batch);
        batch = next(batches, last);
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
        pace.stepsPerSecond() * options.cropsOfAllWorkers(),
        pace.medianStepSeconds(),
        checkpoints.last().orElse(null),
        validator == null ? null : validator.result().orElse(null));
  }

  private boolean isOver() {
    return Thread.currentThread().isInterrupted()
        || session.steps() >= options.steps()
        || (validator != null && validator.isExhausted());
  }

  /**
   * Validates the weights if it is time. If that fails, the steps so far are saved.
   *
   * @param last the batch of the last step; null before the first
   */
  private void validateIfDue(@Nullable Batch last) {
    if (validator == null || !exchange.leaders(validator.isDue())) {
      return;
    }
    long begin = System.nanoTime();
    Optional<EvaluationResult> result;
    try {
      result = validator.evaluate();
    } catch (AtrousException e) {
      if (last != null) {
        checkpoints.save(session, last);
      }
      throw errors.endedByValidation(session.steps(), checkpoints.last(), e);
    }
    if (result.isPresent()) {
      double loss = result.get().loss();
      if (!Double.isFinite(loss)) {
        throw errors.diverged(
            "on the images to validate on, the loss after step %d is %s"
                .formatted(session.steps(), loss),
            checkpoints.last());
      }
      validator.add(result.get(), (System.nanoTime() - begin) / 1e9);
    }
    pace.leaveOut(System.nanoTime() - begin);
  }

  /** Null if the run is over, or another worker says so. */
  private @Nullable Batch next(BatchSource batches, @Nullable Batch last) {
    Batch own = isOver() ? null : read(batches, last);
    return exchange.all(own != null) ? own : null;
  }

  /**
   * Null if the thread was interrupted while it waited. If a file of the data can't be used, the
   * steps so far are saved.
   */
  private @Nullable Batch read(BatchSource batches, @Nullable Batch last) {
    try {
      return batches.next();
    } catch (AtrousException e) {
      if (last == null) {
        throw e;
      }
      checkpoints.save(session, last);
      throw errors.endedByData(session.steps(), checkpoints.last(), e);
    } catch (Interruption e) {
      return null;
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
                options.cropsOfAllWorkers() / pace.recentSeconds(),
                pace.remaining(options.steps() - done)));
  }
}
