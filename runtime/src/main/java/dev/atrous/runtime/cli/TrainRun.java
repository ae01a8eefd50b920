package dev.atrous.runtime.cli;

import dev.atrous.runtime.data.FolderDataset;
import dev.atrous.runtime.describe.Fact;
import dev.atrous.runtime.model.CompiledModel;
import dev.atrous.runtime.model.ModelDescription;
import dev.atrous.runtime.tensorflow.Device;
import dev.atrous.runtime.train.TrainingOptions;
import java.io.PrintWriter;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A training, or a phase of one: what was asked for and what it came to.
 *
 * @param validation what it is validated on; null if it is not
 * @param xla whether XLA compiles its step
 * @param directory of its checkpoints
 * @param scores of its last validation
 */
record TrainRun(
    CompiledModel compiled,
    TrainingOptions options,
    FolderDataset data,
    @Nullable FolderDataset validation,
    Device device,
    boolean xla,
    Path directory,
    ValidationScores scores) {
  ModelDescription model() {
    return compiled.description();
  }

  /** What is going to be trained, before it is. */
  void print(PrintWriter console) {
    ModelDescription model = model();
    console.println(
        BaseCommand.format(
            "Training %s%s (%s, %d classes, output stride %d)",
            model.name(),
            model.phase().of() == 1 ? "" : ", " + model.phase().inWords(),
            model.backbone(),
            model.classes(),
            model.outputStride()));
    console.println(
        BaseCommand.format("  data    %s, %d images, %s", data.name(), data.size(), data.layout()));
    console.println(
        "          all of it is decoded first; dataset check looks at other splits, and for shared images");
    console.println("  labels  " + data.labels().name());
    if (validation != null) {
      console.println(
          BaseCommand.format(
              "  check   %s, %d images, %s",
              validation.name(), validation.size(), options.validation().inWords()));
    }
    console.println(
        BaseCommand.format(
            "  steps   %d of %d crops of %d x %d pixels",
            options.steps(), options.batchSize(), options.crop(), options.crop()));
    int workers = options.workers().size();
    if (workers > 1) {
      console.println(
          BaseCommand.format(
              "  workers %d, each with its own crops: %d in a step",
              workers, workers * options.batchSize()));
    }
    console.println(
        "  rate    "
            + Fact.learningRate(
                options.learningRate(),
                options.schedule(),
                options.power(),
                options.warmupSteps()));
    console.println(
        BaseCommand.format(
            "  device  %s, %s, XLA %s",
            DeviceOptions.name(device), options.precision().on(device), xla ? "on" : "off"));
    console.println("  output  " + options.output());
  }
}
