package dev.atrous.runtime.train;

import dev.atrous.annotation.Training;
import dev.atrous.runtime.AtrousException;
import dev.atrous.runtime.Version;
import dev.atrous.runtime.checkpoint.Checkpoint;
import dev.atrous.runtime.data.BandStatistics;
import dev.atrous.runtime.data.Batch;
import dev.atrous.runtime.data.BatchSource;
import dev.atrous.runtime.data.CropLoader;
import dev.atrous.runtime.data.Dataset;
import dev.atrous.runtime.data.PixelFormat;
import dev.atrous.runtime.model.CompiledModel;
import dev.atrous.runtime.model.ModelDescription;
import dev.atrous.runtime.model.PixelScale;
import dev.atrous.runtime.predict.ImageInput;
import dev.atrous.runtime.predict.MeasuredBands;
import dev.atrous.runtime.tensorflow.Device;
import dev.atrous.runtime.tensorflow.NativeLibrary;
import dev.atrous.runtime.tensorflow.TensorFlowFailure;
import dev.atrous.runtime.tensorflow.Timeline;
import dev.atrous.runtime.tensorflow.WorkerGroup;
import dev.atrous.runtime.tensorflow.WorkerServer;
import dev.atrous.runtime.tensorflow.Xla;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Trains a compiled model: initial or restored values, steps on the schedule, checkpoints. Not for
 * use by several threads at once.
 *
 * <pre>{@code
 * Dataset data = FolderDataset.open(Path.of("VOC2012"), "train", model.description().classes());
 * try (Trainer trainer = new Trainer(model, options)) {
 *   TrainingResult result = trainer.fit(data);
 * }
 * }</pre>
 */
