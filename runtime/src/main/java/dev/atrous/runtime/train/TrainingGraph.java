package dev.atrous.runtime.train;

import dev.atrous.runtime.checkpoint.CheckpointOps;
import dev.atrous.runtime.kernel.Kernels;
import dev.atrous.runtime.model.CompiledModel;
import dev.atrous.runtime.model.TrainingStep;
import dev.atrous.runtime.op.ConvolutionKernel;
import dev.atrous.runtime.op.GradientOps;
import dev.atrous.runtime.op.NetworkOps;
import dev.atrous.runtime.op.Scopes;
import dev.atrous.runtime.op.StepParts;
import dev.atrous.runtime.op.UpdateOps;
import dev.atrous.runtime.op.Variables;
import dev.atrous.runtime.predict.ImageInput;
import dev.atrous.runtime.tensorflow.Device;
import dev.atrous.runtime.tensorflow.Xla;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.tensorflow.ConcreteFunction;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.Signature;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.core.VarHandleOp;
import org.tensorflow.types.TBool;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt64;
import org.tensorflow.types.TUint8;
import org.tensorflow.types.family.TFloating;
import org.tensorflow.types.family.TIntegral;

/** The graph of a training run: step, initial values, checkpoints, checks. */
final class TrainingGraph implements AutoCloseable {
  private final Graph graph = new Graph();
  private final Placeholder<? extends TIntegral> images;
  private final Placeholder<TUint8> labels;
  private final Placeholder<TFloat32> learningRate;
  private final Placeholder<TInt64> stepNumber;
  private final Placeholder<TInt64> part;
  private final Placeholder<TFloat32> pixelTotal;
  private final StepParts parts;
  private final Map<String, VarHandleOp> handles = new LinkedHashMap<>();
  private final Map<String, Operand<TFloat32>> values = new LinkedHashMap<>();
  private final List<Op> initialValues;
  private final CheckpointOps checkpoints;
  private final Operand<TBool> finite;
  private final Operand<TFloat32> forward;
  private final @Nullable Operand<TFloat32> accumulation;
  private final Operand<TFloat32> loss;
  private final List<Op> clearing;
  private final @Nullable String xlaFunction;

  /**
   * @param maps the numbers of feature maps
   * @param device to place the operations on, {@link Device#CPU} or {@link Device#GPU}
   * @param xla whether the step is one XLA program, or what accumulates the gradients of a batch
   * @param parts what a step is made of
   */
  static TrainingGraph of(
      CompiledModel model,
      TrainingOptions options,
      Class<? extends TFloating> maps,
      Device device,
      boolean xla,
      StepParts parts) {
    return create(model, options, maps, device, xla, parts);
  }

  private static <M extends TFloating> TrainingGraph create(
      CompiledModel model,
      TrainingOptions options,
      Class<M> maps,
      Device device,
      boolean xla,
      StepParts parts) {
    return new TrainingGraph(model, model.<M>trainingStep(), options, maps, device, xla, parts);
  }

  private <M extends TFloating> TrainingGraph(
      CompiledModel model,
      TrainingStep<M> step,
      TrainingOptions options,
      Class<M> maps,
      Device device,
      boolean xla,
      StepParts parts) {
    this.parts = parts;
    Ops tf = device.place(Ops.create(graph));
    Scopes scopes = new Scopes(tf).enterAll(model.parameters());
    Shape crops = Shape.of(options.batchSize(), options.crop(), options.crop());
    images = ImageInput.of(model.description()).placeholder(tf, crops);
    labels = tf.placeholder(TUint8.class, Placeholder.shape(crops));
    learningRate = tf.placeholder(TFloat32.class, Placeholder.shape(Shape.scalar()));
    stepNumber = tf.placeholder(TInt64.class, Placeholder.shape(Shape.scalar()));
    part = tf.placeholder(TInt64.class, Placeholder.shape(Shape.scalar()));
    pixelTotal = tf.placeholder(TFloat32.class, Placeholder.shape(Shape.scalar()));
    Variables variables = new Variables(tf, model.parameters());
    UpdateOps update = new UpdateOps(scopes, variables, learningRate, stepNumber, parts);
    ConvolutionKernel kernel = Kernels.training(tf, maps, device, xla);
    NetworkOps<M> operations = new NetworkOps<>(scopes, variables, stepNumber, kernel, maps);
    NetworkOps<M> network = xla ? operations.forXla() : operations;
    if (!options.classWeights().isEmpty()) {
      network = network.withClassWeights(ClassWeights.floats(options.classWeights()));
    }
    if (!parts.isOne()) {
      network = network.withPart(part, pixelTotal).withWorkers(parts.workers());
    }
    GradientOps gradient = new GradientOps(scopes, kernel);
    forward = step.build(network, gradient, update, images, labels);
    Operand<TFloat32> total = parts.isOne() ? forward : update.total("loss", forward);
    List<Op> ofBatch = update.ofBatch();
    List<Op> ofStep = update.ofStep();
    clearing = update.clearing();
    handles.putAll(variables.handles());
    handles.putAll(update.slots());
    initialValues =
        new InitialValues(tf, options.seed())
            .assignments(model.parameters(), variables.handles(), update.slots());
    checkpoints = new CheckpointOps(tf, variables.handles(), update.slots());
    handles.forEach((name, handle) -> values.put(name, tf.readVariableOp(handle, TFloat32.class)));
    finite = allFinite(tf);
    List<Op> first = new ArrayList<>(ofBatch);
    if (!parts.accumulated()) {
      first.addAll(ofStep);
    }
    Operand<TFloat32> plain =
        tf.withControlDependencies(first).identity(parts.accumulated() ? forward : total);
    Operand<TFloat32> run = plain;
    if (xla) {
      List<VarHandleOp> changed = new ArrayList<>(handles.values());
      changed.addAll(update.accumulators().values()); // some are named like their parameters
      List<Operand<?>> inputs = inputs(changed);
      try (ConcreteFunction function = ConcreteFunction.create(signature(inputs, plain), graph)) {
        run = Xla.call(tf, function, inputs.stream().<Output<?>>map(Operand::asOutput).toList());
        xlaFunction = function.getDefinedName();
      }
    } else {
      xlaFunction = null;
    }
    accumulation = parts.accumulated() ? run : null;
    loss = parts.accumulated() ? tf.withControlDependencies(ofStep).identity(total) : run;
  }

