package dev.atrous.runtime.train;

import dev.atrous.runtime.AtrousException;
import dev.atrous.runtime.checkpoint.Checkpoint;
import dev.atrous.runtime.checkpoint.CheckpointDirectory;
import dev.atrous.runtime.data.Augmentation;
import dev.atrous.runtime.data.Batch;
import dev.atrous.runtime.data.BatchSource;
import dev.atrous.runtime.data.CropLoader;
import dev.atrous.runtime.data.VocDataset;
import dev.atrous.runtime.model.CompiledModel;
import dev.atrous.runtime.model.TrainingRecipe;
import dev.atrous.runtime.model.TrainingStep;
import dev.atrous.runtime.tensorflow.Device;
import dev.atrous.runtime.tensorflow.NativeLibrary;
import dev.atrous.runtime.tensorflow.Timeline;
import dev.atrous.runtime.tensorflow.Xla;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.exceptions.TFInvalidArgumentException;
import org.tensorflow.exceptions.TFResourceExhaustedException;
import org.tensorflow.exceptions.TFUnimplementedException;
import org.tensorflow.exceptions.TensorFlowException;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.types.TBool;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt64;
import org.tensorflow.types.TUint8;

/**
 * Trains a compiled model: initial or restored values, steps on the poly schedule, checkpoints. Not
 * for use by several threads at once.
 *
 * <pre>{@code
 * VocDataset data = VocDataset.open(Path.of("VOC2012"), "train", model.description().classes());
 * try (Trainer trainer = new Trainer(model, options)) {
 *   TrainingResult result = trainer.fit(data);
 * }
 * }</pre>
 */
