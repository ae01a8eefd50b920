package dev.atrous.runtime.train;

import dev.atrous.runtime.checkpoint.Checkpoint;
import dev.atrous.runtime.model.CompiledModel;
import dev.atrous.runtime.model.FirstConvolution;
import dev.atrous.runtime.model.ModelDescription;
import dev.atrous.runtime.model.PixelScale;
import dev.atrous.runtime.op.Parameter;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.tensorflow.ndarray.Shape;

/**
 * The weights of a checkpoint as those that a training starts from.
 *
 * @param checkpoint that has them
 * @param afresh parameters that start from initial values: those of the classifier, if it is
 *     skipped
 * @param unknown what the checkpoint does not have of the bands, and training measures
 * @param adapted the values of parameters that are not as in the checkpoint: of the first
 *     convolution, where the model has other bands
 * @param notes what is not as in the checkpoint, in clauses
 */
record StartingWeights(
    Checkpoint checkpoint,
    List<String> afresh,
    List<String> unknown,
    Map<String, float[]> adapted,
    List<String> notes) {

  /**
   * Opens the checkpoint of the options.
   *
   * @throws dev.atrous.runtime.AtrousException if it can't be read
   */
  static StartingWeights of(Checkpoint checkpoint, CompiledModel model, boolean skipClassifier) {
    List<String> afresh =
        skipClassifier
            ? model.parameters().stream()
                .map(Parameter::name)
                .filter(Parameter::isOfClassifier)
                .toList()
            : List.of();
    List<String> unknown =
        model.parameters().stream()
            .map(Parameter::name)
            .filter(name -> Parameter.isOfBands(name) && !checkpoint.shapes().containsKey(name))
            .toList();
    Map<String, float[]> adapted = adapted(checkpoint, model);
    List<String> notes =
        adapted.isEmpty()
            ? List.of()
            : List.of(
                model.description().bands() == FirstConvolution.COLORS
                    ? "the first convolution is scaled for values of 16 bits"
                    : FirstConvolution.note(model.description().bands()));
    return new StartingWeights(checkpoint, afresh, unknown, adapted, notes);
  }

  /** The parameters that are not read as they are. */
  Set<String> others() {
    Set<String> others = new HashSet<>(afresh);
    others.addAll(unknown);
    others.addAll(adapted.keySet());
    return others;
  }

  private static Map<String, float[]> adapted(Checkpoint checkpoint, CompiledModel model) {
    ModelDescription description = model.description();
    Optional<RunRecord> run = RunRecord.of(checkpoint.prefix());
    boolean otherBands = description.bands() != FirstConvolution.COLORS;
    Optional<PixelScale> trained = run.flatMap(RunRecord::conventionalPixels);
    if (!otherBands && (description.pixels().isRgb() || trained.isEmpty())) {
      return Map.of();
    }
    PixelScale scale =
        trained.orElse(
            run.isPresent()
                ? PixelScale.TORCHVISION // that of bands, which are about as far spread
                : PixelScale.of(description.conventions().preprocessing()));
    FirstConvolution first = new FirstConvolution(scale, description.pixels());
    Map<String, float[]> adapted = new LinkedHashMap<>();
    for (Parameter parameter : model.parameters()) {
      String name = parameter.name();
      String mean = FirstConvolution.STEMS.get(name);
      if (mean != null && checkpoint.shapes().containsKey(mean)) {
        Shape colors = FirstConvolution.inColors(parameter.shape());
        if (colors.equals(checkpoint.shapes().get(name))) {
          float[] weights = checkpoint.read(name);
          adapted.put(name, first.weights(weights, colors));
          adapted.put(mean, first.movingMean(checkpoint.read(mean), weights));
        }
      }
    }
    return adapted;
  }
}