  /** Whether no parameter or momentum is infinite or not a number. */
  private Operand<TBool> allFinite(Ops graphOps) {
    Ops tf = graphOps.withSubScope("finite");
    List<Operand<TBool>> each = new ArrayList<>();
    for (Operand<TFloat32> value : values.values()) {
      int rank = value.shape().numDimensions();
      int[] axes = IntStream.range(0, rank).toArray();
      each.add(tf.all(tf.math.isFinite(value), tf.constant(axes)));
    }
    return tf.all(tf.stack(each), tf.constant(0));
  }

  /** What the function takes that XLA compiles. */
  private List<Operand<?>> inputs(Collection<VarHandleOp> variables) {
    List<Operand<?>> inputs = new ArrayList<>(List.of(images, labels, stepNumber));
    if (!parts.accumulated()) {
      inputs.add(learningRate);
    }
    if (!parts.isOne()) {
      inputs.addAll(List.of(part, pixelTotal));
    }
    inputs.addAll(variables);
    return inputs;
  }

  private static Signature signature(List<Operand<?>> inputs, Operand<TFloat32> output) {
    Signature.Builder signature = Signature.builder("atrous_step");
    int i = 0;
    for (Operand<?> input : inputs) {
      signature.input("input" + i++, input);
    }
    return signature.output("loss", output).build();
  }

  Graph graph() {
    return graph;
  }

  Placeholder<? extends TIntegral> images() {
    return images;
  }

  Placeholder<TUint8> labels() {
    return labels;
  }

  Placeholder<TFloat32> learningRate() {
    return learningRate;
  }

  Placeholder<TInt64> stepNumber() {
    return stepNumber;
  }

  /** Which part of the step's crops a batch is; to be fed where a step is not one batch. */
  Placeholder<TInt64> part() {
    return part;
  }

  /** As {@link NetworkOps#withPart}; to be fed where a step is not one batch. */
  Placeholder<TFloat32> pixelTotal() {
    return pixelTotal;
  }

  /** What a step is made of. */
  StepParts parts() {
    return parts;
  }

  /**
   * What a batch adds to the loss of the step; fetching it adds its gradients to those of the step.
   * Null where a step is one batch.
   */
  @Nullable Operand<TFloat32> accumulation() {
    return accumulation;
  }

  /**
   * The loss of a step; fetching it performs the step, of which the batches were accumulated before
   * if there is an {@link #accumulation}.
   */
  Operand<TFloat32> loss() {
    return loss;
  }

  /** What forgets the gradients of batches of a step that was not finished. */
  List<Op> clearing() {
    return clearing;
  }

  /** The loss with the present weights, without a step. */
  Operand<TFloat32> forward() {
    return forward;
  }

  /** The values of parameters and momenta by their names in checkpoints. */
  Map<String, Operand<TFloat32>> values() {
    return values;
  }

  List<Op> initialValues() {
    return initialValues;
  }

  CheckpointOps checkpoints() {
    return checkpoints;
  }

  Operand<TBool> finite() {
    return finite;
  }

  /** The name of the function that XLA compiles; null without XLA. */
  @Nullable String xlaFunction() {
    return xlaFunction;
  }

  @Override
  public void close() {
    graph.close();
  }
}
