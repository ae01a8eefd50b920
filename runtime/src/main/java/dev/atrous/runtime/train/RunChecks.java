package dev.atrous.runtime.train;

import dev.atrous.annotation.Training;
import dev.atrous.runtime.AtrousException;
import dev.atrous.runtime.model.LayerDescription;
import dev.atrous.runtime.model.ModelDescription;
import dev.atrous.runtime.model.ValidWeights;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the compiler warns of, for the values of a run. What it said of the spec's own values is not
 * said again. The ids are those of docs/diagnostics.md.
 */
public final class RunChecks {
  /** Mean share of its weights that meet the map with which a filter is good. */
  public static final double GOOD_SHARE = 0.5;

  /** The share of their first values that moving averages may have at the end. */
  public static final double LARGEST_REMAINDER = 0.1;

  /** The share that is advised. */
  public static final double SMALL_REMAINDER = 0.01;

  private static final Logger log = LoggerFactory.getLogger(RunChecks.class);

  private static final double[] COMMON_DECAYS = {0.999, 0.99, 0.9, 0.5};

  private final ModelDescription model;
  private final TrainingOptions options;
  private final List<String> remarks = new ArrayList<>();

  private RunChecks(ModelDescription model, TrainingOptions options) {
    this.model = model;
    this.options = options;
  }

  /**
   * The warnings, a text for each; empty where the run has the spec's values.
   *
   * @throws AtrousException if the crop is so small that the feature map is a single pixel
   */
  public static List<String> remarks(ModelDescription model, TrainingOptions options) {
    RunChecks checks = new RunChecks(model, options);
    boolean otherCrop = options.crop() != model.crop();
    if (otherCrop) {
      checks.requireMap();
      checks.checkAlignment();
      checks.checkRates();
    }
    // Of synchronised statistics the compiler says nothing: it does not know the workers.
    if (options.batchSize() != model.training().batchSize()
        || model.training().batchNorm() == Training.BatchNorm.SYNCHRONIZED) {
      checks.checkStatistics();
    }
    if (options.steps() != model.training().steps()) {
      checks.checkAverages();
    }
    return List.copyOf(checks.remarks);
  }

  /** Logs them, for programs that do not show them. */
  static void log(List<String> remarks) {
    remarks.forEach(log::warn);
  }

  private void requireMap() {
    int stride = model.outputStride();
    if (options.crop() <= stride) {
      throw new AtrousException(
          "A crop of %d pixels has a feature map of one pixel at the output stride %d of %s. Use a crop of at least %d."
              .formatted(options.crop(), stride, model.name(), stride + 1));
    }
  }

  private void checkAlignment() {
    int stride = model.outputStride();
    int crop = options.crop();
    if (model.conventions().alignCorners() && crop % stride != 1) {
      int below = (crop - 1) / stride * stride + 1;
      remarks.add(
          "[ATR006] a crop of %d pixels is not 1 modulo the output stride %d, so the corners of the feature map do not fall on the corners of the crop. Use %d or %d."
              .formatted(crop, stride, below, below + stride));
    }
  }

  /** Image pooling leaves a value for each image, which batch normalisation subtracts. */
  private void checkStatistics() {
    boolean shared =
        !options.workers().isAlone()
            && model.training().batchNorm() == Training.BatchNorm.SYNCHRONIZED;
    if (options.batchSize() == 1
        && !shared
        && !model.training().frozenBatchNorm()
        && model.layers().stream().anyMatch(RunChecks::isPooled)) {
      remarks.add(
          "[ATR017] with a batch of 1, batch normalisation after image pooling sees one value per channel: it outputs its shift alone, so the image-level features learn nothing. Use a batch size of at least 2.");
    }
  }

  private static boolean isPooled(LayerDescription layer) {
    return layer.inputHeight() == 1 && layer.inputWidth() == 1;
  }

  /** Filters that see less of their maps than in a crop of the spec, and less than is good. */
  private void checkRates() {
    Map<String, String> poor = new LinkedHashMap<>(); // by rate and map
    int crop = 0;
    for (LayerDescription layer : model.layers()) {
      if (layer.kernel() != 3 || layer.stride() != 1 || isPooled(layer)) {
        continue;
      }
      int stride = strideBefore(layer);
      int map = (options.crop() - 1) / stride + 1;
      double share = share(layer, map);
      if (share < GOOD_SHARE && share < share(layer, layer.inputHeight())) {
        poor.putIfAbsent(
            layer.rate() + " " + map,
            "%d on a %d x %d map (%s): %d%% of a 3x3 filter's weights meet it, %d%% in the spec's crop"
                .formatted(
                    layer.rate(),
                    map,
                    map,
                    layer.name(),
                    Math.min(49, percent(share)), // fewer than half
                    percent(share(layer, layer.inputHeight()))));
        crop = Math.max(crop, goodCrop(layer, map, stride));
      }
    }
    if (!poor.isEmpty()) {
      remarks.add(
          "[ATR023] with a crop of %d pixels, rates are large for their maps: a rate of %s. For half of the weights to meet the map, use a crop of at least %d; the spec has %d."
              .formatted(options.crop(), String.join("; ", poor.values()), crop, model.crop()));
    }
  }

  /** The pixels of the crop for each of the map that a layer reads: a power of two. */
  private int strideBefore(LayerDescription layer) {
    int stride = 1;
    while ((model.crop() - 1) / stride + 1 > layer.inputHeight()) {
      stride *= 2;
    }
    return stride;
  }

  private static double share(LayerDescription layer, int map) {
    return new ValidWeights(map, map, layer.rate()).share();
  }

  private static long percent(double share) {
    return Math.round(100 * share);
  }

  /** The smallest crop that is 1 modulo the output stride and has a map that suits the rate. */
  private int goodCrop(LayerDescription layer, int poorMap, int stride) {
    int map = poorMap;
    while (share(layer, map) < GOOD_SHARE) {
      map++;
    }
    int outputStride = model.outputStride();
    int pixels = (map - 1) * stride;
    return (pixels + outputStride - 1) / outputStride * outputStride + 1;
  }

  /** Whether the moving averages get away from a mean of 0 and a variance of 1. */
  private void checkAverages() {
    double decay = model.training().batchNormDecay();
    double remainder = Math.pow(decay, options.steps());
    if (model.training().frozenBatchNorm()
        || options.weights() != null
        || remainder <= LARGEST_REMAINDER) {
      return;
    }
    remarks.add(
        "[ATR032] with the batchNormDecay of %s, %d%% of the moving averages of batch normalisation is still what they start with after %d steps: the loss falls, but the model predicts with wrong statistics. Train for at least %d steps, or set 'batchNormDecay = %s' in @Training and compile again."
            .formatted(
                decay,
                Math.min(99, percent(remainder)),
                options.steps(),
                (long) Math.ceil(Math.log(SMALL_REMAINDER) / Math.log(decay)),
                fastEnough(options.steps())));
  }

  private static double fastEnough(int steps) {
    return DoubleStream.of(COMMON_DECAYS)
        .filter(decay -> Math.pow(decay, steps) <= SMALL_REMAINDER)
        .findFirst()
        .orElse(0);
  }
}
