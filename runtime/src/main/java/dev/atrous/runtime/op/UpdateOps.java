package dev.atrous.runtime.op;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Function;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.VarHandleOp;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TFloat64;
import org.tensorflow.types.TInt64;

/**
 * The last part of a training step: what becomes of the parameters. Collects the operations to run.
 * In a step of one batch, a parameter is updated before the derivatives that are added after its
 * update, so that the memory of its gradient is theirs. In one of {@linkplain StepParts several},
 * it is updated when its gradient is that of the whole step.
 */
public final class UpdateOps {
  /**
   * What the name of a momentum adds to that of its parameter, as in TensorFlow's own checkpoints.
   */
  public static final String MOMENTUM_SUFFIX = "/Momentum";

  /** What is added to it for AdamW's mean of the gradients, as in TensorFlow's own checkpoints. */
  static final String MEAN_SUFFIX = "/Adam";

  /** Likewise for AdamW's mean of the squared gradients. */
  static final String SQUARES_SUFFIX = "/Adam_1";

  /** The suffixes of all values that a step keeps for a parameter. */
  public static final List<String> SLOT_SUFFIXES =
      List.of(MOMENTUM_SUFFIX, MEAN_SUFFIX, SQUARES_SUFFIX);

  private final Step step;
  private final Ops tf;
  private final Operand<TFloat32> learningRate;
  private final Path path;

  /**
   * What the updates of all scopes share.
   *
   * @param order of the updates
   * @param number steps done before, a scalar
   * @param totals of the gradients
   * @param known gradients of the whole step by those of the batch, where a norm limits them
   * @param slots by their names in checkpoints
   * @param averages what changes moving averages, by their names
   * @param corrections of AdamW by its betas
   */
  private record Step(
      Scopes scopes,
      Variables variables,
      RunOrder order,
      Operand<TInt64> number,
      StepParts parts,
      TotalGradients totals,
      Map<Output<TFloat32>, Operand<TFloat32>> known,
      Map<String, VarHandleOp> slots,
      Map<String, Op> averages,
      List<Op> operations,
      Map<List<Float>, BiasCorrection> corrections) {}

  /**
   * What means that begin at 0 lack at a step.
   *
   * @param rate factor of the learning rate: {@code sqrt(1 - beta2^t) / (1 - beta1^t)}
   * @param epsilon factor of epsilon: {@code sqrt(1 - beta2^t)}
   */
  private record BiasCorrection(Operand<TFloat32> rate, Operand<TFloat32> epsilon) {}

  /** Updates of {@code variables} by steps of one batch. */
  public UpdateOps(
      Scopes scopes,
      Variables variables,
      Operand<TFloat32> learningRate,
      Operand<TInt64> stepNumber) {
    this(scopes, variables, learningRate, stepNumber, StepParts.ONE);
  }

  /**
   * Updates of {@code variables}.
   *
   * @param scopes where they go
   * @param learningRate of the step, a scalar
   * @param stepNumber steps done before, a scalar
   * @param parts what a step is made of
   */
  public UpdateOps(
      Scopes scopes,
      Variables variables,
      Operand<TFloat32> learningRate,
      Operand<TInt64> stepNumber,
      StepParts parts) {
    this(
        new Step(
            scopes,
            variables,
            parts.isOne() ? scopes.backward() : new RunOrder(),
            stepNumber,
            parts,
            new TotalGradients(scopes.root(), scopes.backward(), parts),
            new HashMap<>(),
            new LinkedHashMap<>(),
            new LinkedHashMap<>(),
            new ArrayList<>(),
            new HashMap<>()),
        scopes.root(),
        learningRate,
        Path.ROOT);
  }

  private UpdateOps(Step step, Ops tf, Operand<TFloat32> learningRate, Path path) {
    this.step = step;
    this.tf = tf;
    this.learningRate = learningRate;
    this.path = path;
  }

  /** The same updates for the parameters below {@code scope}, for example {@code block4/unit1}. */
  public UpdateOps in(String scope) {
    Path inner = path.below(scope);
    return new UpdateOps(step, step.scopes.enter(inner.scope()), learningRate, inner);
  }

  /** The same updates at another learning rate: that of the step times {@code factor}. */
  public UpdateOps atRate(float factor) {
    Operand<TFloat32> rate = tf.math.mul(learningRate, tf.constant(factor));
    return new UpdateOps(step, tf, rate, path);
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
    VarHandleOp slot = slot(name + MOMENTUM_SUFFIX, gradient);
    withTotal(
        name,
        gradient,
        whole -> {
          Operand<TFloat32> total = decayed(name, slot, whole, momentum, weightDecay);
          update(
              ops ->
                  ops.train.resourceApplyMomentum(
                      step.variables.handle(name),
                      slot,
                      learningRate,
                      total,
                      tf.constant(momentum)));
        });
  }

