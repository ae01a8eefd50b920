package dev.atrous.runtime.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.atrous.runtime.train.Trainer;
import dev.atrous.runtime.train.TrainingOptions;
import dev.atrous.runtime.train.TrainingResult;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** The results of {@code train} as JSON; docs/cli.md has the keys. */
final class TrainResults {
  private TrainResults() {}

  /** What came of a run. */
  static ObjectNode of(
      TrainCommand.Run run, Trainer trainer, TrainingResult result, double seconds) {
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
    return json;
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
