package dev.atrous.runtime.cli;

import dev.atrous.runtime.AtrousException;
import dev.atrous.runtime.data.FolderDataset;
import dev.atrous.runtime.model.ModelDescription;
import dev.atrous.runtime.train.RunRecord;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a user may not expect of weights that fit a model. */
final class WeightsRemarks {
  private static final int NAMED = 4;

  private WeightsRemarks() {}

  /**
   * Says where the model computes something else than the one that was trained: its weights have no
   * rates and no conventions in them, and give wrong results without an error.
   *
   * @param weights a checkpoint: directory or prefix
   * @return whole sentences; nothing for weights that are of no run
   */
  static List<String> of(ModelDescription model, Path weights) {
    Path folder = Files.isDirectory(weights) ? weights : weights.toAbsolutePath().getParent();
    List<String> differences =
        record(folder).map(run -> run.networkDifferences(model)).orElse(List.of());
    if (differences.isEmpty()) {
      return List.of();
    }
    String shown = String.join("; ", differences.subList(0, Math.min(NAMED, differences.size())));
    return List.of(
        "%s is compiled otherwise than when the weights in %s were trained, and computes something else with them (%s%s). Compile it as it was, or train it anew."
            .formatted(model.name(), folder, shown, differences.size() > NAMED ? "; ..." : ""));
  }

  /**
   * Says where images that are evaluated were trained on.
   *
   * @param weights a checkpoint: directory or prefix
   * @return whole sentences; nothing for weights that are of no run, or of data that is gone
   */
  static List<String> ofEvaluation(FolderDataset data, Path weights) {
    RunRecord.Data trained = RunRecord.of(weights).map(RunRecord::data).orElse(null);
    if (trained == null) {
      return List.of();
    }
    try {
      Path root = trained.directory();
      int shared = data.sharedWith(root, trained.split(), trained.reading(data.classes()));
      return shared == 0
          ? List.of()
          : List.of(
              "%d of the %d images are among those that the weights were trained on (%s in %s): what is measured on them is not what the model does with images that it has not seen."
                  .formatted(shared, data.size(), trained.split(), root));
    } catch (AtrousException e) { // the data of the training is not there any more
      return List.of();
    }
  }

  private static Optional<RunRecord> record(@Nullable Path folder) {
    try {
      return folder == null ? Optional.empty() : RunRecord.read(folder);
    } catch (AtrousException e) { // a record that is damaged says nothing of the weights
      return Optional.empty();
    }
  }
}