  /** Hands on the gradient of the whole step, which may be known already. */
  private void withTotal(
      String name, Operand<TFloat32> gradient, Consumer<Operand<TFloat32>> update) {
    Operand<TFloat32> known = step.known.get(gradient.asOutput());
    if (known != null) {
      update.accept(known);
    } else {
      step.totals.use(name, gradient, update);
    }
  }

  private void update(Function<Ops, Op> operation) {
    step.operations.add(next(operation));
  }

  /**
   * What gradients are multiplied by so that their norm is at most {@code norm}: {@code norm / (|g|
   * + 1e-6)}, at most 1, where {@code |g|} is the root of the sum of the squares of all elements.
   * The gradients are those of the whole step.
   *
   * @param gradients of the batch
   * @return a scalar
   */
  public Operand<TFloat32> clipFactor(List<Operand<TFloat32>> gradients, float norm) {
    int number = 0;
    for (Operand<TFloat32> gradient : gradients) {
      String name = "gradient" + number++;
      step.totals.use(name, gradient, whole -> step.known.put(gradient.asOutput(), whole));
    }
    step.totals.exchange();
    List<Operand<TFloat32>> halves = new ArrayList<>(); // of the sum of squares
    gradients.forEach(gradient -> halves.add(tf.nn.l2Loss(step.known.get(gradient.asOutput()))));
    Operand<TFloat32> whole = tf.math.sqrt(tf.math.mul(tf.math.addN(halves), tf.constant(2f)));
    Operand<TFloat32> factor =
        tf.math.div(tf.constant(norm), tf.math.add(whole, tf.constant(1e-6f)));
    return next(ops -> ops.math.minimum(factor, tf.constant(1f)));
  }

  /**
   * A gradient of the whole step whose norm is limited.
   *
   * @param gradient of the batch, one of those that {@link #clipFactor} was given
   * @param factor from {@link #clipFactor}
   */
  public Operand<TFloat32> clip(Operand<TFloat32> gradient, Operand<TFloat32> factor) {
    Operand<TFloat32> whole = Objects.requireNonNull(step.known.get(gradient.asOutput()));
    Operand<TFloat32> clipped = tf.math.mul(whole, factor);
    step.known.put(clipped.asOutput(), clipped);
    return clipped;
  }

  /**
   * A value of the batches of a step, added up: the loss, for example.
   *
   * @param name tells values apart
   */
  public Operand<TFloat32> total(String name, Operand<TFloat32> value) {
    Operand<TFloat32> total = step.totals.total(name, value);
    step.operations.add(total);
    return total;
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
    Operand<TFloat32> w = step.variables.read(name);
    if (momentum == 0) {
      return tf.math.add(gradient, tf.math.mul(w, tf.constant(weightDecay)));
    }
    Operand<TFloat32> rate = tf.constant(-weightDecay / momentum);
    next(ops -> ops.train.resourceApplyGradientDescent(slot, rate, w));
    return gradient;
  }

  private VarHandleOp slot(String name, Operand<TFloat32> like) {
    VarHandleOp slot = tf.varHandleOp(TFloat32.class, like.shape(), VarHandleOp.sharedName(name));
    step.slots.put(name, slot);
    return slot;
  }

