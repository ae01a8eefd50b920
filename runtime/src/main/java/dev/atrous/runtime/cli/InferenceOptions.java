package dev.atrous.runtime.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.atrous.runtime.AtrousException;
import dev.atrous.runtime.data.LabelCounts;
import dev.atrous.runtime.describe.Quantities;
import dev.atrous.runtime.model.ModelDescription;
import dev.atrous.runtime.predict.Averaging;
import dev.atrous.runtime.predict.PredictorOptions;
import dev.atrous.runtime.predict.SlidingWindow;
import dev.atrous.runtime.tensorflow.NativeLibrary;
import dev.atrous.runtime.train.RunRecord;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** How trained weights are used, to evaluate and to predict. */
final class InferenceOptions {
  @Mixin NetworkOptions network = new NetworkOptions();

  @Option(
      names = "--scales",
      paramLabel = "A,B,C",
      split = " *, *",
      hideParamSyntax = true,
      description = "Average over images resized by these factors; default: 1, the image as it is.")
  List<Double> scales = List.of();

  @Option(names = "--multi-scale", description = "The paper's: --scales 0.5,0.75,1,1.25,1.5,1.75.")
  boolean multiScale;

  @Option(names = "--flip", description = "Average over mirror images, left to right, as well.")
  boolean flip;

  @Option(
      names = "--window",
      paramLabel = "PIXELS",
      description =
          "Look at larger images through overlapping windows of this size; default: at once.")
  @Nullable Integer window;

  @Option(
      names = "--overlap",
      paramLabel = "PIXELS",
      description = "What neighbouring windows share; default: a third.")
  @Nullable Integer overlap;

  @Option(
      names = "--class-names",
      paramLabel = "A,B,C",
      split = " *, *",
      hideParamSyntax = true,
      description =
          "Names for the results, one for each class, class 0 first; default: the spec's, or numbers.")
  List<String> classNames = List.of();

  @Mixin DeviceOptions where = new DeviceOptions();

  /**
   * Completes the options with what the spec says.
   *
   * @throws AtrousException for values out of range, or that do not suit the model
   */
  PredictorOptions of(ModelDescription model) {
    if (classNames.isEmpty()) {
      classNames = model.classNames();
    } else if (classNames.size() != model.classes()) {
      throw new AtrousException(
          "--class-names has %d names, but %s has %d classes."
              .formatted(classNames.size(), model.name(), model.classes()));
    }
    if (batchSize() < 1) {
      throw new AtrousException(
          "--batch-size is " + network.batchSize + "; it must be at least 1.");
    }
    int stride = network.outputStride == null ? model.outputStride() : network.outputStride;
    PredictorOptions.checkOutputStride(model, stride);
    Path weights = network.weights == null ? TrainCommand.defaultOutput(model) : network.weights;
    return new PredictorOptions(
        weights,
        stride,
        crop(model, weights),
        averaging(),
        where.device,
        where.threads,
        where.precision);
  }

  /** That of the run that the weights are of, where the command line has none. */
  private int crop(ModelDescription model, Path weights) {
    return network.crop != null
        ? network.crop
        : RunRecord.of(weights).map(RunRecord::crop).orElse(model.crop());
  }

  /** What a user may not expect of the options and the weights, in whole sentences. */
  static List<String> remarks(ModelDescription model, PredictorOptions options) {
    List<String> remarks = new ArrayList<>(WeightsRemarks.of(model, options.weights()));
    SlidingWindow window = options.averaging().window();
    if (window != null && window.size() < options.crop()) {
      remarks.add(
          "The window of %d pixels is smaller than the crop of %d that the model is made for: it sees less of what is around a pixel than in its training, and its labels are worse."
              .formatted(window.size(), options.crop()));
    }
    return remarks;
  }

  /** To be called before a predictor of images of any sizes is made; windows have one size. */
  static void prepare(PredictorOptions options) {
    if (options.averaging().window() == null) {
      NativeLibrary.expectManySizes();
    }
  }

  /** Takes the names that the rules for labels have, where there are none yet. */
  void nameClasses(List<String> names) {
    if (classNames.isEmpty()) {
      classNames = names;
    }
  }

  /** Images to compute together. */
  int batchSize() {
    return network.batchSize == null ? 1 : network.batchSize;
  }

  private Averaging averaging() {
    if (multiScale && !scales.isEmpty()) {
      throw new AtrousException("--multi-scale stands for --scales: leave out one of them.");
    }
    if (overlap != null && window == null) {
      throw new AtrousException("--overlap is of windows: add --window, or leave it out.");
    }
    Averaging averaging = multiScale ? Averaging.MULTI_SCALE : Averaging.NONE;
    if (!scales.isEmpty()) {
      averaging = averaging.withScales(scales);
    }
    if (window != null) {
      averaging =
          averaging.withWindow(
              overlap == null ? SlidingWindow.of(window) : new SlidingWindow(window, overlap));
    }
    return averaging.withFlip(flip);
  }

  /** What is averaged, in words for the middle of a sentence; empty if nothing is. */
  static String describe(Averaging averaging) {
    StringBuilder text = new StringBuilder();
    if (!averaging.scales().equals(Averaging.NONE.scales())) {
      text.append(
          averaging.scales().stream()
              .map(Quantities::plain)
              .collect(Collectors.joining(" ", ", scales ", "")));
    }
    if (averaging.flip()) {
      text.append(", mirrored too");
    }
    SlidingWindow window = averaging.window();
    if (window != null) {
      text.append(", windows of ").append(window.size());
      text.append(" that share ").append(window.overlap());
    }
    return text.toString();
  }

  /** Adds what is averaged. */
  static void putAveraging(ObjectNode json, Averaging averaging) {
    ArrayNode scales = json.putArray("scales");
    averaging.scales().forEach(scales::add);
    json.put("flip", averaging.flip());
    SlidingWindow window = averaging.window();
    json.put("window", window == null ? null : window.size());
    json.put("overlap", window == null ? null : window.overlap());
  }

  /** The number of a class, and its name where there is one. */
  String className(int label) {
    return LabelCounts.name(label, classNames);
  }

  /** Adds the name of a class, where there is one. */
  void putName(ObjectNode json, int label) {
    if (!classNames.isEmpty()) {
      json.put("name", classNames.get(label));
    }
  }
}
