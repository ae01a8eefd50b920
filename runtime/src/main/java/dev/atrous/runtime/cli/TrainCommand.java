package dev.atrous.runtime.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.atrous.annotation.Training;
import dev.atrous.runtime.AtrousException;
import dev.atrous.runtime.checkpoint.CheckpointDirectory;
import dev.atrous.runtime.data.FolderDataset;
import dev.atrous.runtime.data.LabelCounts;
import dev.atrous.runtime.describe.Fact;
import dev.atrous.runtime.log.TrainingLog;
import dev.atrous.runtime.model.CompiledModel;
import dev.atrous.runtime.model.ModelDescription;
import dev.atrous.runtime.report.ReportClasses;
import dev.atrous.runtime.tensorflow.Device;
import dev.atrous.runtime.train.ProgressListener;
import dev.atrous.runtime.train.RunChecks;
import dev.atrous.runtime.train.RunLock;
import dev.atrous.runtime.train.RunRecord;
import dev.atrous.runtime.train.Trainer;
import dev.atrous.runtime.train.TrainingListener;
import dev.atrous.runtime.train.TrainingOptions;
import dev.atrous.runtime.train.TrainingResult;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * Trains a model. What can be wrong is tried first, so that it shows before hours of work: the
 * lists of the data, the model (which XLA compiles), the pixels of the masks.
 */
@Command(
    name = "train",
    sortOptions = false,
    modelTransformer = DataOption.NotRequired.class, // a run to resume has one
    description = {
      "Train a model on a folder of images and masks.",
      "Ctrl-C ends the run after the current step, with a checkpoint to resume from."
    })
final class TrainCommand extends ModelCommand {
  /** What was asked for and what it came to. */
  private record Run(
      ModelDescription model,
      TrainingOptions options,
      FolderDataset data,
      Device device,
      boolean xla) {}

  @Mixin DataOption data = new DataOption();

  @Mixin SplitOption split = new SplitOption("train");

  @Option(
      names = "--output",
      paramLabel = "DIR",
      description = "Where checkpoints go; default: runs/MODEL.")
  @Nullable Path output;

  @Option(
      names = "--resume",
      description =
          "Continue the run in --output, with the data and the values that it began with.")
  boolean resume;

  @Mixin NetworkOptions network = new NetworkOptions();

  @Option(
      names = "--steps",
      paramLabel = "N",
      description = "Steps of the full run, resumed ones included; default: the spec's.")
  @Nullable Integer steps;

  @Option(
      names = "--learning-rate",
      paramLabel = "RATE",
      description = "Learning rate of the first step, or after the warm-up; default: the spec's.")
  @Nullable Double learningRate;

  @Option(
      names = "--schedule",
      paramLabel = "FORM",
      description = "How the learning rate falls: poly or cosine; default: the spec's.")
  Training.@Nullable Schedule schedule;

  @Option(
      names = "--warmup-steps",
      paramLabel = "N",
      description = "Steps in which the learning rate rises first; default: the spec's.")
  @Nullable Integer warmupSteps;

  @Option(
      names = "--skip-classifier",
      description =
          "Start the layers that give class scores from initial values, not from --weights: for"
              + " weights of a model with other classes.")
  boolean skipClassifier;

  @Option(
      names = "--class-weights",
      paramLabel = "W",
      split = ",",
      description = "Weights of the classes in the loss, class 0 first; default: the spec's.")
  @Nullable List<Double> classWeights;

  @Mixin SeedOption seed = new SeedOption();

  @Option(
      names = "--checkpoint-steps",
      paramLabel = "N",
      description = "Write a checkpoint every N steps too; default: every 10 minutes alone.")
  int checkpointSteps;

  @Option(
      names = "--report",
      description = "Write a page about the run, report.html in --output, at its end.")
  boolean report;

  @Mixin XlaOption xla = new XlaOption();

  @Mixin DeviceOptions where = new DeviceOptions();

  private final StopSignal stop;

  TrainCommand(Models models, StopSignal stop) {
    super(models);
    this.stop = stop;
  }

