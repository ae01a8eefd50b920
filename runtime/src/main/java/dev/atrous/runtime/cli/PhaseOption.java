package dev.atrous.runtime.cli;

import dev.atrous.runtime.AtrousException;
import dev.atrous.runtime.model.CompiledModel;
import dev.atrous.runtime.model.ModelDescription;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which phase of a training. */
final class PhaseOption {
  /** What a phase may have otherwise than the others. */
  private static final List<String> OF_A_PHASE =
      List.of(
          "--steps",
          "--learning-rate",
          "--warmup-steps",
          "--batch-size",
          "--crop",
          "--output-stride",
          "--split");

  @Option(
      names = "--phase",
      paramLabel = "N",
      description =
          "Train this phase alone, of a model whose training has several; default: all of them.")
  @Nullable Integer number;

  /**
   * The phases that are meant.
   *
   * @throws AtrousException if there is none of that number
   */
  List<CompiledModel> of(CompiledModel model) {
    List<CompiledModel> phases = model.phases();
    if (number == null) {
      return phases;
    }
    if (number < 1 || number > phases.size()) {
      throw new AtrousException(
          "--phase %d is not possible: the training of %s has %s."
              .formatted(
                  number,
                  model.description().name(),
                  phases.size() == 1 ? "no phases" : "the phases 1 to " + phases.size()));
    }
    return List.of(phases.get(number - 1));
  }

  /**
   * Checks that options that are one phase's say whose.
   *
   * @param isGiven whether an option is on the command line
   * @return the model
   * @throws AtrousException if one does not
   */
  ModelDescription check(ModelDescription model, Predicate<String> isGiven) {
    if (model.phase().of() > 1 && number == null) {
      OF_A_PHASE.stream()
          .filter(isGiven)
          .findFirst()
          .ifPresent(
              option -> {
                throw new AtrousException(
                    "%s trains in %d phases, each with its own values: say with --phase N which one %s is for, or write it on the spec and compile it again."
                        .formatted(model.name(), model.phase().of(), option));
              });
    }
    return model;
  }
}
