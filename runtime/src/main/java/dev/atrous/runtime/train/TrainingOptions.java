package dev.atrous.runtime.train;

import dev.atrous.annotation.Training;
import dev.atrous.runtime.AtrousException;
import dev.atrous.runtime.model.ModelDescription;
import dev.atrous.runtime.model.TrainedPart;
import dev.atrous.runtime.tensorflow.Device;
import dev.atrous.runtime.tensorflow.Precision;
import dev.atrous.runtime.tensorflow.WorkerGroup;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * How to train. Start from {@link #of}, which has the recipe of the model's spec, and change what
 * differs:
 *
 * <pre>{@code
 * TrainingOptions options =
 *     TrainingOptions.of(model.description())
 *         .steps(2_000)
 *         .batchSize(8)
 *         .output(Path.of("runs/voc"))
 *         .build();
 * }</pre>
 *
 * <p>To resume a run, start from {@link #resuming}.
 *
 * @param phase of the training, from 1; 1, the default, where it has none
 * @param batchSize crops that are computed at once, at least 1
 * @param accumulate how many batches make a step, one after the other, at least 1; the default is
 *     the spec's. Their gradients add up to those of one batch of all their crops, but for batch
 *     normalisation that is trained, whose statistics are those of each batch.
 * @param crop side of the crops in pixels, at least 1
 * @param steps of the full run, those of resumed runs included, at least 1
 * @param learningRate of the first step, or of the first after the warm-up, greater than 0
 * @param schedule how the learning rate falls
 * @param power exponent of the poly schedule, greater than 0
 * @param warmupSteps in which the learning rate rises, at least 0, less than {@code steps}
 * @param seed of the initial values; default 1
 * @param device default {@link Device#AUTO}
 * @param xla default {@link XlaMode#AUTO}
 * @param threads of an operation on the CPU; default 0, one per core. With 1, runs repeat to the
 *     bit
 * @param precision of the network; default {@link Precision#TF32}
 * @param output directory of the checkpoints; null, the default, for none
 * @param checkpointEvery time between checkpoints; default 10 minutes
 * @param checkpointSteps steps between checkpoints, whatever the time; default 0, by time alone
 * @param keep how many checkpoints to keep; default 2
 * @param resume whether to continue from the newest checkpoint in {@code output}, if there is one;
 *     the values that the run is made with must then be those that it began with ({@link
 *     RunRecord})
 * @param weights checkpoint (directory or prefix) whose weights a new run starts from; null, the
 *     default, for random values. Momenta and step start at zero. Not read where a run resumes. A
 *     model that trains with frozen batch normalisation or frozen parts needs them, and so does a
 *     phase after the first.
 * @param skipClassifier whether the layers that give class scores start from initial values and
 *     only the others from {@code weights}, of a model with other classes; default false
 * @param classWeights of the losses that have some, class 0 first; empty, the default, for the
 *     spec's
 * @param validation when to validate; default {@link ValidationPlan#NONE}
 * @param workers that train together, each with a batch of its own in every step; default {@link
 *     WorkerGroup#ALONE}. Worker 0 writes checkpoints; all others need to read them where a run
 *     resumes
 * @param wire the numbers in which they send each other gradients; default {@link Wire#FLOAT32}
 * @param listener default {@link TrainingListener#NONE}
 */
public record TrainingOptions(
    int phase,
    int batchSize,
    int accumulate,
    int crop,
    int steps,
    double learningRate,
    Training.Schedule schedule,
    double power,
    int warmupSteps,
    long seed,
    Device device,
    XlaMode xla,
    int threads,
    Precision precision,
    @Nullable Path output,
    Duration checkpointEvery,
    int checkpointSteps,
    int keep,
    boolean resume,
    @Nullable Path weights,
    boolean skipClassifier,
    List<Double> classWeights,
    ValidationPlan validation,
    WorkerGroup workers,
    Wire wire,
    TrainingListener listener) {

  /**
   * @throws AtrousException for a value out of range; the message has the option, the value and the
   *     range
   */
  public TrainingOptions {
    classWeights = List.copyOf(classWeights);
    check(phase >= 1, "phase", phase, "at least 1");
    check(batchSize >= 1, "batch size", batchSize, "at least 1");
    check(accumulate >= 1, "number of batches in a step", accumulate, "at least 1");
    check(crop >= 1, "crop", crop, "at least 1 pixel");
    check(
        3L * batchSize * accumulate * crop * crop <= Integer.MAX_VALUE,
        "step",
        batchSize * accumulate + " crops of " + crop + " x " + crop + " pixels",
        "at most 2 GB");
    check(steps >= 1, "steps", steps, "at least 1");
    check(isPositive(learningRate), "learning rate", learningRate, "greater than 0");
    check(isPositive(power), "power", power, "greater than 0");
    check(
        warmupSteps >= 0 && warmupSteps < steps,
        "number of warm-up steps",
        warmupSteps,
        "at least 0 and less than the steps of the run, " + steps);
    check(threads >= 0, "threads", threads, "at least 0");
    check(!checkpointEvery.isNegative(), "time between checkpoints", checkpointEvery, "positive");
    check(checkpointSteps >= 0, "steps between checkpoints", checkpointSteps, "at least 0");
    check(keep >= 1, "checkpoints to keep", keep, "at least 1");
    if (skipClassifier && weights == null) {
      throw new AtrousException(
          "The classifier can be skipped only where a run starts from weights; set them (--weights),"
              + " or leave it out.");
    }
    if (resume && output == null) {
      throw new AtrousException(
          "A run can't resume without an output directory: its checkpoints are there. Set the"
              + " output directory of the run to resume.");
    }
  }

  /** Crops in a step: those of all of its batches. */
  public int cropsInStep() {
    return batchSize * accumulate;
  }

  /** Crops in a step of all workers together. */
  public int cropsOfAllWorkers() {
    return cropsInStep() * workers.size();
  }

  private static boolean isPositive(double value) {
    return value > 0 && Double.isFinite(value);
  }

  private static void check(boolean holds, String option, Object value, String range) {
    if (!holds) {
      throw new AtrousException("The " + option + " is " + value + "; it must be " + range + ".");
    }
  }

  /** The recipe and crop of a model's spec, and the defaults for the rest. */
  public static Builder of(ModelDescription model) {
    return new Builder(model);
  }

  /**
   * The values that a run was made with, to resume it; those of the spec where its directory keeps
   * none. {@code output} and {@code resume} are set.
   *
   * @param output directory of the run
   * @throws AtrousException if what is kept can't be read
   */
  public static Builder resuming(ModelDescription model, Path output) {
    Builder builder = new Builder(model).output(output).resume(true);
    RunRecord.read(output)
        .ifPresent(
            run ->
                builder
                    .steps(run.steps())
                    .batchSize(run.batchSize())
                    .accumulate(run.accumulate())
                    .crop(run.crop())
                    .learningRate(run.learningRate())
                    .schedule(run.schedule())
                    .power(run.power())
                    .warmupSteps(run.warmupSteps())
                    .seed(run.seed())
                    .precision(run.precision())
                    .weights(run.weights())
                    .skipClassifier(run.skipClassifier())
                    .classWeights(run.classWeights())
                    .validation(run.validationPlan()));
    return builder;
  }

  /** That a run has nothing to start from, would freeze random values, or normalise with them. */
  static AtrousException needsWeights(ModelDescription model) {
    String parts =
        model.training().optimization().parts().stream()
            .filter(TrainedPart::isFrozen)
            .map(TrainedPart::name)
            .collect(Collectors.joining(", "));
    if (model.phase().isLater()) {
      return new AtrousException(
          "Phase %d of %s starts from the weights at the end of phase %d. Train that first and start from its checkpoint (--weights), or resume a run."
              .formatted(model.phase().number(), model.name(), model.phase().number() - 1));
    }
    if (!parts.isEmpty()) {
      return new AtrousException(
          model.name()
              + " trains with frozen parts ("
              + parts
              + "), which keep their weights; those of a new run would be random. Start from the"
              + " weights of a model with the same network (--weights), or resume a run.");
    }
    return new AtrousException(
        model.name()
            + " trains with frozen batch normalisation, which keeps the statistics of earlier"
            + " training; a new run from random weights has none. Start from the weights of a model"
            + " with the same network and @Training(batchNorm = Training.BatchNorm.TRAINED)"
            + " (--weights), or resume a run.");
  }

  /** Collects options; each setter is named after the component that it sets. */
  public static final class Builder {
    private final ModelDescription model;
    private int batchSize;
    private int accumulate;
    private int crop;
    private int steps;
    private double learningRate;
    private Training.Schedule schedule;
    private double power;
    private int warmupSteps;
    private long seed = 1;
    private Device device = Device.AUTO;
    private XlaMode xla = XlaMode.AUTO;
    private int threads;
    private Precision precision = Precision.TF32;
    private @Nullable Path output;
    private Duration checkpointEvery = Duration.ofMinutes(10);
    private int checkpointSteps;
    private int keep = 2;
    private boolean resume;
    private @Nullable Path weights;
    private boolean skipClassifier;
    private List<Double> classWeights = List.of();
    private ValidationPlan validation = ValidationPlan.NONE;
    private WorkerGroup workers = WorkerGroup.ALONE;
    private Wire wire = Wire.FLOAT32;
    private TrainingListener listener = TrainingListener.NONE;

    private Builder(ModelDescription model) {
      this.model = model;
      batchSize = model.training().batchSize();
      accumulate = model.training().optimization().accumulate();
      crop = model.crop();
      steps = model.training().steps();
      learningRate = model.training().learningRate();
      schedule = model.training().optimization().schedule();
      power = model.training().power();
      warmupSteps = model.training().optimization().warmupSteps();
    }

    /** Crops that are computed at once. */
    public Builder batchSize(int batchSize) {
      this.batchSize = batchSize;
      return this;
    }

    /** How many batches make a step. */
    public Builder accumulate(int accumulate) {
      this.accumulate = accumulate;
      return this;
    }

    /** Side of the crops in pixels. */
    public Builder crop(int crop) {
      this.crop = crop;
      return this;
    }

    /** Steps of the full run. */
    public Builder steps(int steps) {
      this.steps = steps;
      return this;
    }

    /** Learning rate of the first step, or of the first after the warm-up. */
    public Builder learningRate(double learningRate) {
      this.learningRate = learningRate;
      return this;
    }

    /** How the learning rate falls. */
    public Builder schedule(Training.Schedule schedule) {
      this.schedule = schedule;
      return this;
    }

    /** Exponent of the poly schedule. */
    public Builder power(double power) {
      this.power = power;
      return this;
    }

    /** Steps at the beginning in which the learning rate rises. */
    public Builder warmupSteps(int warmupSteps) {
      this.warmupSteps = warmupSteps;
      return this;
    }

    /** Seed of the initial values. */
    public Builder seed(long seed) {
      this.seed = seed;
      return this;
    }

    /** Where to train. */
    public Builder device(Device device) {
      this.device = device;
      return this;
    }

    /** Whether XLA compiles the step. */
    public Builder xla(XlaMode xla) {
      this.xla = xla;
      return this;
    }

    /** Threads of an operation on the CPU; 0 for one per core. */
    public Builder threads(int threads) {
      this.threads = threads;
      return this;
    }

    /** The numbers that the network is computed with. */
    public Builder precision(Precision precision) {
      this.precision = precision;
      return this;
    }

    /** Directory of the checkpoints; null for none. */
    public Builder output(@Nullable Path output) {
      this.output = output;
      return this;
    }

    /** Time between checkpoints. */
    public Builder checkpointEvery(Duration checkpointEvery) {
      this.checkpointEvery = checkpointEvery;
      return this;
    }

    /** Steps between checkpoints; 0 for by time alone. */
    public Builder checkpointSteps(int checkpointSteps) {
      this.checkpointSteps = checkpointSteps;
      return this;
    }

    /** How many checkpoints to keep. */
    public Builder keep(int keep) {
      this.keep = keep;
      return this;
    }

    /** Whether to continue from the newest checkpoint, if there is one. */
    public Builder resume(boolean resume) {
      this.resume = resume;
      return this;
    }

    /** Checkpoint whose weights a new run starts from; null for random values. */
    public Builder weights(@Nullable Path weights) {
      this.weights = weights;
      return this;
    }

    /** Whether the layers that give class scores start from initial values. */
    public Builder skipClassifier(boolean skipClassifier) {
      this.skipClassifier = skipClassifier;
      return this;
    }

    /** Weights of the classes in the loss, class 0 first; empty for the spec's. */
    public Builder classWeights(List<Double> classWeights) {
      this.classWeights = List.copyOf(classWeights);
      return this;
    }

    /** When to validate. */
    public Builder validation(ValidationPlan validation) {
      this.validation = validation;
      return this;
    }

    /** Who trains together. */
    public Builder workers(WorkerGroup workers) {
      this.workers = workers;
      return this;
    }

    /** The numbers in which workers send each other gradients. */
    public Builder wire(Wire wire) {
      this.wire = wire;
      return this;
    }

    /** Who follows the run. */
    public Builder listener(TrainingListener listener) {
      this.listener = listener;
      return this;
    }

    /**
     * The options.
     *
     * @throws AtrousException for a value out of range; if class weights are not those of the
     *     model's classes, or its loss has none; or if the model trains with frozen batch
     *     normalisation or frozen parts and there are neither weights nor a run to resume
     */
    public TrainingOptions build() {
      if (model.needsWeights() && weights == null && !resume) {
        throw needsWeights(model);
      }
      ClassWeights.check(model, classWeights);
      int batches = accumulate * workers.size();
      if (batches > 1 && model.loss().dice() > 0) {
        throw new AtrousException(
            "The Dice loss of several batches is not the sum of theirs, so %s can't be trained with %d batches in a step. Use one batch of one worker, and a larger batch size."
                .formatted(model.name(), batches));
      }
      return new TrainingOptions(
          model.phase().number(),
          batchSize,
          accumulate,
          crop,
          steps,
          learningRate,
          schedule,
          power,
          warmupSteps,
          seed,
          device,
          xla,
          threads,
          precision,
          output,
          checkpointEvery,
          checkpointSteps,
          keep,
          resume,
          weights,
          skipClassifier,
          classWeights,
          validation,
          workers,
          wire,
          listener);
    }
  }
}