  @Override
  int run(CompiledModel model, JsonOutput json) {
    ModelDescription description = model.description();
    checkOptions(description);
    Path directory = output == null ? defaultOutput(description) : output;
    checkOutput(directory);
    Optional<RunRecord> began = resume ? RunRecord.read(directory) : Optional.empty();
    TrainingOptions options = valid(() -> options(description, directory));
    note(valid(() -> RunChecks.remarks(description, options)));
    if (network.weights != null) {
      note(WeightsRemarks.of(description, network.weights));
    }
    FolderDataset dataset = dataset(description, began.map(RunRecord::data));
    if (resume) {
      noteChanges(began, RunRecord.of(description, options, dataset), directory);
    }
    Folders.create("output directory", directory);
    Device device = where.device.resolve();
    Run run = new Run(description, options, dataset, device, xla.mode.isOn(device));
    PrintWriter console = console(json);
    printPlan(run, console);
    console.flush(); // XLA may compile for minutes
    TrainingReport page;
    int code;
    try (Trainer trainer = new Trainer(model, options)) {
      printStart(trainer, console);
      List<String> names = description.classNames();
      if (names.isEmpty()) {
        names = dataset.labels().classNames();
      }
      LabelCounts counts = validate(dataset, names);
      stop.arm();
      long begin = System.nanoTime();
      TrainingResult result = trainer.fit(dataset);
      double seconds = (System.nanoTime() - begin) / 1e9;
      boolean stopped = Thread.interrupted(); // what follows writes files, which it would close
      printResult(run, result, seconds, stopped, console);
      if (result.checkpoint() != null) {
        console.println("Evaluate it with: " + evaluation(model, run));
      }
      json.write(results(run, trainer, result, seconds));
      code = stopped ? AtrousCli.STOPPED : AtrousCli.OK;
      page =
          new TrainingReport(
              description,
              options,
              dataset,
              counts,
              new ReportClasses(names, dataset.labels().classColors()),
              device,
              result,
              seconds);
    }
    if (report) { // when the memory of the training is free
      ClosingEvaluation evaluation = code == AtrousCli.OK ? evaluate(model, run) : null;
      console.println("Report: " + page.write(directory, evaluation));
    }
    return code;
  }

  /** For the report; null, with a note, where that is not possible. */
  private @Nullable ClosingEvaluation evaluate(CompiledModel model, Run run) {
    Path directory = Objects.requireNonNull(run.options().output());
    try {
      return ClosingEvaluation.of(
          model,
          run.options(),
          run.data(),
          directory,
          size -> new ImageProgress(err(), "evaluated image", size));
    } catch (AtrousException e) {
      note(List.of("the report has no evaluation: " + e.getMessage()));
      return null;
    }
  }

  private void checkOptions(ModelDescription model) {
    Integer outputStride = network.outputStride;
    if (outputStride != null && outputStride != model.outputStride()) {
      throw misuse(
          "%s is compiled for training at output stride %d. To train at %d, set @Backbone(outputStride = %d) on its spec and compile it again."
              .formatted(model.name(), model.outputStride(), outputStride, outputStride));
    }
    if (resume && network.weights != null) {
      throw misuse("--resume continues a run, --weights starts a new one: leave out one of them.");
    }
    if (skipClassifier && network.weights == null) {
      throw misuse(
          "--skip-classifier is about weights that a new run starts from: give --weights, or leave it out.");
    }
    if (!resume && data.directory == null) {
      throw misuse("Missing required option: '--data=DIR'");
    }
  }

  /** The options of the run that is resumed, or the spec's, and what the command line says. */
  private TrainingOptions options(ModelDescription model, Path directory) {
    TrainingOptions.Builder options =
        resume
            ? TrainingOptions.resuming(model, directory)
            : TrainingOptions.of(model).output(directory);
    options
        .device(where.device)
        .xla(xla.mode)
        .threads(where.threads)
        .checkpointSteps(checkpointSteps)
        .listener(
            TrainingListener.all(
                new ProgressListener(), new TrainingLog(directory, model.classNames())));
    if (!resume) {
      options.weights(network.weights).skipClassifier(skipClassifier);
    }
    if (!resume || isGiven("--seed")) {
      options.seed(seed.value);
    }
    if (!resume || isGiven("--precision")) {
      options.precision(where.precision);
    }
    if (steps != null) {
      options.steps(steps);
    }
    if (network.batchSize != null) {
      options.batchSize(network.batchSize);
    }
    if (network.crop != null) {
      options.crop(network.crop);
    }
    if (learningRate != null) {
      options.learningRate(learningRate);
    }
    if (schedule != null) {
      options.schedule(schedule);
    }
    if (warmupSteps != null) {
      options.warmupSteps(warmupSteps);
    }
    if (classWeights != null) {
      options.classWeights(classWeights);
    }
    return options.build();
  }

  /** Where a model trains to, and is evaluated from, if nothing else is said. */
  static Path defaultOutput(ModelDescription model) {
    return Path.of("runs", model.name());
  }

  private boolean isGiven(String option) {
    return spec.commandLine().getParseResult().hasMatchedOption(option);
  }

