package dev.atrous.runtime.cli;

import dev.atrous.runtime.AtrousException;
import dev.atrous.runtime.checkpoint.CheckpointDirectory;
import dev.atrous.runtime.model.CompiledModel;
import dev.atrous.runtime.model.TrainingPhase;
import dev.atrous.runtime.train.RunLock;
import dev.atrous.runtime.train.RunRecord;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Where the phases of a training have their checkpoints, and which are done: the last one in the
 * output directory, so that its weights are the training's, the others in {@code phase1} and
 * following in it.
 */
final class PhaseFolders {
  private final Path output;
  private final List<TrainingPhase> phases;
  private final Map<Path, Optional<CheckpointDirectory.Intact>> newest = new HashMap<>();

  PhaseFolders(Path output, CompiledModel model) {
    this.output = output;
    phases = model.phases().stream().map(phase -> phase.description().phase()).toList();
  }

  /** Where a phase has its checkpoints. */
  Path of(TrainingPhase phase) {
    return phase.isLast() ? output : output.resolve("phase" + phase.number());
  }

  private TrainingPhase previous(TrainingPhase phase) {
    return phases.get(phase.number() - 2);
  }

  /** Whether a model's phase has a checkpoint. */
  boolean isBegun(CompiledModel model) {
    return isBegun(model.description().phase());
  }

  /** Whether a phase has a checkpoint. */
  boolean isBegun(TrainingPhase phase) {
    Path directory = of(phase);
    return Files.isDirectory(directory) && new CheckpointDirectory(directory, 1).hasState();
  }

  /**
   * Whether nothing is left to do in a phase, at its newest checkpoint that is whole.
   *
   * @throws AtrousException if it has checkpoints, and all are damaged
   */
  private boolean isDone(TrainingPhase phase) {
    Optional<CheckpointDirectory.Intact> newest = newest(phase);
    return newest.isPresent()
        && RunRecord.read(of(phase))
            .map(run -> run.isFinished(of(phase), newest.get().step()))
            .orElse(newest.get().passedOver().isEmpty()); // no record to ask
  }

  /** The newest checkpoint of a phase that is whole: all of it is read, once. */
  private Optional<CheckpointDirectory.Intact> newest(TrainingPhase phase) {
    return newest.computeIfAbsent(
        of(phase),
        directory ->
            isBegun(phase)
                ? new CheckpointDirectory(directory, 1).newestIntact()
                : Optional.empty());
  }

  /**
   * The run that a phase after the first goes on from.
   *
   * @param directory of the phase before it
   * @param weights of its end: the checkpoint, where those after it are damaged; else the
   *     directory, which may have no end yet
   * @param remarks what is wrong with those, in words
   */
  record Before(Path directory, Path weights, List<String> remarks) {}

  /**
   * What a phase after the first goes on from.
   *
   * @throws AtrousException if there are checkpoints, and all are damaged
   */
  Before before(TrainingPhase phase) {
    TrainingPhase previous = previous(phase);
    Path directory = of(previous);
    List<String> passedOver = passedOver(previous);
    return isDone(previous) && !passedOver.isEmpty()
        ? new Before(directory, newest(previous).orElseThrow().checkpoint().prefix(), passedOver)
        : new Before(directory, directory, List.of());
  }

  private List<String> passedOver(TrainingPhase phase) {
    return newest(phase).map(CheckpointDirectory.Intact::passedOver).orElse(List.of());
  }

  private long planned(TrainingPhase phase) {
    return RunRecord.read(of(phase)).map(RunRecord::steps).orElse(0);
  }

  /**
   * The phases that a resumed training still has to do: the last one that is begun, which may be
   * done, and those after it. One whose end is damaged is not done.
   *
   * @param wanted those that are meant, in their order
   * @throws AtrousException if none is begun, or all checkpoints of one are damaged
   */
  private List<CompiledModel> left(List<CompiledModel> wanted) {
    int last = wanted.size() - 1;
    int first = last;
    while (first >= 0 && !isBegun(wanted.get(first).description().phase())) {
      first--;
    }
    if (first < 0) {
      throw new AtrousException(
          "There is no run to resume in "
              + (last == 0 ? of(wanted.get(0).description().phase()) : output)
              + ": it has no checkpoint. Check --output, or leave out --resume to start a run.");
    }
    boolean next = first < last && isDone(wanted.get(first).description().phase());
    return wanted.subList(next ? first + 1 : first, wanted.size());
  }

  /**
   * Before the data is read: whether another writes there, and whether there is a run, where there
   * must or must not be one.
   *
   * @param wanted the phases that are meant, in their order
   * @param resume whether they are to continue
   * @param hasWeights whether weights are given to start from
   * @param writes whether this process will write there
   * @return the phases that are to be done
   * @throws AtrousException if they can't be
   */
  List<CompiledModel> check(
      List<CompiledModel> wanted, boolean resume, boolean hasWeights, boolean writes) {
    List<TrainingPhase> meant = wanted.stream().map(one -> one.description().phase()).toList();
    if (writes) {
      meant.forEach(this::requireFree);
    }
    if (resume) {
      return left(wanted);
    }
    if (writes) {
      meant.forEach(this::requireNew);
    }
    if (meant.get(0).isLater() && !hasWeights) {
      requireDoneBefore(meant.get(0));
    }
    return wanted;
  }

  /**
   * Checks that no other training writes to the folder of a phase.
   *
   * @throws AtrousException if one does
   */
  private void requireFree(TrainingPhase phase) {
    RunLock.requireFree(of(phase));
  }

  /**
   * Checks that a phase has no run yet.
   *
   * @throws AtrousException if it has
   */
  private void requireNew(TrainingPhase phase) {
    if (isBegun(phase)) {
      throw new AtrousException(
          "There is a run in "
              + of(phase)
              + " already. Continue it with --resume, or choose another --output.");
    }
  }

  /**
   * Checks that a phase after the first can start from the end of the one before.
   *
   * @throws AtrousException if that is not there
   */
  private void requireDoneBefore(TrainingPhase phase) {
    TrainingPhase before = previous(phase);
    if (isDone(before)) {
      return;
    }
    String state =
        isBegun(before)
            ? "has done %d of %d steps"
                .formatted(newest(before).orElseThrow().step(), planned(before))
            : "is not begun";
    List<String> lines = new ArrayList<>();
    lines.add(
        "Phase %d starts from the end of phase %d, which %s in %s. Train that first (--phase %d%s), or name the weights to start from (--weights)."
            .formatted(
                phase.number(),
                before.number(),
                state,
                of(before),
                before.number(),
                isBegun(before) ? " --resume" : ""));
    lines.addAll(passedOver(before));
    throw new AtrousException(String.join("\n", lines));
  }
}
