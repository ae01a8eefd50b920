package dev.atrous.runtime.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.atrous.runtime.AtrousException;
import dev.atrous.runtime.ModelDescription;
import dev.atrous.runtime.predict.PredictorOptions;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** How trained weights are used, to evaluate and to predict. */
final class InferenceOptions {
  @Option(
      names = "--weights",
      paramLabel = "PATH",
      description = "A checkpoint: directory or prefix; default: runs/MODEL, as train writes it.")
  @Nullable Path weights;

  @Option(
      names = "--output-stride",
      paramLabel = "N",
      description =
          "Smaller is finer and slower, with the same weights; describe shows the possible ones."
              + " Default: the spec's.")
  @Nullable Integer outputStride;

  @Option(
      names = "--crop",
      paramLabel = "PIXELS",
      description = "Pad smaller images to this size; default: the spec's crop.")
  @Nullable Integer crop;

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
    int stride = outputStride == null ? model.outputStride() : outputStride;
    if (!model.outputStrides().contains(stride)) {
      throw new AtrousException(
          "%s can't run at output stride %d. With these weights it can run at %s."
              .formatted(
                  model.name(),
                  stride,
                  model.outputStrides().stream()
                      .map(String::valueOf)
                      .collect(Collectors.joining(", "))));
    }
    return new PredictorOptions(
        weights == null ? TrainCommand.defaultOutput(model) : weights,
        stride,
        crop == null ? model.crop() : crop,
        where.device,
        where.threads);
  }

  /** The number of a class, and its name where there is one. */
  String className(int label) {
    return classNames.isEmpty() ? String.valueOf(label) : label + " " + classNames.get(label);
  }

  /** Adds the name of a class, where there is one. */
  void putName(ObjectNode json, int label) {
    if (!classNames.isEmpty()) {
      json.put("name", classNames.get(label));
    }
  }
}
