package dev.atrous.runtime.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.atrous.annotation.Training;
import dev.atrous.runtime.AtrousException;
import dev.atrous.runtime.data.FolderDataset;
import dev.atrous.runtime.data.LabelCounts;
import dev.atrous.runtime.log.TrainingLog;
import dev.atrous.runtime.model.CompiledModel;
import dev.atrous.runtime.model.ModelDescription;
import dev.atrous.runtime.model.PixelScale;
import dev.atrous.runtime.model.TrainingPhase;
import dev.atrous.runtime.predict.ImageInput;
import dev.atrous.runtime.report.ReportClasses;
import dev.atrous.runtime.tensorflow.Device;
import dev.atrous.runtime.train.ProgressListener;
import dev.atrous.runtime.train.RunChecks;
import dev.atrous.runtime.train.RunRecord;
import dev.atrous.runtime.train.Trainer;
import dev.atrous.runtime.train.TrainingListener;
import dev.atrous.runtime.train.TrainingOptions;
import dev.atrous.runtime.train.TrainingResult;
import dev.atrous.runtime.train.ValidationPlan;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
  @Mixin DataOption data = new DataOption();

  @Mixin SplitOption split = new SplitOption("train");

  @Mixin BadImageOption badImages = new BadImageOption();

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

  @Mixin PhaseOption phase = new PhaseOption();

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

  @Mixin ValidationOptions validation = new ValidationOptions();

  @Option(
      names = "--report",
      description = "Write a page about the run, report.html in --output, at its end.")
  boolean report;

  @Mixin XlaOption xla = new XlaOption();

  @Mixin DeviceOptions where = new DeviceOptions();

  private final StopSignal stop;
  private final Map<String, LabelCounts> checked = new HashMap<>(); // by the name of the split

  TrainCommand(Models models, StopSignal stop) {
    super(models);
    this.stop = stop;
  }

  @Override
  int run(CompiledModel model, JsonOutput json) {
    List<CompiledModel> wanted = valid(() -> phase.of(model));
    checkOptions(wanted.get(0).description());
    PhaseFolders folders =
        new PhaseFolders(output == null ? defaultOutput(model.description()) : output, model);
    List<TrainRun> runs = new ArrayList<>();
    for (CompiledModel phase : checkOutput(wanted, folders)) {
      runs.add(prepare(phase, folders, runs.isEmpty()));
    }
    PrintWriter console = console(json);
    List<ObjectNode> results = new ArrayList<>();
    for (TrainRun run : runs) {
      Folders.create("output directory", run.directory());
      boolean stopped = train(run, runs, results, console);
      if (stopped || results.size() == runs.size()) {
        json.write(TrainResults.joined(results));
        return stopped ? AtrousCli.STOPPED : AtrousCli.OK;
      }
    }
    throw new IllegalStateException("a training has at least one phase");
  }

  /** All of a run that can be wrong before it begins, but for what only its graph shows. */
  private TrainRun prepare(CompiledModel model, PhaseFolders folders, boolean first) {
    ModelDescription description = model.description();
    TrainingPhase its = description.phase();
    Path directory = folders.of(its);
    boolean resumes = resume && first && folders.isBegun(its);
    Path like = resumes || !its.isLater() ? directory : folders.before(its);
    Optional<RunRecord> began = resume ? RunRecord.read(like) : Optional.empty();
    boolean given = first && !resume && network.weights != null;
    Path weights = given || !its.isLater() ? network.weights : folders.before(its);
    TrainingOptions options =
        valid(() -> options(description, directory, resumes, began, weights, given));
    note(valid(() -> RunChecks.remarks(description, options)));
    if (given) {
      note(WeightsRemarks.of(description, Objects.requireNonNull(network.weights)));
    }
    FolderDataset dataset = dataset(description, began.map(RunRecord::data), resumes);
    FolderDataset validated =
        options.validation().isOn()
            ? validation.dataset(
                dataset, ImageInput.of(description).format(), began.map(RunRecord::validation))
            : null;
    if (resumes) {
      noteChanges(began, RunRecord.of(description, options, dataset, validated), directory);
    }
    Device device = where.device.resolve();
    return new TrainRun(
        model, options, dataset, validated, device, xla.mode.isOn(device), directory);
  }

  /**
   * Trains a phase, or the whole training that has none.
   *
   * @param results to which its own are added
   * @return whether it was stopped
   */
  private boolean train(
      TrainRun run, List<TrainRun> all, List<ObjectNode> results, PrintWriter console) {
    run.print(console);
    console.flush(); // XLA may compile for minutes
    TrainingReport page;
    boolean stopped;
    try (Trainer trainer = new Trainer(run.compiled(), run.options())) {
      printStart(trainer, console);
      if (results.isEmpty()) {
        check(all);
      }
      printBands(run, trainer, console);
      stop.arm();
      long begin = System.nanoTime();
      TrainingResult result =
          run.validation() == null
              ? trainer.fit(run.data())
              : trainer.fit(run.data(), run.validation());
      double seconds = (System.nanoTime() - begin) / 1e9;
      stopped = Thread.interrupted(); // what follows writes files, which it would close
      TrainResults.print(run, result, seconds, stopped, console);
      badImages.print(run.data(), console);
      if (result.checkpoint() != null && run.equals(all.get(all.size() - 1))) {
        console.println("Evaluate it with: " + evaluation(run));
      }
      results.add(TrainResults.of(run, trainer, result, seconds, badImages));
      page = page(run, result, seconds);
    }
    if (report) { // when the memory of the training is free
      console.println(
          "Report: " + page.write(run.directory(), stopped ? null : closingEvaluation(run)));
    }
    return stopped;
  }

  private TrainingReport page(TrainRun run, TrainingResult result, double seconds) {
    return new TrainingReport(
        run.model(),
        run.options(),
        run.data(),
        Objects.requireNonNull(checked.get(run.data().name())),
        new ReportClasses(names(run, run.data()), run.data().labels().classColors()),
        run.device(),
        result,
        seconds);
  }

  /** For the report; null, with a note, where that is not possible. */
  private @Nullable ClosingEvaluation closingEvaluation(TrainRun run) {
    try {
      return ClosingEvaluation.of(
          run.compiled(),
          run.options(),
          run.data(),
          run.directory(),
          size -> new ImageProgress(err(), "evaluated image", size));
    } catch (AtrousException e) {
      note(List.of("the report has no evaluation: " + e.getMessage()));
      return null;
    }
  }

  /** Decodes all images and masks of the splits. */
  private void check(List<TrainRun> runs) {
    for (TrainRun run : runs) {
      check(run, run.data());
      FolderDataset validated = run.validation();
      if (validated != null) {
        note(ValidationOptions.remarks(run.data(), validated));
        check(run, validated);
      }
    }
  }

  private void check(TrainRun run, FolderDataset split) {
    if (!checked.containsKey(split.name())) {
      checked.put(split.name(), validate(split, names(run, split)));
    }
  }

  private static List<String> names(TrainRun run, FolderDataset split) {
    List<String> names = run.model().classNames();
    return names.isEmpty() ? split.labels().classNames() : names;
  }

  private void checkOptions(ModelDescription model) {
    valid(() -> phase.check(model, this::isGiven));
    Integer outputStride = network.outputStride;
    if (outputStride != null && outputStride != model.outputStride()) {
      throw misuse(
          "%s is compiled for training at output stride %d. To train at %d, set %s(outputStride = %d) on its spec and compile it again."
              .formatted(
                  model.name(),
                  model.outputStride(),
                  outputStride,
                  model.phase().of() > 1 ? "@Training.Phase" : "@Backbone",
                  outputStride));
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

  /**
   * The options of the run that is resumed, or the spec's, and what the command line says.
   *
   * @param began the run that is resumed, or the phase before the one that is to begin
   * @param weights that the run starts from; null for random values
   * @param given whether the command line names them
   */
  private TrainingOptions options(
      ModelDescription model,
      Path directory,
      boolean resumes,
      Optional<RunRecord> began,
      @Nullable Path weights,
      boolean given) {
    TrainingOptions.Builder options =
        resumes
            ? TrainingOptions.resuming(model, directory)
            : TrainingOptions.of(model).output(directory);
    options
        .device(where.device)
        .xla(xla.mode)
        .threads(where.threads)
        .checkpointSteps(checkpointSteps)
        .validation(
            validation.plan(began.map(RunRecord::validationPlan).orElse(ValidationPlan.NONE)))
        .listener(
            TrainingListener.all(
                new ProgressListener(model.phase()),
                new TrainingLog(directory, model.classNames())));
    if (!resumes) {
      options.weights(weights).skipClassifier(given && skipClassifier);
      began.ifPresent(
          before ->
              options
                  .schedule(before.schedule())
                  .seed(before.seed())
                  .precision(before.precision())
                  .classWeights(before.classWeights()));
    }
    if (began.isEmpty() || isGiven("--seed")) {
      options.seed(seed.value);
    }
    if (began.isEmpty() || isGiven("--precision")) {
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
  private FolderDataset dataset(
      ModelDescription model, Optional<RunRecord.Data> began, boolean resumes) {
    String ofPhase = model.phase().split();
    String otherwise = resumes ? began.map(RunRecord.Data::split).orElse(ofPhase) : ofPhase;
    String name = isGiven("--split") ? split.name : otherwise;
    FolderDataset.Reading reading =
        valid(
            () ->
                data.reading(
                    model.classes(),
                    model.classNames(),
                    began.map(run -> run.reading(model.classes())).orElse(null)));
    if (data.directory != null) {
      return open(data.directory, name, model, reading, began);
    }
    Path directory =
        began
            .map(RunRecord.Data::directory)
            .orElseThrow(
                () -> misuse("Missing required option: '--data=DIR': the run does not say which."));
    try {
      return open(directory, name, model, reading, began);
    } catch (AtrousException e) {
      throw new AtrousException(
          e.getMessage() + "\nThe run began with this data; --data says where it is now.", e);
    }
  }

  private FolderDataset open(
      Path directory,
      String name,
      ModelDescription model,
      FolderDataset.Reading reading,
      Optional<RunRecord.Data> began) {
    return badImages.open(
        directory,
        name,
        model,
        reading,
        began.map(RunRecord.Data::skipBadImages).orElse(false),
        bad -> note(List.of(bad)));
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
   *
   * @return the phases that are to be done
   */
  private List<CompiledModel> checkOutput(List<CompiledModel> wanted, PhaseFolders folders) {
    List<TrainingPhase> phases = wanted.stream().map(one -> one.description().phase()).toList();
    phases.forEach(folders::requireFree);
    if (resume) {
      return folders.left(wanted);
    }
    phases.forEach(folders::requireNew);
    if (phases.get(0).isLater() && network.weights == null) {
      folders.requireDoneBefore(phases.get(0));
    }
    return wanted;
  }

  private void printStart(Trainer trainer, PrintWriter console) {
    note(trainer.damagedCheckpoints());
    trainer.weightNotes().forEach(note -> console.println("Weights: " + note));
    if (!trainer.startedAfresh().isEmpty()) {
      console.println("Initial values: " + String.join(", ", trainer.startedAfresh()));
    }
    if (trainer.startStep() > 0) {
      console.println("Resumed at step " + trainer.startStep());
    }
    console.flush();
  }

  /** What is not in the spec, and so not in the description of the model. */
  private static void printBands(TrainRun run, Trainer trainer, PrintWriter console) {
    if (run.model().pixels().isMeasured()) {
      PixelScale bands = trainer.measureBands(run.data());
      console.println("Bands: means " + bands.mean() + ", deviations " + bands.deviation());
      console.flush();
    }
  }

  private String evaluation(TrainRun run) {
    return "evaluate"
        + modelOption(run.compiled())
        + " --data "
        + quoted(data.directory == null ? run.data().root() : data.directory)
        + " --weights "
        + quoted(run.options().output());
  }

  private static String quoted(@Nullable Path path) {
    String text = String.valueOf(path);
    return text.contains(" ") ? '"' + text + '"' : text;
  }
}
