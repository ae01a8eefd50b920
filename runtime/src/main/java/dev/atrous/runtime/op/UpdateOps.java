package dev.atrous.runtime.op;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.tensorflow.Operand;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.VarHandleOp;
import org.tensorflow.types.TFloat32;

/**
 * The last part of a training step: what becomes of the parameters. Collects the operations to run.
 * A parameter is updated before the derivatives that are added after its update, so that the memory
 * of its gradient is theirs.
 */
public final class UpdateOps {
  /**
   * What the name of a momentum adds to that of its parameter, as in TensorFlow's own checkpoints.
   */
  public static final String MOMENTUM_SUFFIX = "/Momentum";

  private final Scopes scopes;
  private final Ops tf;
  private final Variables variables;
  private final Operand<TFloat32> learningRate;
  private final Path path;
  private final Map<String, VarHandleOp> momentums;
  private final List<Op> operations;

  /**
   * Updates of {@code variables}.
   *
   * @param scopes where they go
   * @param learningRate of the step, a scalar
   */
  public UpdateOps(Scopes scopes, Variables variables, Operand<TFloat32> learningRate) {
    this(
        scopes,
        scopes.root(),
        variables,
        learningRate,
        Path.ROOT,
        new LinkedHashMap<>(),
        new ArrayList<>());
  }

  private UpdateOps(
      Scopes scopes,
      Ops tf,
      Variables variables,
      Operand<TFloat32> learningRate,
      Path path,
      Map<String, VarHandleOp> momentums,
      List<Op> operations) {
    this.scopes = scopes;
    this.tf = tf;
    this.variables = variables;
    this.learningRate = learningRate;
    this.path = path;
    this.momentums = momentums;
    this.operations = operations;
  }

  /** The same updates for the parameters below {@code scope}, for example {@code block4/unit1}. */
  public UpdateOps in(String scope) {
    Path inner = path.below(scope);
    return new UpdateOps(
        scopes, scopes.enter(inner.scope()), variables, learningRate, inner, momentums, operations);
  }

  /** The same updates at another learning rate: that of the step times {@code factor}. */
  public UpdateOps atRate(float factor) {
    Operand<TFloat32> rate = tf.math.mul(learningRate, tf.constant(factor));
    return new UpdateOps(scopes, tf, variables, rate, path, momentums, operations);
  }

  /**
   * Gradient descent with momentum and L2 regularisation: {@code m = momentum * m + (gradient +
   * weightDecay * w)}, {@code w = w - learningRate * m}.
   *
   * @param parameter its name below the scope
   * @param gradient derivative of the loss by it
   */
  public void momentum(
      String parameter, Operand<TFloat32> gradient, float momentum, float weightDecay) {
    String name = path.of(parameter);
    VarHandleOp slot =
        tf.varHandleOp(
            TFloat32.class, gradient.shape(), VarHandleOp.sharedName(name + MOMENTUM_SUFFIX));
    momentums.put(name, slot);
    Operand<TFloat32> total = decayed(name, slot, gradient, momentum, weightDecay);
    operations.add(
        next(
            ops ->
                ops.train.resourceApplyMomentum(
                    variables.handle(name), slot, learningRate, total, tf.constant(momentum))));
  }

  /**
   * The gradient with the weight decay in it, or else the decay goes to the momentum, which needs
   * no memory: {@code momentum * (m + weightDecay / momentum * w)} has it as well.
   */
  private Operand<TFloat32> decayed(
      String name,
      VarHandleOp slot,
      Operand<TFloat32> gradient,
      float momentum,
      float weightDecay) {
    if (weightDecay == 0) {
      return gradient;
    }
    Operand<TFloat32> w = variables.read(name);
    if (momentum == 0) {
      return tf.math.add(gradient, tf.math.mul(w, tf.constant(weightDecay)));
    }
    Operand<TFloat32> rate = tf.constant(-weightDecay / momentum);
    next(ops -> ops.train.resourceApplyGradientDescent(slot, rate, w));
    return gradient;
  }

  private <T extends Op> T next(Function<Ops, T> operation) {
    return scopes.backward().next(tf, operation);
  }

  /**
   * The moving averages of a batch normalisation: {@code average = decay * average + (1 - decay) *
   * value}, for mean and variance.
   *
   * @param name of the normalisation below the scope; its averages are {@code name/moving_mean} and
   *     {@code name/moving_variance}
   */
  public void movingAverages(String name, BatchNorm<?> batch, float decay) {
    movingAverage(path.of(name + "/moving_mean"), batch.mean(), decay);
    movingAverage(path.of(name + "/moving_variance"), batch.variance(), decay);
  }

  private void movingAverage(String name, Operand<TFloat32> value, float decay) {
    Operand<TFloat32> difference = tf.math.sub(variables.read(name), value);
    operations.add(
        tf.assignSubVariableOp(
            variables.handle(name), tf.math.mul(difference, tf.constant(1 - decay))));
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