public class Trainer implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Trainer.class);

  private final CompiledModel compiled;
  private final ModelDescription model;
  private final TrainingOptions options;
  private final List<String> remarks;
  private final TrainingErrors errors;
  private final CheckpointSaver checkpoints;
  private final Device device;
  private final @Nullable WorkerServer server;
  private final WorkerExchange exchange;
  private final TrainingSession session;
  private List<String> startedAfresh = List.of();
  private List<String> weightNotes = List.of();
  private @Nullable PixelScale bands; // null while they are to be measured

  /**
   * Builds the training graph and sets the values of the variables. With XLA it compiles the step
   * as well, by a step on a black image; the run starts from the same values as without. The memory
   * of the activations is taken by the first step, which with XLA is that one.
   *
   * @param whole the model; of its phases, if there are several, the one of the options is trained
   * @throws AtrousException if the native library, the device or XLA is missing; the crop is larger
   *     than the model was compiled for, or its map a single pixel; the output directory can't be
   *     used, is another training's, or holds a run that is not to be resumed or began with other
   *     values; weights can't be read or do not fit; the model trains with frozen batch
   *     normalisation and nothing is there to start from; or XLA can't compile the step, or memory
   *     runs out meanwhile
   */
  public Trainer(CompiledModel whole, TrainingOptions options) {
    CompiledModel model = phase(whole, options.phase());
    remarks = RunChecks.remarks(model.description(), options);
    NativeLibrary.load();
    this.options = options;
    compiled = model;
    this.model = model.description();
    errors = new TrainingErrors(options);
    device = options.device().resolve();
    Xla xla = compiler();
    server = server();
    exchange = new WorkerExchange(server);
    requireAlike(RunRecord.of(model.description(), options, null, null), xla != null, null);
    checkpoints = new CheckpointSaver(options, errors);
    try {
      session = session(xla);
    } catch (RuntimeException e) {
      checkpoints.close();
      throw e;
    }
    try {
      Runnable startingValues = startingValues();
      startingValues.run();
      if (xla != null) {
        session.compile();
        startingValues.run(); // compiling has changed them
      }
    } catch (RuntimeException e) {
      try (checkpoints) {
        session.close();
      }
      throw TensorFlowFailure.explained(e, errors::notStarted);
    }
    bands = MeasuredBands.of(model, session::readVariable).orElse(null);
    log.info(
        "training {} on the {}, {}",
        model.description().name(),
        device,
        xla == null ? "operation by operation" : "as one XLA program");
  }

  /** Null if XLA is not to compile the step, or can't. */
  private @Nullable Xla compiler() {
    boolean synchronizes =
        !options.workers().isAlone()
            && model.training().batchNorm() == Training.BatchNorm.SYNCHRONIZED;
    if (synchronizes && options.xla() == XlaMode.ON) {
      throw new AtrousException(
          "XLA can't compile a step whose batch normalisation is synchronised between workers: they exchange statistics in the middle of it. Choose XLA off, or @Training(batchNorm = Training.BatchNorm.TRAINED).");
    }
    Xla xla = options.xla().isOn(device) && !synchronizes ? Xla.load(device) : null;
    if (xla == null && !synchronizes && device == Device.GPU && options.xla() == XlaMode.AUTO) {
      Xla.problem(device).ifPresent(problem -> log.warn("XLA is off. {}", problem));
    }
    return xla;
  }

  /** Null if this worker trains alone. */
  private @Nullable WorkerServer server() {
    return options.workers().isAlone()
        ? null
        : WorkerServer.start(options.workers(), device, options.threads(), false);
  }

  private static CompiledModel phase(CompiledModel model, int number) {
    if (model.description().phase().number() == number) {
      return model;
    }
    return model.phases().stream()
        .filter(phase -> phase.description().phase().number() == number)
        .findFirst()
        .orElseThrow(
            () ->
                new AtrousException(
                    "The options are those of phase %d, which %s does not have. Make them from the description of the phase to train."
                        .formatted(number, model.description().name())));
  }

  private TrainingSession session(@Nullable Xla xla) {
    int maximumCrop = compiled.trainingStep().maximumCrop();
    if (options.crop() > maximumCrop) {
      throw errors.cropTooLarge(model.name(), maximumCrop);
    }
    TrainingSession built =
        new TrainingSession(compiled, options, errors, device, xla, server, exchange);
    // What is left of building the graph: the heap shrinks before the activations take their
    // memory.
    System.gc();
    return built;
  }

  /** What sets the values that the run starts from: those of a checkpoint, or initial ones. */
  private Runnable startingValues() {
    Optional<Checkpoint> resumed = checkpoints.resumed();
    if (resumed.isPresent()) {
      checkpoints.requireSameRun(RunRecord.of(model, options, null, null));
      return () -> session.restore(resumed.get());
    }
    if (options.weights() == null) {
      if (model.needsWeights()) {
        throw TrainingOptions.needsWeights(model);
      }
      return session::initialise;
    }
    StartingWeights weights =
        StartingWeights.of(Checkpoint.open(options.weights()), compiled, options.skipClassifier());
    log.info("weights from {}", weights.checkpoint().prefix());
    startedAfresh = weights.afresh();
    if (!startedAfresh.isEmpty()) {
      log.info("initial values for {}", startedAfresh);
    }
    weightNotes = weights.notes();
    weightNotes.forEach(log::info);
    return () -> {
      session.initialise();
      session.restore(weights);
    };
  }

  /**
   * Steps done: 0, or those of the run that was resumed. The next batch to train has this number.
   */
  public long startStep() {
    return session.steps();
  }

  /**
   * The parameters that have initial values in a run that started from the weights of others: those
   * of the classifier, if it was skipped; mostly empty.
   */
  public List<String> startedAfresh() {
    return startedAfresh;
  }

  /**
   * Makes the bands of images known, where the spec does not: measures their mean and deviation on
   * a data set, unless the run began with those of earlier images. They are kept with the weights.
   * {@link #fit} does this.
   *
   * @return how the run scales images
   * @throws AtrousException if an image can't be used
   */
  public PixelScale measureBands(Dataset data) {
    if (bands == null) {
      PixelFormat format = ImageInput.of(model).format();
      log.info("measuring the bands of {} images of {}", data.size(), data.name());
      BandStatistics statistics = BandStatistics.of(data.withPixels(format));
      setBands(new PixelScale(format.bits(), statistics.mean(), statistics.scale()));
      statistics
          .constantBands()
          .forEach(band -> log.warn("band {} has one value alone in all images", band));
    }
    return knownBands();
  }

  /**
   * Says how images are scaled, in place of what would be measured.
   *
   * @throws IllegalArgumentException if the model does not measure its bands, or has others
   */
  public void setBands(PixelScale scale) {
    PixelScale own = model.pixels();
    if (!own.isMeasured() || scale.bands() != own.bands() || scale.bits() != own.bits()) {
      throw new IllegalArgumentException("the bands of the model are " + own + ", not " + scale);
    }
    session.set(MeasuredBands.parameters(compiled, scale));
    bands = scale;
    log.info("bands: means {}, deviations {}", scale.mean(), scale.deviation());
  }

  private PixelScale knownBands() {
    if (bands == null) {
      throw new AtrousException(
          "%s measures mean and deviation of its bands on a data set, and there is none. Fit a Dataset, or say what they are: Trainer.setBands."
              .formatted(model.name()));
    }
    return bands;
  }

  /**
   * What the run made of the weights that it started from, other than taking them, in clauses:
   * weights for red, green and blue become those of other bands; mostly empty.
   */
  public List<String> weightNotes() {
    return weightNotes;
  }

  /**
   * What is wrong with checkpoints that are newer than the one that the run resumed from, in words;
   * mostly empty.
   */
  public List<String> damagedCheckpoints() {
    return checkpoints.passedOver();
  }

  /**
   * Trains on crops of a data set, augmented as the recipe says, from the current step to the last.
   *
   * @throws AtrousException as {@link #fit(BatchSource)}, or if the data has other classes than the
   *     model, a sample can't be used, or a resumed run had other data
   */
  public TrainingResult fit(Dataset data) {
    return fitting(data, null);
  }

  /**
   * As {@link #fit(Dataset)}, with validations as the options say, and one after the last step. The
   * weights with the best mIoU are in the folder {@code best} of the output directory. A validation
   * changes nothing in the training.
   *
   * @param validation what to validate on
   * @throws AtrousException as without validations; also if the options have none, or an image to
   *     validate on can't be used
   */
  public TrainingResult fit(Dataset data, Dataset validation) {
    return fitting(data, validation);
  }

  private TrainingResult fitting(Dataset data, @Nullable Dataset validation) {
    requireClasses(data);
    CropLoader.Settings crops =
        CropSettings.of(
            model, measureBands(data), options.cropsInStep(), options.crop(), options.seed());
    WorkerGroup workers = options.workers();
    CropLoader.Share share = new CropLoader.Share(workers.rank(), workers.size());
    try (BatchSource batches = CropLoader.open(data, crops, share, session.steps())) {
      return fit(batches, data, validation);
    }
  }

  private void requireClasses(Dataset data) {
    if (data.classes() != model.classes()) {
      throw new AtrousException(
          "The data set %s has %d classes, the model %s has %d. Give both the same."
              .formatted(data.name(), data.classes(), model.name(), model.classes()));
    }
  }

  /**
   * Trains from {@link #startStep} to the last step. An interrupt of the thread ends the run after
   * the step that is being computed, with a checkpoint; the thread's interrupt flag remains set.
   *
   * @param batches the first of them is number {@link #startStep}; not closed
   * @throws AtrousException if the loss is no longer a number (checkpoints are those from before),
   *     memory runs out, the disk is full, or an image can't be read
   */
  public TrainingResult fit(BatchSource batches) {
    return fit(batches, null, null);
  }

  /** As {@link #fit(BatchSource)} and {@link #fit(Dataset, Dataset)}. */
  public TrainingResult fit(BatchSource batches, Dataset validation) {
    return fit(batches, null, validation);
  }

  private TrainingResult fit(
      BatchSource batches, @Nullable Dataset data, @Nullable Dataset validation) {
    if (options.validation().isOn() != (validation != null)) {
      throw new AtrousException(
          validation == null
              ? "The options have validations, and there is no data set to validate on. Give one to fit, or leave them out."
              : "There is a data set to validate on, and the options have no validations. Say when (TrainingOptions.validation), or leave it out.");
    }
    knownBands();
    RunChecks.log(remarks);
    RunRecord record = RunRecord.of(model, options, data, validation);
    Validator validator = null;
    if (validation != null) {
      requireClasses(validation);
      validator = new Validator(compiled, options, device, session, validation, record);
    }
    requireAlike(record, session.isCompiled(), start());
    checkpoints.begin(record, session.steps());
    return new TrainingLoop(options, errors, session, checkpoints, validator).run(batches);
  }

  /** The checkpoint that the values of the run come from; null for initial ones. */
  private @Nullable Path start() {
    Path weights = options.weights();
    return checkpoints.last().orElse(weights == null ? null : Checkpoint.open(weights).prefix());
  }

  /** Checks that all workers are about to train the same. */
  private void requireAlike(RunRecord record, boolean xla, @Nullable Path start) {
    if (server == null) {
      return;
    }
    StartRecord own =
        StartRecord.of(Version.text(), record, model, device, xla, options.wire(), start);
    own.requireAlike(exchange.rows(own.row()));
  }

  /**
   * Performs one step and counts it; {@link #fit} is the loop around this. Of several workers, all
   * perform it, each with its own crops.
   *
   * @param batch all crops of the step, of the size of the options
   * @param learningRate of the step
   * @return the mean cross-entropy before the update
   * @throws IllegalArgumentException for a batch of another size
   * @throws AtrousException if the bands are not measured, or TensorFlow can't compute it
   */
  public float step(Batch batch, float learningRate) {
    knownBands();
    return session.step(batch, learningRate);
  }

  /** Performs one step as {@link #step} does, and records when each operation ran. */
  public Timeline profile(Batch batch, float learningRate) {
    knownBands();
    return session.profile(batch, learningRate);
  }

  /**
   * The program that XLA compiled the step to: the proof that it did. Empty without XLA, and where
   * the flag {@code --xla_dump_to} could not be set.
   */
  public Optional<Xla.Program> xlaProgram() {
    return session.xlaProgram();
  }

  /** The names for {@link #readVariable}, in the order of the network, momenta last. */
  public Set<String> variables() {
    return session.variables();
  }

  /**
   * The values of a parameter or a momentum, row-major.
   *
   * @param name as in checkpoints, for example {@code logits/bias} or {@code logits/bias/Momentum}
   * @throws IllegalArgumentException for another name
   */
  public float[] readVariable(String name) {
    return session.readVariable(name);
  }

  /**
   * The values of several parameters or momenta, row-major, by name. One call for many is much
   * faster than a call for each.
   *
   * @throws IllegalArgumentException for a name that {@link #variables} does not have
   */
  public Map<String, float[]> readVariables(Collection<String> names) {
    return session.readVariables(names);
  }

  /** Frees the graph and the memory of the run; checkpoints are written by {@link #fit} alone. */
  @Override
  public void close() {
    try (checkpoints) {
      session.close();
    }
  }
}
