package dev.atrous.runtime;

import dev.atrous.runtime.model.TrainingStep;
import dev.atrous.runtime.op.GradientOps;
import dev.atrous.runtime.op.NetworkOps;
import dev.atrous.runtime.op.UpdateOps;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TUint8;
import org.tensorflow.types.family.TFloating;
import org.tensorflow.types.family.TNumber;

/** A training step whose loss is written and read as text, which XLA has no operations for. */
record UncompilableStep<M extends TFloating>(TrainingStep<M> step) implements TrainingStep<M> {
  @Override
  public Operand<TFloat32> build(
      NetworkOps<M> nn,
      GradientOps grad,
      UpdateOps update,
      Operand<? extends TNumber> images,
      Operand<TUint8> labels) {
    Ops tf = Ops.create((Graph) images.op().env());
    Operand<TFloat32> loss = step.build(nn, grad, update, images, labels);
    return tf.strings.toNumber(tf.dtypes.asString(loss));
  }

  @Override
  public int maximumCrop() {
    return step.maximumCrop();
  }
}
