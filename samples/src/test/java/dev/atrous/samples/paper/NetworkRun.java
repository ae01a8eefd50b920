package dev.atrous.samples.paper;

import dev.atrous.runtime.model.CompiledModel;
import dev.atrous.runtime.op.ConvolutionKernel;
import dev.atrous.runtime.op.GradientOps;
import dev.atrous.runtime.op.NetworkOps;
import dev.atrous.runtime.op.Parameter;
import dev.atrous.runtime.op.Scopes;
import dev.atrous.runtime.op.TensorFlowKernel;
import dev.atrous.runtime.op.UpdateOps;
import dev.atrous.runtime.op.Variables;
import dev.atrous.runtime.tensorflow.Device;
import dev.atrous.runtime.tensorflow.NativeLibrary;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.core.VarHandleOp;
import org.tensorflow.proto.ConfigProto;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt64;
import org.tensorflow.types.TUint8;

/**
 * A training step and the inference graphs of a model on the same variables, in memory: what {@code
 * Trainer} and {@code Predictor} do, without checkpoints between them.
 */
final class NetworkRun implements AutoCloseable {
  private static final int BATCH = 2;
  private static final float LEARNING_RATE = 0.007f;

  /** So that activations stay small over a hundred layers where nothing normalises them. */
  private static final float GAMMA = 0.5f;

  private final Graph graph = new Graph();
  private final Ops tf = Ops.create(graph);
  private final Placeholder<TUint8> images;
  private final Map<Integer, Operand<TFloat32>> logits = new LinkedHashMap<>();
  private final Map<String, VarHandleOp> trained;
  private final Operand<TFloat32> step;
  private final Operand<TFloat32> momenta;
  private final Operand<TFloat32> classifier;
  private final Session session;

  /**
   * Builds the graph and gives the variables random values.
   *
   * @param crop of the training step
   * @param outputStrides of the inference graphs
   */
  NetworkRun(CompiledModel model, int crop, Set<Integer> outputStrides) {
    NativeLibrary.load();
    Variables variables = new Variables(tf, model.parameters());
    images = tf.placeholder(TUint8.class, Placeholder.shape(Shape.of(-1, -1, -1, 3)));
    for (int outputStride : outputStrides) {
      logits.put(
          outputStride,
          model.logits(new NetworkOps<>(tf, variables, TFloat32.class), images, outputStride));
    }
    Scopes scopes = new Scopes(tf);
    UpdateOps update =
        new UpdateOps(scopes, variables, tf.constant(LEARNING_RATE), tf.constant(0L));
    ConvolutionKernel kernel = new TensorFlowKernel();
    Shape crops = Shape.of(BATCH, crop, crop);
    Operand<TFloat32> loss =
        model
            .<TFloat32>trainingStep()
            .build(
                new NetworkOps<>(scopes, variables, tf.constant(0L), kernel, TFloat32.class),
                new GradientOps(scopes, kernel),
                update,
                tf.dtypes.cast(uniform(crops.append(3), 0, 256), TUint8.class),
                tf.dtypes.cast(uniform(crops, 1, model.description().classes()), TUint8.class));
    List<Op> operations = new ArrayList<>(update.ofBatch());
    operations.addAll(update.ofStep());
    step = tf.withControlDependencies(operations).identity(loss);
    trained = update.slots();
    momenta = tf.stack(trained.values().stream().map(this::largest).toList());
    classifier = read(variables.handle(classifierOf(model)));
    session = new Session(graph, config());
    initialize(model.parameters(), variables.handles());
  }

  /** Without the optimiser of graphs, which would take most of the time. */
  private static ConfigProto config() {
    ConfigProto.Builder config = Device.CPU.config(0).toBuilder();
    config.getGraphOptionsBuilder().getRewriteOptionsBuilder().setDisableMetaOptimizer(true);
    return config.build();
  }

  private static String classifierOf(CompiledModel model) {
    return model.parameters().stream()
        .map(Parameter::name)
        .filter(name -> name.endsWith("scores/weights"))
        .findFirst()
        .orElseThrow();
  }

  private Operand<TFloat32> read(VarHandleOp variable) {
    return tf.readVariableOp(variable, TFloat32.class);
  }

  private Operand<TFloat32> largest(VarHandleOp variable) {
    Operand<TFloat32> flat = tf.reshape(read(variable), tf.constant(new int[] {-1}));
    return tf.max(tf.math.abs(flat), tf.constant(0));
  }

  private Operand<TFloat32> uniform(Shape shape, int seed, float below) {
    Operand<TInt64> sizes = tf.constant(shape.asArray());
    Operand<TInt64> seeds = tf.constant(new long[] {1, seed});
    Operand<TFloat32> unit = tf.random.statelessRandomUniform(sizes, seeds, TFloat32.class);
    return tf.math.mul(unit, tf.constant(below));
  }

  private void initialize(List<Parameter> parameters, Map<String, VarHandleOp> handles) {
    List<Op> assignments = new ArrayList<>();
    for (int i = 0; i < parameters.size(); i++) {
      Parameter parameter = parameters.get(i);
      VarHandleOp handle = Objects.requireNonNull(handles.get(parameter.name()));
      assignments.add(tf.assignVariableOp(handle, initialValue(parameter, i)));
      VarHandleOp momentum = trained.get(parameter.name() + UpdateOps.MOMENTUM_SUFFIX);
      if (momentum != null) {
        assignments.add(tf.assignVariableOp(momentum, filled(parameter.shape(), 0)));
      }
    }
    Session.Runner runner = session.runner();
    assignments.forEach(runner::addTarget);
    runner.run().close();
  }

  /** Weights of He's variance, uniform. */
  private Operand<TFloat32> initialValue(Parameter parameter, int seed) {
    Shape shape = parameter.shape();
    if (shape.numDimensions() == 1) {
      return filled(
          shape,
          parameter.name().endsWith("/gamma")
              ? GAMMA
              : parameter.name().endsWith("/moving_variance") ? 1 : 0);
    }
    float range = (float) Math.sqrt(24.0 * shape.get(3) / shape.size());
    return tf.math.sub(uniform(shape, seed, range), tf.constant(range / 2));
  }

  private Operand<TFloat32> filled(Shape shape, float value) {
    return tf.fill(tf.constant(shape.asArray()), tf.constant(value));
  }

  /** Performs a training step on random images; its loss. */
  float step() {
    return floats(session.runner().fetch(step))[0];
  }

  /** The names of the parameters that a step changes. */
  Collection<String> trained() {
    return trained.keySet();
  }

  /** The largest entry of the momentum of each. */
  float[] momenta() {
    return floats(session.runner().fetch(momenta));
  }

  /** Weights of class scores. */
  float[] classifier() {
    return floats(session.runner().fetch(classifier));
  }

  /** Class scores of a random image. */
  float[] logits(int height, int width, int outputStride) {
    byte[] bytes = new byte[height * width * 3];
    new Random(1).nextBytes(bytes);
    try (TUint8 image = TUint8.tensorOf(Shape.of(1, height, width, 3), DataBuffers.of(bytes))) {
      Operand<TFloat32> scores = Objects.requireNonNull(logits.get(outputStride));
      return floats(session.runner().feed(images, image).fetch(scores));
    }
  }

  private static float[] floats(Session.Runner runner) {
    try (Result result = runner.run()) {
      TFloat32 tensor = (TFloat32) result.get(0);
      float[] values = new float[Math.toIntExact(tensor.size())];
      tensor.asRawTensor().data().asFloats().read(values);
      return values;
    }
  }

  @Override
  public void close() {
    session.close();
    graph.close();
  }
}
