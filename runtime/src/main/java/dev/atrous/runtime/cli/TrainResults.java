package dev.atrous.runtime.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.atrous.runtime.data.FolderDataset;
import dev.atrous.runtime.train.Trainer;
import dev.atrous.runtime.train.TrainingOptions;
import dev.atrous.runtime.train.TrainingResult;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** The results of {@code train}, as text and as JSON; docs/cli.md has the keys. */
final class TrainResults {
  private TrainResults() {}

  /** What came of a run. */
  static ObjectNode of(TrainRun run, Trainer trainer, TrainingResult result, double seconds) {
    TrainingOptions options = run.options();
    ObjectNode json = JsonOutput.NODES.objectNode();
    json.put("model", run.model().name());
    if (run.model().phase().of() > 1) {
      json.put("phase", run.model().phase().number());
      json.put("phases", run.model().phase().of());
    }
    json.put("data", run.data().name());
    json.put("step", result.step());
    json.put("steps", options.steps());
    json.set("loss", JsonOutput.number(result.loss()));
    json.put("images_per_second", result.imagesPerSecond());
    json.put("median_step_s", result.medianStepSeconds());
    json.put("seconds", seconds);
    json.put("batch_size", options.batchSize());
    json.put("crop", options.crop());
    json.put("learning_rate", options.learningRate());
    json.put("schedule", options.schedule().name().toLowerCase(Locale.ROOT));
    json.put("warmup_steps", options.warmupSteps());
    json.put("output_stride", run.model().outputStride());
    json.put("seed", options.seed());
    json.put("device", DeviceOptions.name(run.device()));
    json.put("precision", options.precision().on(run.device()).toString());
    json.put("xla", run.xla());
    trainer
        .xlaProgram()
        .ifPresent(
            module ->
                json.putObject("xla_program")
                    .put("name", module.name())
                    .put("instructions", module.instructions())
                    .put("fusions", module.fusions())
                    .put("donated", module.donated())
                    .put("host_transfers", module.hostTransfers()));
    Path checkpoint = result.checkpoint();
    json.put("checkpoint", checkpoint == null ? null : checkpoint.toString());
    BadImageOption.put(run.data(), json);
    FolderDataset validated = run.validation();
    json.set(
        "validation",
        ValidationResults.json(result.validated(), validated == null ? null : validated.name()));
    return json;
  }

  /**
   * Whether a run ended before its last step, and not for its validations: another worker's stop.
   */
  static boolean isCutShort(TrainRun run, TrainingResult result) {
    TrainingResult.Validated validated = result.validated();
    boolean early = validated != null && validated.endedEarly();
    return result.step() < run.options().steps() && !early;
  }

  /** Prints how a run ended and what is left of it. */
  static void print(
      TrainRun run, TrainingResult result, double seconds, boolean stopped, PrintWriter console) {
    int steps = run.options().steps();
    TrainingResult.Validated validated = result.validated();
    boolean early = validated != null && validated.endedEarly();
    if (result.imagesPerSecond() == 0) {
      console.println(
          BaseCommand.format(
              "Nothing to do: the run has done %d of %d steps.", result.step(), steps));
    } else {
      console.println(
          BaseCommand.format(
              "%s at step %d of %d: loss %.4f, %.2f images/s, %.1f s",
              stopped ? "Stopped" : early ? "Ended early" : "Done",
              result.step(),
              steps,
              result.loss(),
              result.imagesPerSecond(),
              seconds));
    }
    if (validated != null) {
      console.println(ValidationResults.text(validated));
    }
    if (result.checkpoint() == null) {
      return; // stopped before the first step
    }
    console.println("Checkpoint: " + result.checkpoint());
    if (stopped) {
      console.println("Continue with the same command and --resume.");
    }
  }

  /** The results of the last phase, with those of the ones before it. */
  static ObjectNode joined(List<ObjectNode> results) {
    ObjectNode json = results.get(results.size() - 1);
    if (results.size() > 1) {
      json.putArray("earlier_phases").addAll(results.subList(0, results.size() - 1));
    }
    return json;
  }
}
