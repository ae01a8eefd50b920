package dev.atrous.runtime.cli;

import dev.atrous.runtime.AtrousException;
import dev.atrous.runtime.model.CompiledModel;
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

  /** The option that chooses this model again, in front of others; empty if there is one. */
  final String modelOption(CompiledModel model) {
    return models.isOne() ? "" : " --model " + model.description().name();
  }
}
