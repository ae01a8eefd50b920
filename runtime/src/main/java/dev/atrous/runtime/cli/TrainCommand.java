package dev.atrous.runtime.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.atrous.runtime.AtrousException;
import dev.atrous.runtime.Interruption;
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
import dev.atrous.runtime.tensorflow.WorkerGroup;
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
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
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

  @Mixin RecipeOptions recipe = new RecipeOptions();

  @Option(
      names = "--skip-classifier",
      description =
          "Start the layers that give class scores from initial values, not from --weights: for"
              + " weights of a model with other classes.")
  boolean skipClassifier;

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

  @Mixin WorkerOptions workers = new WorkerOptions();

  @Mixin RestartOption restarts = new RestartOption();

  private final StopSignal stop;
  private final Map<List<Object>, FolderDataset> opened = new HashMap<>(); // by folder and split
  private WorkerGroup group = WorkerGroup.ALONE;
  private final Map<String, LabelCounts> checked = new HashMap<>(); // by the name of the split

  TrainCommand(Models models, StopSignal stop) {
    super(models);
    this.stop = stop;
  }

  @Override
  int run(CompiledModel model, JsonOutput json) {
    List<CompiledModel> wanted = valid(() -> phase.of(model));
    group = valid(() -> workers.group(this::isGiven));
    int allowed = valid(() -> restarts.allowed(workers));
    resume |= workers.launched().map(LaunchedWorker::resumes).orElse(false);
    checkOptions(wanted.get(0).description());
    PhaseFolders folders =
        new PhaseFolders(output == null ? defaultOutput(model.description()) : output, model);
    List<CompiledModel> left =
        folders.check(wanted, resume, network.weights != null, group.isLeader());
    if (workers.launches()) {
      return launch(allowed, () -> wanted.stream().anyMatch(folders::isBegun));
    }
    List<TrainRun> runs = new ArrayList<>();
    for (CompiledModel phase : left) {
      runs.add(prepare(phase, folders, runs.isEmpty()));
    }
    workers.join(group, runs.get(0).options(), remark -> note(List.of(remark)));
    PrintWriter console = console(json, group);
    List<ObjectNode> results = new ArrayList<>();
    for (TrainRun run : runs) {
      if (group.isLeader()) {
        Folders.create("output directory", run.directory());
      }
      boolean stopped = train(run, runs, results, console);
      if (stopped || results.size() == runs.size()) {
        if (group.isLeader()) {
          json.write(TrainResults.joined(results));
        }
        return stopped ? AtrousCli.STOPPED : AtrousCli.OK;
      }
    }
    throw new IllegalStateException("a training has at least one phase");
  }

  /**
   * Starts the workers, with this command, and waits for their end.
   *
   * @param allowed how often they may start again
   */
  private int launch(int allowed, BooleanSupplier hasCheckpoint) {
    stop.arm();
    return launcher(workers, where).run(allowed, hasCheckpoint);
  }

  /** All of a run that can be wrong before it begins, but for what only its graph shows. */
  private TrainRun prepare(CompiledModel model, PhaseFolders folders, boolean first) {
    ModelDescription description = model.description();
    TrainingPhase its = description.phase();
    Path directory = folders.of(its);
    boolean resumes = resume && first && folders.isBegun(its);
    boolean given = first && !resume && network.weights != null;
    PhaseFolders.Before before = resumes || given || !its.isLater() ? null : folders.before(its);
    Path like = before == null ? directory : before.directory();
    Optional<RunRecord> began = resume ? RunRecord.read(like) : Optional.empty();
    Path weights = before == null ? network.weights : before.weights();
    ValidationScores scores = new ValidationScores(description.classes());
    TrainingOptions options =
        valid(() -> options(description, directory, resumes, began, weights, given, scores));
    note(valid(() -> RunChecks.remarks(description, options)));
    if (before != null) {
      note(before.remarks());
    }
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
        model, options, dataset, validated, device, xla.mode.isOn(device), directory, scores);
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
      workers.arm(stop, group);
      long begin = System.nanoTime();
      TrainingResult result =
          run.validation() == null
              ? trainer.fit(run.data())
              : trainer.fit(run.data(), run.validation());
      double seconds = (System.nanoTime() - begin) / 1e9;
      boolean interrupted = Thread.interrupted(); // what follows writes files, which it would close
      stopped = interrupted || TrainResults.isCutShort(run, result);
      TrainResults.print(run, result, seconds, stopped, console);
      BadImageOption.print(run.data(), console);
      if (result.checkpoint() != null && run.equals(all.get(all.size() - 1))) {
        console.println("Evaluate it with: " + evaluation(run));
      }
      results.add(TrainResults.of(run, trainer, result, seconds));
      page = page(run, result, seconds);
    }
    if (report && group.isLeader()) { // when the memory of the training is free
      ClosingEvaluation closing = stopped ? null : closingEvaluation(run, page.result().step());
      console.println(
          "Report: " + page.write(run.directory(), closing, remark -> note(List.of(remark))));
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
  private @Nullable ClosingEvaluation closingEvaluation(TrainRun run, long step) {
    try {
      return ClosingEvaluation.of(
          run, step, size -> new ImageProgress(err(), "evaluated image", size));
    } catch (AtrousException | Interruption e) {
      note(List.of("the report has no evaluation: " + e.getMessage()));
      return null;
    } finally {
      Thread.interrupted(); // a page is still written
    }
  }

  /** Decodes all images and masks of the splits; what phases have in common, once. */
  private void check(List<TrainRun> runs) {
    Set<List<String>> compared = new HashSet<>();
    for (TrainRun run : runs) {
      check(run, run.data());
      FolderDataset validated = run.validation();
      if (validated != null) {
        if (compared.add(List.of(run.data().name(), validated.name()))) {
          note(ValidationOptions.remarks(run.data(), validated));
        }
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
   * @param scores is told of validations
   */
  private TrainingOptions options(
      ModelDescription model,
      Path directory,
      boolean resumes,
      Optional<RunRecord> began,
      @Nullable Path weights,
      boolean given,
      ValidationScores scores) {
    TrainingOptions.Builder options =
        resumes
            ? TrainingOptions.resuming(model, directory)
            : TrainingOptions.of(model).output(directory);
    options
        .device(where.device)
        .xla(xla.mode)
        .threads(workers.threads(where.threads, isGiven("--threads")))
        .workers(group)
        .wire(workers.wire)
        .checkpointSteps(checkpointSteps)
        .validation(
            validation.plan(began.map(RunRecord::validationPlan).orElse(ValidationPlan.NONE)))
        .listener(
            group.isLeader()
                ? TrainingListener.all(
                    new ProgressListener(model.phase()),
                    new TrainingLog(directory, model.classNames()),
                    scores)
                : TrainingListener.NONE);
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
    recipe.set(options, network);
    return options.build();
  }

  /** Where a model trains to, and is evaluated from, if nothing else is said. */
  static Path defaultOutput(ModelDescription model) {
    return Path.of("runs", model.name());
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

  /** The same one for all phases that train on it. */
  private FolderDataset open(
      Path directory,
      String name,
      ModelDescription model,
      FolderDataset.Reading reading,
      Optional<RunRecord.Data> began) {
    return opened.computeIfAbsent(
        List.of(directory, name),
        key ->
            badImages.open(
                directory,
                name,
                model,
                reading,
                began.map(RunRecord.Data::skipBadImages).orElse(false),
                bad -> note(List.of(bad))));
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
