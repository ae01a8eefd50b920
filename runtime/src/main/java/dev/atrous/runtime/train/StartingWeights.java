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
import java.util.Set;
import org.tensorflow.ndarray.Shape;

/**
 * The weights of a checkpoint as those that a training starts from.
 *
 * @param checkpoint that has them
 * @param afresh parameters that start from initial values: those of the classifier, if it is
 *     skipped
 * @param adapted the values of parameters that are not as in the checkpoint: of the first
 *     convolution, where the model has other bands
 * @param notes what is not as in the checkpoint, in clauses
 */
record StartingWeights(
    Checkpoint checkpoint, List<String> afresh, Map<String, float[]> adapted, List<String> notes) {

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
    Map<String, float[]> adapted = adapted(checkpoint, model);
    return new StartingWeights(
        checkpoint,
        afresh,
        adapted,
        adapted.isEmpty()
            ? List.of()
            : List.of(FirstConvolution.note(model.description().bands())));
  }

  /** The parameters that are not read as they are. */
  Set<String> others() {
    Set<String> others = new HashSet<>(afresh);
    others.addAll(adapted.keySet());
    return others;
  }

  private static Map<String, float[]> adapted(Checkpoint checkpoint, CompiledModel model) {
    Map<String, float[]> adapted = new LinkedHashMap<>();
    for (Parameter parameter : model.parameters()) {
      String name = parameter.name();
      String mean = FirstConvolution.STEMS.get(name);
      if (mean == null || model.description().bands() == FirstConvolution.COLORS) {
        continue;
      }
      Shape colors = FirstConvolution.inColors(parameter.shape());
      if (colors.equals(checkpoint.shapes().get(name)) && checkpoint.shapes().containsKey(mean)) {
        PixelScale trained = trained(checkpoint, model.description());
        FirstConvolution first = new FirstConvolution(trained, model.description().pixels());
        float[] weights = checkpoint.read(name);
        adapted.put(name, first.weights(weights, colors));
        adapted.put(mean, first.movingMean(checkpoint.read(mean), weights));
      }
    }
    return adapted;
  }

  /**
   * How images were scaled when the weights were trained: as their run says, or else as the
   * conventions of the model do.
   */
  private static PixelScale trained(Checkpoint checkpoint, ModelDescription model) {
    return RunRecord.of(checkpoint.prefix())
        .map(RunRecord::pixels)
        .orElseGet(() -> PixelScale.of(model.conventions().preprocessing()));
  }
}