public class Trainer implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Trainer.class);

  private final TrainingOptions options;
  private final TrainingRecipe recipe;
  private final PolySchedule schedule;
  private final @Nullable CheckpointDirectory directory;
  private final @Nullable Xla xla;
  private final TrainingGraph graph;
  private final Session session;
  private long step;
  private long savedStep = -1;
  private boolean xlaReported;
  private Optional<Path> lastCheckpoint = Optional.empty();
  private Optional<Xla.Program> xlaProgram = Optional.empty();

  /**
   * Builds the training graph and sets the values of the variables. The memory of the activations
   * is taken by the first step.
   *
   * @throws AtrousException if the native library, the device or XLA is missing; the crop is larger
   *     than the model was compiled for; the output directory can't be used or holds a run that is
   *     not to be resumed; weights can't be read or do not fit; or the model trains with frozen
   *     batch normalisation and nothing is there to start from
   */
  public Trainer(CompiledModel model, TrainingOptions options) {
    NativeLibrary.load();
    this.options = options;
    recipe = model.description().training();
    schedule = new PolySchedule(options.learningRate(), options.steps(), options.power());
    Device device = options.device().resolve();
    xla = options.xla().isOn(device) ? Xla.load() : null;
    directory =
        options.output() == null ? null : new CheckpointDirectory(options.output(), options.keep());
    TrainingStep compiled = model.trainingStep();
    checkCrop(model, compiled.maximumCrop(), options.crop());
    graph = new TrainingGraph(model, compiled, options, device, xla != null);
    session = new Session(graph.graph(), device.config(options.threads(), options.precision()));
    try {
      setValues(model.description().name(), device);
    } catch (RuntimeException e) {
      close();
      throw e;
    }
    // What is left of building the graph: the heap shrinks before the activations take their
    // memory.
    System.gc();
    log.info(
        "training {} on the {}, {}",
        model.description().name(),
        device,
        xla == null ? "operation by operation" : "as one XLA program");
  }

  private static void checkCrop(CompiledModel model, int maximum, int crop) {
    if (crop > maximum) {
      throw new AtrousException(
          "The crop is "
              + crop
              + " pixels, but the training step of "
              + model.description().name()
              + " was compiled for crops up to "
              + maximum
              + ". Set @SegmentationModel(crop = "
              + crop
              + ") on the spec and compile it again, or train with a smaller crop.");
    }
  }

  private void setValues(String model, Device device) {
    Optional<Path> newest = directory == null ? Optional.empty() : directory.newest();
    if (newest.isPresent() && !options.resume()) {
      throw new AtrousException(
          "The output directory "
              + options.output()
              + " already holds a training run ("
              + newest.get().getFileName()
              + "). Resume it, or choose another directory.");
    }
    if (newest.isPresent()) {
      step = graph.checkpoints().restore(session, Checkpoint.open(newest.get()));
      savedStep = step;
      lastCheckpoint = newest;
      log.info("resumed from {} at step {}", newest.get(), step);
      return;
    }
    if (recipe.frozenBatchNorm() && options.weights() == null) {
      throw TrainingOptions.startsFrozen(model);
    }
    Session.Runner runner = session.runner().setOptions(device.sideBySide());
    graph.initialValues().forEach(runner::addTarget);
    runner.run().close();
    if (options.weights() != null) {
      Checkpoint weights = Checkpoint.open(options.weights());
      graph.checkpoints().restoreWeights(session, weights);
      log.info("weights from {}", weights.prefix());
    }
  }

  /**
   * Steps done: 0, or those of the run that was resumed. The next batch to train has this number.
   */
  public long startStep() {
    return step;
  }

  /**
   * Trains on crops of a data set, augmented as the recipe says, from the current step to the last.
   *
   * @throws AtrousException as {@link #fit(BatchSource)}, or if a file of the data can't be used
   */
  public TrainingResult fit(VocDataset data) {
    CropLoader.Settings crops =
        new CropLoader.Settings(
            options.batchSize(),
            options.crop(),
            new Augmentation(recipe.minScale(), recipe.maxScale(), true),
            options.seed());
    try (BatchSource batches = CropLoader.open(data, crops, step)) {
      return fit(batches);
    }
  }

  /**
   * Trains from {@link #startStep} to the last step. An interrupt of the thread ends the run after
   * the step that is being computed, with a checkpoint; the thread's interrupt flag remains set.
   *
   * @param batches the first of them is number {@link #startStep}; not closed
   * @throws AtrousException if the loss is no longer a number (checkpoints are those from before),
   *     memory runs out, XLA can't compile the step, the disk is full, or an image can't be read
   */
  public TrainingResult fit(BatchSource batches) {
    Pace pace = new Pace();
    long lastSaved = System.nanoTime();
    Batch last = null;
    try {
      while (step < options.steps() && !Thread.currentThread().isInterrupted()) {
        Batch batch = next(batches);
        if (batch == null) {
          break;
        }
        train(batch, pace);
        last = batch;
        if (isCheckpointDue(lastSaved)) {
          save(batch);
          lastSaved = System.nanoTime();
        }
      }
      if (last != null) {
        save(last);
      }
    } finally {
      options.listener().onEnd();
    }
    return new TrainingResult(
        step,
        pace.meanLoss(),
        pace.stepsPerSecond() * options.batchSize(),
        pace.medianStepSeconds(),
        lastCheckpoint.orElse(null));
  }

  /** Null if the thread was interrupted while it waited. */
  private static @Nullable Batch next(BatchSource batches) {
    try {
      return batches.next();
    } catch (IllegalStateException e) {
      if (Thread.currentThread().isInterrupted()) {
        return null;
      }
      throw e;
    }
  }

  private void train(Batch batch, Pace pace) {
    double learningRate = schedule.at(step);
    long begin = System.nanoTime();
    float loss = step(batch, (float) learningRate);
    pace.add(loss, (System.nanoTime() - begin) / 1e9);
    if (!Float.isFinite(loss)) {
      throw diverged("the loss of step " + step + " is " + loss);
    }
    options
        .listener()
        .onStep(
            new StepReport(
                step,
                options.steps(),
                loss,
                learningRate,
                options.batchSize() / pace.recentSeconds(),
                pace.remaining(options.steps() - step)));
  }

  private boolean isCheckpointDue(long lastSaved) {
    return System.nanoTime() - lastSaved >= options.checkpointEvery().toNanos()
        || (options.checkpointSteps() > 0 && step % options.checkpointSteps() == 0);
  }

  /**
   * Writes a checkpoint, unless there is no directory or the step has one.
   *
   * @param last the batch of the last step, to try the weights on
   */
  private void save(Batch last) {
    if (directory == null || savedStep == step) {
      return;
    }
    float loss = lossNow(last);
    if (!Float.isFinite(loss)) {
      throw diverged("with the weights after step " + step + " the loss is " + loss);
    }
    Path prefix = directory.add(step, path -> graph.checkpoints().save(session, path, step));
    savedStep = step;
    lastCheckpoint = Optional.of(prefix);
    options.listener().onCheckpoint(step, prefix);
  }

  /**
   * The loss of a batch with the present weights, NaN if a variable is not finite. A step's loss is
   * that of the weights before its update, so it says nothing about what a checkpoint would hold.
   */
  private float lossNow(Batch batch) {
    Shape crops = Shape.of(batch.size(), batch.crop(), batch.crop());
    try (TUint8 images = TUint8.tensorOf(crops.append(3), DataBuffers.of(batch.images()));
        TUint8 labels = TUint8.tensorOf(crops, DataBuffers.of(batch.labels()));
        TInt64 number = TInt64.scalarOf(step);
        Result result =
            session
                .runner()
                .feed(graph.images(), images)
                .feed(graph.labels(), labels)
                .feed(graph.stepNumber(), number)
                .fetch(graph.forward())
                .fetch(graph.finite())
                .run()) {
      boolean finite = ((TBool) result.get(1)).getBoolean();
      return finite ? ((TFloat32) result.get(0)).getFloat() : Float.NaN;
    } catch (TensorFlowException | TFInvalidArgumentException | TFUnimplementedException e) {
      throw failed(e);
    }
  }

  private AtrousException diverged(String what) {
    return new AtrousException(
        "The training diverged: "
            + what
            + ". "
            + lastCheckpoint
                .map(path -> "The last good checkpoint is " + path + ".")
                .orElse("No checkpoint was written before.")
            + " Lower the learning rate (it started at "
            + options.learningRate()
            + "), or check the labels.");
  }

  /**
   * Performs one step and counts it; {@link #fit} is the loop around this.
   *
   * @param batch of the batch size and crop of the options
   * @param learningRate of the step
   * @return the mean cross-entropy before the update
   * @throws IllegalArgumentException for a batch of another size
   * @throws AtrousException if TensorFlow can't compute it
   */
  public float step(Batch batch, float learningRate) {
    try (Result result = run(batch, learningRate, Session.Runner::run)) {
      return ((TFloat32) result.get(0)).getFloat();
    }
  }

  /** Performs one step as {@link #step} does, and records when each operation ran. */
  public Timeline profile(Batch batch, float learningRate) {
    try (Result result = run(batch, learningRate, Timeline::run)) {
      return Timeline.of(result);
    }
  }

  private Result run(Batch batch, float learningRate, Function<Session.Runner, Result> how) {
    if (batch.size() != options.batchSize() || batch.crop() != options.crop()) {
      throw new IllegalArgumentException(
          "the batch is %d x %d^2 pixels, the options say %d x %d^2"
              .formatted(batch.size(), batch.crop(), options.batchSize(), options.crop()));
    }
    long begin = System.nanoTime();
    Shape crops = Shape.of(batch.size(), batch.crop(), batch.crop());
    try (TUint8 images = TUint8.tensorOf(crops.append(3), DataBuffers.of(batch.images()));
        TUint8 labels = TUint8.tensorOf(crops, DataBuffers.of(batch.labels()));
        TFloat32 rate = TFloat32.scalarOf(learningRate);
        TInt64 number = TInt64.scalarOf(step)) {
      Result result =
          how.apply(
              session
                  .runner()
                  .feed(graph.images(), images)
                  .feed(graph.labels(), labels)
                  .feed(graph.learningRate(), rate)
                  .feed(graph.stepNumber(), number)
                  .fetch(graph.loss()));
      step++;
      reportXla((System.nanoTime() - begin) / 1e9);
      return result;
    } catch (TensorFlowException | TFInvalidArgumentException | TFUnimplementedException e) {
      throw failed(e);
    }
  }

  /**
   * Looks for the compiled program once, after this trainer's first step.
   *
   * @param seconds that the step took: it was compiled in them
   */
  private void reportXla(double seconds) {
    String function = graph.xlaFunction();
    if (xla == null || function == null || xlaReported) {
      return;
    }
    xlaReported = true;
    xlaProgram = xla.program(function);
    xlaProgram.ifPresentOrElse(
        module ->
            log.info(
                "XLA compiled the step in {} s: module {}, {} instructions, {} fusions, {} variables"
                    + " updated in place, {} transfers to or from the host",
                "%.1f".formatted(seconds),
                module.name(),
                module.instructions(),
                module.fusions(),
                module.donated(),
                module.hostTransfers()),
        () -> log.info("XLA runs the step; its module was not dumped"));
  }

  private AtrousException failed(RuntimeException cause) {
    String message = String.valueOf(cause.getMessage());
    if (cause instanceof TFResourceExhaustedException) {
      return new AtrousException(
          "Memory ran out in training step %d, with %d crops of %d pixels: %s%nLower the batch size or the crop."
              .formatted(step + 1, options.batchSize(), options.crop(), message),
          cause);
    }
    if (xla != null && !xlaReported) {
      return new AtrousException(
          "XLA could not compile the training step: " + message + "\nTrain with XLA off.", cause);
    }
    return new AtrousException(
        "TensorFlow failed in training step " + (step + 1) + ": " + message, cause);
  }

  /**
   * The program that XLA compiled the step to: the proof that it did. Empty before the first step,
   * without XLA, and where the flag {@code --xla_dump_to} could not be set.
   */
  public Optional<Xla.Program> xlaProgram() {
    return xlaProgram;
  }

  /** The names for {@link #readVariable}, in the order of the network, momenta last. */
  public Set<String> variables() {
    return graph.values().keySet();
  }

  /**
   * The values of a parameter or a momentum, row-major.
   *
   * @param name as in checkpoints, for example {@code logits/bias} or {@code logits/bias/Momentum}
   * @throws IllegalArgumentException for another name
   */
  public float[] readVariable(String name) {
    return Objects.requireNonNull(readVariables(List.of(name)).get(name));
  }

  /**
   * The values of several parameters or momenta, row-major, by name. One call for many is much
   * faster than a call for each.
   *
   * @throws IllegalArgumentException for a name that {@link #variables} does not have
   */
  public Map<String, float[]> readVariables(Collection<String> names) {
    Session.Runner runner = session.runner();
    for (String name : names) {
      Operand<TFloat32> value = graph.values().get(name);
      if (value == null) {
        throw new IllegalArgumentException("no variable is named " + name);
      }
      runner.fetch(value);
    }
    Map<String, float[]> values = new LinkedHashMap<>();
    try (Result result = runner.run()) {
      int i = 0;
      for (String name : names) {
        TFloat32 tensor = (TFloat32) result.get(i++);
        float[] elements = new float[Math.toIntExact(tensor.size())];
        tensor.asRawTensor().data().asFloats().read(elements);
        values.put(name, elements);
      }
    }
    return values;
  }

  /** Frees the graph and the memory of the run; checkpoints are written by {@link #fit} alone. */
  @Override
  public void close() {
    session.close();
    graph.close();
  }
}
