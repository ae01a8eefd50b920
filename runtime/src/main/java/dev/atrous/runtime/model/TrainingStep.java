package dev.atrous.runtime.model;

import dev.atrous.runtime.op.GradientOps;
import dev.atrous.runtime.op.NetworkOps;
import dev.atrous.runtime.op.UpdateOps;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TUint8;
import org.tensorflow.types.family.TFloating;
import org.tensorflow.types.family.TNumber;

/**
 * Builds one training step into a graph. Implemented by generated code, with the gradient written
 * out operation by operation. An instance builds one graph.
 *
 * @param <M> the numbers of the feature maps
 */
public interface TrainingStep<M extends TFloating> {

  /**
   * Adds forward pass, backward pass and updates. The updates are collected by {@code update};
   * running them performs the step.
   *
   * @param images {@code [N, H, W, bands]} in the integers of the model, all sizes known, {@code H}
   *     and {@code W} at most {@link #maximumCrop()}
   * @param labels a label for each pixel, {@code [N, H, W]}; 255 is ignored
   * @return the mean cross-entropy over the labelled pixels, a scalar, before the updates
   */
  Operand<TFloat32> build(
      NetworkOps<M> nn,
      GradientOps grad,
      UpdateOps update,
      Operand<? extends TNumber> images,
      Operand<TUint8> labels);

  /**
   * The largest crop for which this step computes the network: {@link Integer#MAX_VALUE}, unless
   * the compiler removed work that only a larger feature map would need (then the crop of the
   * spec).
   */
  int maximumCrop();
}
