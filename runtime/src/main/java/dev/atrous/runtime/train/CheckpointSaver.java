package dev.atrous.runtime.train;

import dev.atrous.runtime.AtrousException;
import dev.atrous.runtime.checkpoint.Checkpoint;
import dev.atrous.runtime.checkpoint.CheckpointDirectory;
import dev.atrous.runtime.data.Batch;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The checkpoints of a run: which one it resumes from, when the next is due, and that none is
 * written of weights whose loss is not a number. Beside them, what the run is made with. The run
 * has their directory for itself until this is closed. Of several workers, the first one writes;
 * the others read what they resume from.
 */
final class CheckpointSaver implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(CheckpointSaver.class);

  private final TrainingOptions options;
  private final TrainingErrors errors;
  private final @Nullable CheckpointDirectory directory;
  private final @Nullable RunLock lock;
  private final boolean writes;
  private long intervalStart;
  private long savedStep = -1;
  private Optional<Path> last = Optional.empty();
  private List<String> passedOver = List.of();

  /**
   * Creates the output directory, if there is to be one, and takes it.
   *
   * @throws AtrousException if it can't be created or written, or another training has it
   */
  CheckpointSaver(TrainingOptions options, TrainingErrors errors) {
    this.options = options;
    this.errors = errors;
    Path output = options.output();
    writes = options.workers().isLeader();
    boolean reads = writes || options.resume();
    directory = output == null || !reads ? null : new CheckpointDirectory(output, options.keep());
    lock = output == null || !writes ? null : RunLock.of(output);
  }

  /**
   * The newest checkpoint of the output directory that is whole, which the run resumes from; empty
   * if there is none.
   *
   * @throws AtrousException if there is one, but it is not to be resumed, or all are damaged
   */
  Optional<Checkpoint> resumed() {
    if (directory == null) {
      return Optional.empty();
    }
    if (!options.resume()) {
      Optional<Path> newest = directory.newest();
      if (newest.isPresent()) {
        throw new AtrousException(
            "The output directory "
                + options.output()
                + " already holds a training run ("
                + newest.get().getFileName()
                + "). Resume it, or choose another directory.");
      }
      return Optional.empty();
    }
    Optional<CheckpointDirectory.Intact> intact = directory.newestIntact();
    passedOver = intact.map(CheckpointDirectory.Intact::passedOver).orElse(List.of());
    passedOver.forEach(log::warn);
    Optional<Checkpoint> newest = intact.map(CheckpointDirectory.Intact::checkpoint);
    last = newest.map(Checkpoint::prefix);
    last.ifPresent(prefix -> log.info("resuming from {}", prefix));
    return newest;
  }

  /** What is wrong with checkpoints that are newer than the one that the run resumed from. */
  List<String> passedOver() {
    return passedOver;
  }

  /**
   * Checks that a resumed run is the one that it was.
   *
   * @throws AtrousException if it is not
   */
  void requireSameRun(RunRecord now) {
    Path output = options.output();
    if (output == null || last.isEmpty()) {
      return;
    }
    Optional<RunRecord> began = RunRecord.read(output);
    began.ifPresent(run -> run.requireSameRun(now, output));
  }

  /**
   * Writes what the run is made with, before its first step.
   *
   * @param steps done
   * @throws AtrousException if a resumed run is not the one that it was, or the disk is full
   */
  void begin(RunRecord now, long steps) {
    Path output = options.output();
    if (output == null || !writes || steps >= options.steps()) {
      return;
    }
    requireSameRun(now);
    if (last.isPresent()) {
      RunRecord.read(output).map(run -> run.changes(now)).ifPresent(this::logChanges);
    }
    if (steps == 0) {
      ValidationHistory.forget(output);
    }
    now.write(output);
  }

  private void logChanges(List<String> changes) {
    changes.forEach(change -> log.warn("the resumed run is changed: {}", change));
  }

  /** From now on the time to the next checkpoint is counted. */
  void startInterval() {
    intervalStart = System.nanoTime();
  }

  /** Whether the interval is over, in time or in steps. */
  boolean isDue(long step) {
    return System.nanoTime() - intervalStart >= options.checkpointEvery().toNanos()
        || (options.checkpointSteps() > 0 && step % options.checkpointSteps() == 0);
  }

  /**
   * Writes a checkpoint, unless there is no directory, the step has one, or another worker writes.
   * All workers try the weights.
   *
   * @param batch of the last step, to try the weights on
   */
  void save(TrainingSession session, Batch batch) {
    long step = session.steps();
    if (options.output() == null || savedStep == step) {
      return;
    }
    float loss = session.loss(batch);
    if (!Float.isFinite(loss)) {
      throw errors.diverged("with the weights after step " + step + " the loss is " + loss, last);
    }
    savedStep = step;
    if (directory == null || !writes) {
      return;
    }
    Path prefix = directory.add(step, session::save);
    last = Optional.of(prefix);
    options.listener().onCheckpoint(step, prefix);
  }

  /** The newest checkpoint of the run: the last that was written, or what it resumed from. */
  Optional<Path> last() {
    return last;
  }

  @Override
  public void close() {
    if (lock != null) {
      lock.close();
    }
  }
}
