package dev.atrous.runtime.train;

import dev.atrous.runtime.AtrousException;
import dev.atrous.runtime.data.VocDataset;
import dev.atrous.runtime.model.AugmentationRecipe;
import dev.atrous.runtime.model.LayerDescription;
import dev.atrous.runtime.model.ModelDescription;
import dev.atrous.runtime.model.TrainingRecipe;
import dev.atrous.runtime.tensorflow.Precision;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * What a training run is made with. It is kept in the run's directory, in {@code run.json}, from
 * the run's first step on, so that a resumed run is the same run and not one with the options of
 * another day.
 *
 * @param model name of the spec
 * @param data what it trains on; null if that is no data set on disk
 * @param steps of the full run
 * @param batchSize crops in a step
 * @param crop side of the crops in pixels
 * @param learningRate of the first step
 * @param power exponent of the poly schedule
 * @param seed of the initial values and of the crops
 * @param precision that is computed with; never {@link Precision#AUTO}
 * @param weights that it started from, absolute; null for random values
 * @param compiled what the training step was compiled with, by name: output stride, recipe,
 *     conventions, rates
 */
public record RunRecord(
    String model,
    @Nullable Data data,
    int steps,
    int batchSize,
    int crop,
    double learningRate,
    double power,
    long seed,
    Precision precision,
    @Nullable Path weights,
    Map<String, String> compiled) {

  /**
   * A split of a data set.
   *
   * @param directory absolute
   * @param split its name
   * @param samples how many it lists
   * @param checksum of the paths of its images and masks in their order, CRC-32 in hexadecimals
   */
  public record Data(Path directory, String split, int samples, String checksum) {

    /** The split of an opened data set. */
    static Data of(VocDataset data) {
      CRC32 checksum = new CRC32();
      for (VocDataset.Sample sample : data.samples()) {
        for (Path file : List.of(sample.imagePath(), sample.maskPath())) {
          Path relative = data.root().relativize(file.toAbsolutePath().normalize());
          relative.forEach(
              name -> checksum.update(('/' + name.toString()).getBytes(StandardCharsets.UTF_8)));
          checksum.update('\n');
        }
      }
      return new Data(
          data.root(), data.split(), data.size(), "%08x".formatted(checksum.getValue()));
    }

    private boolean hasSameSamples(Data other) {
      return samples == other.samples && checksum.equals(other.checksum);
    }
  }

  public RunRecord {
    compiled = Collections.unmodifiableMap(new LinkedHashMap<>(compiled));
  }

  /**
   * What a run with these options would be made with.
   *
   * @param data null if it is no data set on disk
   * @throws AtrousException if the device of the options is missing
   */
  public static RunRecord of(
      ModelDescription model, TrainingOptions options, @Nullable VocDataset data) {
    return new RunRecord(
        model.name(),
        data == null ? null : Data.of(data),
        options.steps(),
        options.batchSize(),
        options.crop(),
        options.learningRate(),
        options.power(),
        options.seed(),
        options.precision().on(options.device().resolve()),
        options.weights() == null ? null : options.weights().toAbsolutePath().normalize(),
        compiled(model));
  }

  private static Map<String, String> compiled(ModelDescription model) {
    TrainingRecipe recipe = model.training();
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("backbone", model.backbone());
    facts.put("output stride", String.valueOf(model.outputStride()));
    facts.put("momentum", plain(recipe.momentum()));
    facts.put("weight decay", plain(recipe.weightDecay()));
    facts.put("decay of batch normalisation", plain(recipe.batchNormDecay()));
    AugmentationRecipe augmentation = recipe.augmentation();
    facts.put("smallest scale", plain(augmentation.minScale()));
    facts.put("largest scale", plain(augmentation.maxScale()));
    if (!model.hasConventionalPixels()) {
      facts.put("means of the bands", model.pixels().mean().toString());
      facts.put("deviations of the bands", model.pixels().deviation().toString());
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
    model
        .conventions()
        .values()
        .forEach((name, value) -> facts.put("convention " + name, value.name()));
    for (LayerDescription layer : model.layers()) {
      if (layer.rate() > 1) {
        facts.put("rate of " + layer.name(), String.valueOf(layer.rate()));
      }
    }
    return facts;
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

  private static void compare(
      String what, Object began, Object now, Collection<String> differences) {
    if (!began.equals(now)) {
      differences.add("%s: %s, but the run began with %s".formatted(what, now, began));
    }
  }

  private boolean isMoved(RunRecord now) {
    return data != null && now.data != null && !data.directory.equals(now.data.directory);
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
    compare("power", plain(power), plain(now.power), changes);
    compare("precision", precision, now.precision, changes);
    if (data != null && now.data != null) {
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