  /** The data of the command line, or of the run that is resumed. */
  private FolderDataset dataset(ModelDescription model, Optional<RunRecord.Data> began) {
    String name =
        isGiven("--split") ? split.name : began.map(RunRecord.Data::split).orElse(split.name);
    FolderDataset.Reading reading =
        valid(
            () ->
                data.reading(
                    model.classes(),
                    model.classNames(),
                    began.map(run -> run.reading(model.classes())).orElse(null)));
    if (data.directory != null) {
      return FolderDataset.open(data.directory, name, model.classes(), reading)
          .withBands(model.bands());
    }
    Path directory =
        began
            .map(RunRecord.Data::directory)
            .orElseThrow(
                () -> misuse("Missing required option: '--data=DIR': the run does not say which."));
    try {
      return FolderDataset.open(directory, name, model.classes(), reading).withBands(model.bands());
    } catch (AtrousException e) {
      throw new AtrousException(
          e.getMessage() + "\nThe run began with this data; --data says where it is now.", e);
    }
  }

  /** Says what is not as it was when the run began. */
  private void noteChanges(Optional<RunRecord> began, RunRecord now, Path directory) {
    if (began.isEmpty()) {
      note(
          List.of(
              "%s has no run.json, as runs of earlier versions: values that are not on the command line are the spec's, whatever the run began with."
                  .formatted(directory)));
      return;
    }
    began.get().requireSameRun(now, directory);
    note(began.get().changes(now).stream().map(change -> "the run is changed: " + change).toList());
  }

  /**
   * Before the data is read: whether another writes there, and whether there is a run, where there
   * must or must not be one.
   */
  private void checkOutput(Path directory) {
    RunLock.requireFree(directory);
    boolean exists =
        Files.isDirectory(directory) && new CheckpointDirectory(directory, 1).hasState();
    if (resume && !exists) {
      throw new AtrousException(
          "There is no run to resume in "
              + directory
              + ": it has no checkpoint. Check --output, or leave out --resume to start a run.");
    }
    if (!resume && exists) {
      throw new AtrousException(
          "There is a run in "
              + directory
              + " already. Continue it with --resume, or choose another --output.");
    }
  }

  private static void printPlan(Run run, PrintWriter console) {
    ModelDescription model = run.model();
    TrainingOptions options = run.options();
    console.println(
        format(
            "Training %s (%s, %d classes, output stride %d)",
            model.name(), model.backbone(), model.classes(), model.outputStride()));
    console.println(
        format(
            "  data    %s, %d images, %s",
            run.data().name(), run.data().size(), run.data().layout()));
    console.println("  labels  " + run.data().labels().name());
    console.println(
        format(
            "  steps   %d of %d crops of %d x %d pixels",
            options.steps(), options.batchSize(), options.crop(), options.crop()));
    console.println(
        "  rate    "
            + Fact.learningRate(
                options.learningRate(),
                options.schedule(),
                options.power(),
                options.warmupSteps()));
    console.println(
        format(
            "  device  %s, %s, XLA %s",
            DeviceOptions.name(run.device()),
            options.precision().on(run.device()),
            run.xla() ? "on" : "off"));
    console.println("  output  " + options.output());
  }

  private void printStart(Trainer trainer, PrintWriter console) {
    note(trainer.damagedCheckpoints());
    if (!trainer.startedAfresh().isEmpty()) {
      console.println("Initial values: " + String.join(", ", trainer.startedAfresh()));
    }
    if (trainer.startStep() > 0) {
      console.println("Resumed at step " + trainer.startStep());
    }
    console.flush();
  }

  private static void printResult(
      Run run, TrainingResult result, double seconds, boolean stopped, PrintWriter console) {
    int steps = run.options().steps();
    if (result.imagesPerSecond() == 0) {
      console.println(
          format("Nothing to do: the run has done %d of %d steps.", result.step(), steps));
    } else {
      console.println(
          format(
              "%s at step %d of %d: loss %.4f, %.2f images/s, %.1f s",
              stopped ? "Stopped" : "Done",
              result.step(),
              steps,
              result.loss(),
              result.imagesPerSecond(),
              seconds));
    }
    if (result.checkpoint() == null) {
      return; // stopped before the first step
    }
    console.println("Checkpoint: " + result.checkpoint());
    if (stopped) {
      console.println("Continue with the same command and --resume.");
    }
  }

  private String evaluation(CompiledModel model, Run run) {
    return "evaluate"
        + modelOption(model)
        + " --data "
        + quoted(data.directory == null ? run.data().root() : data.directory)
        + " --weights "
        + quoted(run.options().output());
  }

  private static String quoted(@Nullable Path path) {
    String text = String.valueOf(path);
    return text.contains(" ") ? '"' + text + '"' : text;
  }

  private static ObjectNode results(
      Run run, Trainer trainer, TrainingResult result, double seconds) {
    TrainingOptions options = run.options();
    ObjectNode json = JsonOutput.NODES.objectNode();
    json.put("model", run.model().name());
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
}
