package dev.atrous.runtime.weights;

import dev.atrous.runtime.AtrousException;
import dev.atrous.runtime.model.PixelScale;
import dev.atrous.runtime.op.Parameter;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * How a program lays out the weights of a network in its files.
 *
 * @param table which tensor a parameter is
 * @param isPartial whether layers that the table does not know keep their initial values
 * @param isOutputsFirst whether convolutions are {@code [outputs, inputs, height, width]}; else
 *     they are {@code [height, width, inputs, outputs]}, as a model has them
 * @param pixels what the first convolution was trained on
 * @param counters tensors that are no weights; they are not mentioned
 * @param extras tensors that no parameter needs; they are reported as not used
 * @param requirements what the weights need of the model
 */
record Layout(
    NameTable table,
    boolean isPartial,
    boolean isOutputsFirst,
    PixelScale pixels,
    Predicate<String> counters,
    Predicate<String> extras,
    Requirements requirements) {

  /**
   * The layout of a file for a model.
   *
   * @throws AtrousException if the file is of a network that no spec describes
   */
  static Layout of(WeightSource source, TensorFile file, List<Parameter> parameters) {
    return switch (source) {
      case TORCHVISION -> TorchLayouts.torchvision(file, parameters);
      case TORCHVISION_RESNET -> TorchLayouts.resNet();
      case SEGMENTATION_MODELS -> TorchLayouts.segmentationModels(file, parameters);
      case MMSEGMENTATION -> TorchLayouts.mmsegmentation(file, parameters);
      case TF_SLIM -> SlimLayouts.backbone(file);
      case TF_DEEPLAB -> SlimLayouts.deepLab(file);
    };
  }

  /** That a file is of a network that can't be written as a spec. */
  static AtrousException noSpec(TensorFile file, String why) {
    return new AtrousException(
        "The weights file %s is of a network that no spec describes: %s"
            .formatted(file.path(), why));
  }

  static boolean hasName(TensorFile file, String pattern) {
    Predicate<String> found = Pattern.compile(pattern).asPredicate();
    return file.tensors().keySet().stream().anyMatch(found);
  }
}
