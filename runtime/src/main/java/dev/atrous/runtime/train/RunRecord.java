package dev.atrous.runtime.train;

import dev.atrous.annotation.Conventions;
import dev.atrous.annotation.Training;
import dev.atrous.runtime.AtrousException;
import dev.atrous.runtime.data.Dataset;
import dev.atrous.runtime.data.FolderDataset;
import dev.atrous.runtime.data.LabelRules;
import dev.atrous.runtime.model.AugmentationRecipe;
import dev.atrous.runtime.model.FirstConvolution;
import dev.atrous.runtime.model.LayerDescription;
import dev.atrous.runtime.model.LossRecipe;
import dev.atrous.runtime.model.ModelDescription;
import dev.atrous.runtime.model.PixelScale;
import dev.atrous.runtime.model.TrainedPart;
import dev.atrous.runtime.model.TrainingRecipe;
import dev.atrous.runtime.tensorflow.Precision;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a training run is made with. It is kept in the run's directory, in {@code run.json}, from
 * the run's first step on, so that a resumed run is the same run and not one with the options of
 * another day.
 *
 * @param model name of the spec
 * @param data what it trains on; null if that is no data set on disk
 * @param steps of the full run
 * @param batchSize crops that are computed at once
 * @param accumulate batches in a step of a worker
 * @param workers that trained together; 1 for one alone
 * @param crop side of the crops in pixels
 * @param learningRate of the first step after the warm-up
 * @param schedule how it falls
 * @param power exponent of the poly schedule
 * @param warmupSteps in which it rises
 * @param seed of the initial values and of the crops
 * @param precision that is computed with; never {@link Precision#AUTO}
 * @param weights that it started from, absolute; null for random values
 * @param skipClassifier whether its classifier did not
 * @param classWeights of the run; empty for those of the spec
 * @param validation what it validates on, and when; null if it does not
 * @param compiled what the training step was compiled with, by name: output stride, recipe,
 *     conventions, rates
 */
public record RunRecord(
    String model,
    @Nullable Data data,
    int steps,
    int batchSize,
    int accumulate,
    int workers,
    int crop,
    double learningRate,
    Training.Schedule schedule,
    double power,
    int warmupSteps,
    long seed,
    Precision precision,
    @Nullable Path weights,
    boolean skipClassifier,
    List<Double> classWeights,
    @Nullable Validation validation,
    Map<String, String> compiled) {
  private static final String OUTPUT_STRIDE = "output stride";
  private static final String CONVENTION = "convention ";
  private static final String RATE = "rate of ";
  private static final String BANDS = "bands";
  private static final String MEASURED = "measured";
  private static final String MEANS = "means of the bands";
  private static final String DEVIATIONS = "deviations of the bands";
  private static final String BITS = "bits of the bands";
  private static final String AS_CONVENTIONS = "as the conventions say";

  /**
   * A split of a folder.
   *
   * @param directory absolute
   * @param split its name
   * @param samples how many it lists
   * @param checksum of the paths of its images and masks in their order, CRC-32 in hexadecimals
   * @param format the layout of the folder
   * @param labels what the values of masks mean: the lines of {@link LabelRules#text}
   * @param valShare which share of the images is for validation, where nothing tells splits apart
   * @param skipBadImages whether samples that can't be used are left out
   */
  public record Data(
      Path directory,
      String split,
      int samples,
      String checksum,
      String format,
      List<String> labels,
      double valShare,
      boolean skipBadImages) {

    public Data {
      labels = List.copyOf(labels);
    }

    /**
     * How the run read the folder.
     *
     * @param classes of the model
     * @throws AtrousException if the rules are not for as many classes
     */
    public FolderDataset.Reading reading(int classes) {
      return new FolderDataset.Reading(format, rules(classes), valShare);
    }

    /**
     * What the values of masks mean in the run.
     *
     * @param classes of the model
     * @throws AtrousException if the rules are not for as many classes
     */
    public LabelRules rules(int classes) {
      LabelRules numbers = LabelRules.numbers(classes);
      return labels.equals(numbers.text().lines().toList())
          ? numbers
          : LabelRules.parse("the run's rules", String.join("\n", labels), classes);
    }

    /** The split of an opened data set. */
    static Data of(FolderDataset data) {
      return new Data(
          data.root(),
          data.split(),
          data.size(),
          data.checksum(),
          data.format(),
          data.labels().text().lines().toList(),
          data.reading().valShare(),
          data.leavesOutBadSamples());
    }

    private boolean hasSameSamples(Data other) {
      return samples == other.samples && checksum.equals(other.checksum);
    }
  }

  /**
   * The validations of a run.
   *
   * @param split of the folder that it trains on; empty if that is no data set on disk
   */
  public record Validation(String split, ValidationPlan plan) {
    private String inWords() {
      return plan.inWords() + (split.isEmpty() ? "" : " on split " + split);
    }

    private static String inWords(@Nullable Validation validation) {
      return validation == null ? "none" : validation.inWords();
    }
  }

  public RunRecord {
    classWeights = List.copyOf(classWeights);
    compiled = Collections.unmodifiableMap(new LinkedHashMap<>(compiled));
  }

  /**
   * What a run with these options would be made with.
   *
   * @param data null if it is no data set on disk
   * @param validation what to validate on, if anything
   * @throws AtrousException if the device of the options is missing
   */
  public static RunRecord of(
      ModelDescription model,
      TrainingOptions options,
      @Nullable Dataset data,
      @Nullable Dataset validation) {
    return new RunRecord(
        model.name(),
        data instanceof FolderDataset folder ? Data.of(folder) : null,
        options.steps(),
        options.batchSize(),
        options.accumulate(),
        options.workers().size(),
        options.crop(),
        options.learningRate(),
        options.schedule(),
        options.power(),
        options.warmupSteps(),
        options.seed(),
        options.precision().on(options.device().resolve()),
        options.weights() == null ? null : options.weights().toAbsolutePath().normalize(),
        options.skipClassifier(),
        options.classWeights(),
        validation == null
            ? null
            : new Validation(
                validation instanceof FolderDataset folder ? folder.split() : "",
                options.validation()),
        compiled(model));
  }

  /**
   * Whether the run has nothing left to do: its steps are done and validated, or validations ended
   * it.
   *
   * @param directory of the run
   * @param step of its newest checkpoint
   * @throws AtrousException if what it has of validations can't be read
   */
  public boolean isFinished(Path directory, long step) {
    if (validation == null) {
      return step >= steps;
    }
    ValidationHistory history = new ValidationHistory(directory, step, null);
    return history.has(step) && (step >= steps || history.isExhausted(validation.plan.patience()));
  }

  /** When the run validates. */
  public ValidationPlan validationPlan() {
    return validation == null ? ValidationPlan.NONE : validation.plan;
  }

  private static Map<String, String> compiled(ModelDescription model) {
    TrainingRecipe recipe = model.training();
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("backbone", model.backbone());
    facts.put(OUTPUT_STRIDE, String.valueOf(model.outputStride()));
    facts.put("momentum", plain(recipe.momentum()));
    facts.put("weight decay", plain(recipe.weightDecay()));
    facts.put("decay of batch normalisation", plain(recipe.batchNormDecay()));
    AugmentationRecipe augmentation = recipe.augmentation();
    facts.put("smallest scale", plain(augmentation.minScale()));
    facts.put("largest scale", plain(augmentation.maxScale()));
    if (!model.hasConventionalPixels()) {
      PixelScale pixels = model.pixels();
      facts.put(BANDS, String.valueOf(pixels.bands()));
      facts.put(MEANS, pixels.isMeasured() ? MEASURED : pixels.mean().toString());
      facts.put(DEVIATIONS, pixels.isMeasured() ? MEASURED : pixels.deviation().toString());
      facts.put(BITS, String.valueOf(pixels.bits()));
    }
    if (augmentation.verticalFlip()) {
      facts.put("vertical flip", "true");
    }
    Map<String, Double> more = new LinkedHashMap<>();
    more.put("rotation", augmentation.rotation());
    more.put("brightness", augmentation.brightness());
    more.put("contrast", augmentation.contrast());
    more.put("saturation", augmentation.saturation());
    more.put("hue", augmentation.hue());
    more.values().removeIf(value -> value == 0);
    more.forEach((name, value) -> facts.put(name, plain(value)));
    facts.put("frozen batch normalisation", String.valueOf(recipe.frozenBatchNorm()));
    if (recipe.batchNorm() == Training.BatchNorm.SYNCHRONIZED) {
      facts.put("synchronized batch normalisation", "true");
    }
    if (recipe.optimization().optimizer() != Training.Optimizer.SGD) {
      facts.put("optimizer", recipe.optimization().optimizer().name());
      facts.put("beta2", plain(recipe.optimization().beta2()));
    }
    if (recipe.optimization().clipNorm() > 0) {
      facts.put("largest norm of the gradient", plain(recipe.optimization().clipNorm()));
    }
    for (TrainedPart part : recipe.optimization().parts()) {
      String rate = "learning rate times " + plain(part.learningRate());
      facts.put("part " + part.name(), part.isFrozen() ? "frozen" : rate);
    }
    if (!model.loss().equals(LossRecipe.CROSS_ENTROPY)) {
      facts.put("loss", model.loss().inWords());
    }
    model
        .conventions()
        .values()
        .forEach((name, value) -> facts.put(CONVENTION + name, value.name()));
    for (LayerDescription layer : model.layers()) {
      if (layer.rate() > 1) {
        facts.put(RATE + layer.name(), String.valueOf(layer.rate()));
      }
    }
    return facts;
  }

  /** How the conventions scaled images; empty where the spec or the images did. */
  Optional<PixelScale> conventionalPixels() {
    return compiled.containsKey(MEANS)
        ? Optional.empty()
        : Optional.ofNullable(compiled.get(CONVENTION + "preprocessing"))
            .map(Conventions.Preprocessing::valueOf)
            .map(PixelScale::of);
  }

  /** Without an exponent. */
  private static String plain(double value) {
    return BigDecimal.valueOf(value).stripTrailingZeros().toPlainString();
  }

  /**
   * The record of a run.
   *
   * @param directory of its checkpoints
   * @return empty if there is none, as in directories of versions that wrote none
   * @throws AtrousException if it can't be read
   */
  public static Optional<RunRecord> read(Path directory) {
    return RunFile.read(directory);
  }

  /**
   * The record of the run that weights are of.
   *
   * @param weights its directory, or a checkpoint in it
   * @return empty if there is none
   * @throws AtrousException if it can't be read
   */
  public static Optional<RunRecord> of(Path weights) {
    Path directory = Files.isDirectory(weights) ? weights : weights.toAbsolutePath().getParent();
    return directory == null ? Optional.empty() : read(directory);
  }

  /**
   * Writes the record, or replaces the one that is there.
   *
   * @param directory of the checkpoints; exists
   * @throws AtrousException if the disk does not take it
   */
  void write(Path directory) {
    RunFile.write(directory, this);
  }

  /**
   * Checks that a run with this record can go on as another: nothing differs that would make it
   * another run.
   *
   * @param directory of the run, for the message
   * @throws AtrousException that names what differs
   */
  public void requireSameRun(RunRecord now, Path directory) {
    if (!model.equals(now.model)) {
      throw new AtrousException(
          "The run in %s is one of the model %s, not of %s. Choose the output directory of a run of %s, or start one."
              .formatted(directory, model, now.model, now.model));
    }
    List<String> differences = new ArrayList<>();
    compare("batch size", batchSize, now.batchSize, differences);
    compare("crop", crop, now.crop, differences);
    compare("seed", seed, now.seed, differences);
    if (data != null && now.data != null) {
      compare("split", data.split, now.data.split, differences);
      compare("format", data.format, now.data.format, differences);
      if (!data.labels.equals(now.data.labels)) {
        differences.add(labelDifference(data.labels, now.data.labels));
      }
      if (data.split.equals(now.data.split) && isMoved(now) && !data.hasSameSamples(now.data)) {
        differences.add(
            "data: %s with %d images, but the run began with %d others in %s"
                .formatted(now.data.directory, now.data.samples, data.samples, data.directory));
      }
    }
    if (!differences.isEmpty()) {
      throw new AtrousException(
          "The run in %s can't go on with other values than it began with.\n  %s\nLeave out what differs: a resumed run keeps its values. For other values start a new run in another output directory, from the weights of this one (--weights %s)."
              .formatted(directory, String.join("\n  ", differences), directory));
    }
  }

  private static String labelDifference(List<String> began, List<String> now) {
    List<String> without = new ArrayList<>(began);
    without.removeAll(now);
    List<String> added = new ArrayList<>(now);
    added.removeAll(began);
    return "labels: the rule '%s', but the run began with '%s'"
        .formatted(
            added.isEmpty() ? "none" : added.get(0), without.isEmpty() ? "none" : without.get(0));
  }

  private static void compare(
      String what, Object began, Object now, Collection<String> differences) {
    if (!began.equals(now)) {
      differences.add("%s: %s, but the run began with %s".formatted(what, now, began));
    }
  }

  private static String inWords(List<Double> classWeights) {
    return classWeights.isEmpty() ? "the spec's" : classWeights.toString();
  }

  private boolean isMoved(RunRecord now) {
    return data != null && now.data != null && !data.directory.equals(now.data.directory);
  }

  /**
   * What a model computes otherwise than the one that the run trained, though the weights fit:
   * scales of the bands, rates and conventions, in words. Rates are compared where the output
   * stride is the same one, since they follow it.
   */
  public List<String> networkDifferences(ModelDescription model) {
    Map<String, String> now = compiled(model);
    boolean sameStride = Objects.equals(compiled.get(OUTPUT_STRIDE), now.get(OUTPUT_STRIDE));
    List<String> differences = new ArrayList<>();
    if (bands(compiled).equals(bands(now))) { // weights of other bands fit no model but are adapted
      for (String name : List.of(MEANS, DEVIATIONS, BITS)) {
        String began = compiled.getOrDefault(name, AS_CONVENTIONS);
        compareNetwork(name, began, now.getOrDefault(name, AS_CONVENTIONS), differences);
      }
    }
    compiled.forEach(
        (name, began) -> {
          boolean rate = name.startsWith(RATE) && sameStride;
          boolean convention =
              name.startsWith(CONVENTION) && !name.equals(CONVENTION + "weightDecay");
          String today = now.getOrDefault(name, "none");
          if (rate || convention) {
            compareNetwork(name, began, today, differences);
          }
        });
    return differences;
  }

  private static void compareNetwork(
      String name, String began, String today, Collection<String> differences) {
    if (!began.equals(today)) {
      differences.add("%s: %s, but the run had %s".formatted(name, today, began));
    }
  }

  /** How many bands the images of a run have. */
  private static String bands(Map<String, String> compiled) {
    return compiled.getOrDefault(BANDS, String.valueOf(FirstConvolution.COLORS));
  }

  /**
   * What differs in a run that may go on with this record, in words: more steps, another learning
   * rate, precision or folder of the data, images that were added to the list, a model that was
   * compiled again.
   */
  public List<String> changes(RunRecord now) {
    List<String> changes = new ArrayList<>();
    compare("steps", steps, now.steps, changes);
    compare("learning rate", plain(learningRate), plain(now.learningRate), changes);
    compare("schedule", schedule, now.schedule, changes);
    compare("power", plain(power), plain(now.power), changes);
    compare("warm-up steps", warmupSteps, now.warmupSteps, changes);
    compare("batches in a step", accumulate, now.accumulate, changes);
    compare("workers", workers, now.workers, changes);
    compare("class weights", inWords(classWeights), inWords(now.classWeights), changes);
    compare("precision", precision, now.precision, changes);
    compare(
        "validation", Validation.inWords(validation), Validation.inWords(now.validation), changes);
    if (data != null && now.data != null) {
      compare("skipping bad images", data.skipBadImages, now.data.skipBadImages, changes);
      if (isMoved(now)) {
        compare("data", data.directory, now.data.directory, changes);
      } else if (!data.hasSameSamples(now.data)) {
        changes.add(
            "data: the list of split %s was changed; it names %d images, and named %d when the run began"
                .formatted(data.split, now.data.samples, data.samples));
      }
    }
    Map<String, String> names = new LinkedHashMap<>(compiled);
    names.putAll(now.compiled);
    for (String name : names.keySet()) {
      String began = compiled.getOrDefault(name, "none");
      String today = now.compiled.getOrDefault(name, "none");
      if (!began.equals(today)) {
        changes.add(
            "the model was compiled again: %s %s, but the run began with %s"
                .formatted(name, today, began));
      }
    }
    return changes;
  }
}
