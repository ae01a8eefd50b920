package dev.atrous.runtime;

import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TUint8;

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
   * @param images RGB, {@code [N, H, W, 3]}; sizes may be unknown ({@code -1})
   * @param outputStride one of {@link ModelDescription#outputStrides()}
   * @return class scores at the size of the image, {@code [N, H, W, classes]}
   * @throws IllegalArgumentException for another output stride
   */
  Operand<TFloat32> logits(NetworkOps nn, Operand<TUint8> images, int outputStride);

  /** A new builder of the training step: forward, backward and update. */
  TrainingStep trainingStep();
}
