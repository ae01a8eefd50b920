package dev.atrous.runtime.cli;

import dev.atrous.runtime.AtrousException;
import dev.atrous.runtime.data.FolderDataset;
import dev.atrous.runtime.data.LabelCounts;
import dev.atrous.runtime.model.CompiledModel;
import dev.atrous.runtime.tensorflow.WorkerGroup;
import java.io.PrintWriter;
import java.io.Writer;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What the commands have in common that do something with a model: its choice. */
abstract class ModelCommand extends BaseCommand {
  @Option(
      names = "--model",
      order = LAST,
      paramLabel = "NAME",
      description = "Which model, in upper or lower case; to be left out if there is one.")
  @Nullable String modelName;

  private final Models models;

  ModelCommand(Models models) {
    this.models = models;
  }

  @Override
  final int run() {
    CompiledModel model = valid(() -> models.choose(modelName));
    return run(model, output());
  }

  /**
   * Does the work.
   *
   * @return the exit code
   * @throws AtrousException if it fails
   */
  abstract int run(CompiledModel model, JsonOutput output);

  /**
   * Reads all of a data set before work on it begins, and says what a user may not expect of it.
   *
   * @param classNames of the model, or none
   * @return how often each label occurs
   * @throws AtrousException if a file can't be used
   */
  final LabelCounts validate(FolderDataset dataset, List<String> classNames) {
    LabelCounts counts =
        dataset.validate(new ImageProgress(err(), "checked image", dataset.distinct()));
    note(dataset.remarks());
    note(counts.remarks(classNames));
    return counts;
  }

  /** Says something that is no error. */
  final void note(List<String> remarks) {
    remarks.forEach(remark -> err().println("note: " + remark));
    err().flush();
  }

  /** What starts the workers of this host, with this command. */
  final WorkerLauncher launcher(WorkerOptions workers, DeviceOptions where) {
    List<String> arguments = spec.root().commandLine().getParseResult().originalArgs();
    int count = Objects.requireNonNull(workers.workers);
    return WorkerLauncher.of(count, where, this::isGiven, arguments, err());
  }

  /** For the text to read, which the first worker alone writes. */
  final PrintWriter console(JsonOutput output, WorkerGroup group) {
    return group.isLeader() ? console(output) : new PrintWriter(Writer.nullWriter());
  }

  /** The option that chooses this model again, in front of others; empty if there is one. */
  final String modelOption(CompiledModel model) {
    return models.isOne() ? "" : " --model " + model.description().name();
  }
}
