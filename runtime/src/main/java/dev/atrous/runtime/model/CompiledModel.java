package dev.atrous.runtime.model;

import dev.atrous.runtime.op.NetworkOps;
import dev.atrous.runtime.op.Parameter;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.family.TFloating;
import org.tensorflow.types.family.TNumber;

/**
 * A segmentation model as the annotation processor compiled it. Every generated {@code <Spec>Model}
 * implements this; trainers, predictors and the command line take any of them.
 */
public interface CompiledModel {

  /** What the compiler knows about the model: name, classes, sizes, recipe, layers. */
  ModelDescription description();

  /** Every variable of the network in the order of the network, trainable or not. */
  List<Parameter> parameters();

  /**
   * Builds the inference graph: batch normalisation with its moving averages, no gradient.
   *
   * @param nn where the operations go and the parameters come from
   * @param images {@code [N, H, W, bands]} in the values of image files, integers or float32: for
   *     most models RGB from 0 to 255; sizes may be unknown ({@code -1})
   * @param outputStride one of {@link ModelDescription#outputStrides()}
   * @return class scores of the feature map, before the softmax: {@code [N, h, w, classes]}, where
   *     h and w are the image's size divided by the output stride, rounded up
   * @throws IllegalArgumentException for another output stride
   */
  <M extends TFloating> Operand<TFloat32> scores(
      NetworkOps<M> nn, Operand<? extends TNumber> images, int outputStride);

  /**
   * {@link #scores} interpolated to the images.
   *
   * @return {@code [N, H, W, classes]}
   */
  default Operand<TFloat32> logits(
      NetworkOps<?> nn, Operand<? extends TNumber> images, int outputStride) {
    return nn.interpolate(
        scores(nn, images, outputStride), images, description().conventions().alignCorners());
  }

  /**
   * The phases of the training in their order, each as a model with its own description, step and
   * parameters, some of which it may keep as they are; for a training without phases the model
   * alone. The last one is the model: its description is the model's.
   */
  default List<CompiledModel> phases() {
    return List.of(this);
  }

  /** A new builder of the training step: forward, backward and update. */
  <M extends TFloating> TrainingStep<M> trainingStep();
}
