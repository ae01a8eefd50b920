package dev.atrous.runtime;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.tensorflow.Operand;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.VarHandleOp;
import org.tensorflow.types.TFloat32;

/**
 * The last part of a training step: what becomes of the parameters. Collects the operations to run.
 */
public final class UpdateOps {
  /**
   * What the name of a momentum adds to that of its parameter, as in TensorFlow's own checkpoints.
   */
  public static final String MOMENTUM_SUFFIX = "/Momentum";

  private final Ops tf;
  private final Variables variables;
  private final Operand<TFloat32> learningRate;
  private final Map<String, VarHandleOp> momentums = new LinkedHashMap<>();
  private final List<Op> operations = new ArrayList<>();

  /**
   * @param learningRate of the step, a scalar
   */
  public UpdateOps(Ops tf, Variables variables, Operand<TFloat32> learningRate) {
    this.tf = tf;
    this.variables = variables;
    this.learningRate = learningRate;
  }

  /**
   * Gradient descent with momentum and L2 regularisation: {@code m = momentum * m + (gradient +
   * weightDecay * w)}, {@code w = w - learningRate * m}.
   *
   * @param parameter its name
   * @param gradient derivative of the loss by it
   */
  public void momentum(
      String parameter, Operand<TFloat32> gradient, float momentum, float weightDecay) {
    VarHandleOp slot =
        tf.varHandleOp(
            TFloat32.class, gradient.shape(), VarHandleOp.sharedName(parameter + MOMENTUM_SUFFIX));
    momentums.put(parameter, slot);
    Operand<TFloat32> total =
        weightDecay == 0
            ? gradient
            : tf.math.add(
                gradient, tf.math.mul(variables.read(parameter), tf.constant(weightDecay)));
    operations.add(
        tf.train.resourceApplyMomentum(
            variables.handle(parameter), slot, learningRate, total, tf.constant(momentum)));
  }

  /** {@code average = decay * average + (1 - decay) * value}. */
  public void movingAverage(String parameter, Operand<TFloat32> value, float decay) {
    Operand<TFloat32> difference = tf.math.sub(variables.read(parameter), value);
    operations.add(
        tf.assignSubVariableOp(
            variables.handle(parameter), tf.math.mul(difference, tf.constant(1 - decay))));
  }

  /** What to run for the step. */
  public List<Op> operations() {
    return Collections.unmodifiableList(operations);
  }

  /** The momentum of each trained parameter, by the parameter's name. */
  public Map<String, VarHandleOp> momentums() {
    return Collections.unmodifiableMap(momentums);
  }
}