  /**
   * Adam with decoupled weight decay, at step {@code t} counted from 1: {@code w = (1 -
   * learningRate * weightDecay) * w}, {@code m = beta1 * m + (1 - beta1) * gradient}, {@code v =
   * beta2 * v + (1 - beta2) * gradient^2}, {@code w = w - learningRate * m / (1 - beta1^t) /
   * (sqrt(v / (1 - beta2^t)) + epsilon)}.
   *
   * @param parameter its name below the scope
   * @param gradient derivative of the loss by it
   */
  public void adamW(
      String parameter,
      Operand<TFloat32> gradient,
      float beta1,
      float beta2,
      float epsilon,
      float weightDecay) {
    String name = path.of(parameter);
    VarHandleOp weights = step.variables.handle(name);
    VarHandleOp mean = slot(name + MEAN_SUFFIX, gradient);
    VarHandleOp squares = slot(name + SQUARES_SUFFIX, gradient);
    BiasCorrection correction = biasCorrection(beta1, beta2);
    Operand<TFloat32> rate = tf.math.mul(learningRate, correction.rate);
    Operand<TFloat32> corrected = tf.math.mul(tf.constant(epsilon), correction.epsilon);
    Operand<TFloat32> done = tf.constant(0f); // powers of the betas: the rate is corrected already
    withTotal(
        name,
        gradient,
        whole -> {
          if (weightDecay != 0) {
            Operand<TFloat32> w = step.variables.read(name);
            Operand<TFloat32> share = tf.math.mul(learningRate, tf.constant(weightDecay));
            next(ops -> ops.train.resourceApplyGradientDescent(weights, share, w));
          }
          update(
              ops ->
                  ops.train.resourceApplyAdam(
                      weights,
                      mean,
                      squares,
                      done,
                      done,
                      rate,
                      tf.constant(beta1),
                      tf.constant(beta2),
                      corrected,
                      whole));
        });
  }

  /** In doubles: one minus a power that is nearly one. The same for all parameters. */
  private BiasCorrection biasCorrection(float beta1, float beta2) {
    return step.corrections.computeIfAbsent(
        List.of(beta1, beta2),
        betas -> {
          Ops root = step.scopes.root().withSubScope("adam");
          Operand<TFloat64> one = root.constant(1.0);
          Operand<TFloat64> t = root.math.add(root.dtypes.cast(step.number, TFloat64.class), one);
          Operand<TFloat64> first =
              root.math.sub(one, root.math.pow(root.constant((double) beta1), t));
          Operand<TFloat64> second =
              root.math.sqrt(root.math.sub(one, root.math.pow(root.constant((double) beta2), t)));
          return new BiasCorrection(
              root.dtypes.cast(root.math.div(second, first), TFloat32.class),
              root.dtypes.cast(second, TFloat32.class));
        });
  }

  private <T extends Op> T next(Function<Ops, T> operation) {
    return step.order.next(tf, operation);
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
    Operand<TFloat32> difference = tf.math.sub(step.variables.read(name), value);
    step.averages.put(
        name,
        tf.assignSubVariableOp(
            step.variables.handle(name), tf.math.mul(difference, tf.constant(1 - decay))));
  }

  /**
   * What to run for a batch: moving averages of its statistics, and what adds its gradients to
   * those of the step.
   */
  public List<Op> ofBatch() {
    List<Op> operations = new ArrayList<>(step.averages.values());
    operations.addAll(step.totals.additions());
    return operations;
  }

  /**
   * What to run for a step, together with {@link #ofBatch} of its only batch, or after those of all
   * of them where gradients are accumulated. To be called once, after all updates were added.
   */
  public List<Op> ofStep() {
    step.totals.exchange();
    List<Op> operations = new ArrayList<>(step.operations);
    operations.addAll(step.totals.clearing(step.operations));
    if (step.parts.workers().workers() > 1 && !step.averages.isEmpty()) {
      operations.addAll(averagesOfWorkers());
    }
    return operations;
  }

  /**
   * Moving averages become those over the workers, which are the ones that averages of their
   * statistics would give: so all workers have the same.
   */
  private List<Op> averagesOfWorkers() {
    Ops ops = step.parts.accumulated() ? tf : tf.withControlDependencies(step.averages.values());
    List<Operand<TFloat32>> own = new ArrayList<>();
    step.averages
        .keySet()
        .forEach(name -> own.add(ops.readVariableOp(step.variables.handle(name), TFloat32.class)));
    List<Operand<TFloat32>> sums = step.totals.sums(own);
    Operand<TFloat32> share = tf.constant(1f / step.parts.workers().workers());
    List<Op> assignments = new ArrayList<>();
    int i = 0;
    for (String name : step.averages.keySet()) {
      Operand<TFloat32> average = tf.math.mul(sums.get(i++), share);
      assignments.add(tf.assignVariableOp(step.variables.handle(name), average));
    }
    return assignments;
  }

  /** Variables in which gradients are accumulated, by name. They hold nothing between steps. */
  public Map<String, VarHandleOp> accumulators() {
    return step.totals.accumulators();
  }

  /** What sets the {@link #accumulators} to zero. */
  public List<Op> clearing() {
    return step.totals.clearing(null);
  }

  /** What the step keeps for parameters, momenta for example, by its name in checkpoints. */
  public Map<String, VarHandleOp> slots() {
    return Collections.unmodifiableMap(step.slots);
  }
}
