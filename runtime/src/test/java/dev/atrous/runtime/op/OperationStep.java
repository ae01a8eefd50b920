package dev.atrous.runtime.op;

import static dev.atrous.runtime.RandomValues.random;

import dev.atrous.runtime.tensorflow.Device;
import dev.atrous.runtime.tensorflow.Xla;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.tensorflow.ConcreteFunction;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.Signature;
import org.tensorflow.Tensor;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.core.VarHandleOp;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt64;
import org.tensorflow.types.TUint16;
import org.tensorflow.types.TUint8;
import org.tensorflow.types.family.TFloating;

/** A graph to add an operation to; everything comes from outside, so that nothing is constant. */
final class OperationStep<M extends TFloating> implements AutoCloseable {
  private static final List<Parameter> PARAMETERS =
      Stream.of(
              List.of(Parameter.weights("conv/weights", 3, 3, 4, 6)),
              Parameter.batchNorm("bn", 4),
              Parameter.bandStatistics("bands", 3))
          .flatMap(List::stream)
          .toList();

  private final Graph graph = new Graph();
  private final Ops tf = Ops.create(graph);
  private final Map<Operand<?>, Tensor> feeds = new LinkedHashMap<>();
  private final Variables variables;
  private final Class<M> maps;
  private final boolean xla;
  final NetworkOps<M> nn;
  final GradientOps grad;
  final UpdateOps update;

  OperationStep(Class<M> maps, boolean xla) {
    this.maps = maps;
    this.xla = xla;
    variables = new Variables(tf, PARAMETERS);
    Scopes scopes = new Scopes(tf);
    ConvolutionKernel kernel = new TensorFlowKernel();
    Placeholder<TInt64> number = tf.placeholder(TInt64.class, Placeholder.shape(Shape.scalar()));
    feeds.put(number, TInt64.scalarOf((1L << 40) + 17));
    NetworkOps<M> plain = new NetworkOps<>(scopes, variables, number, kernel, maps);
    nn = xla ? plain.forXla() : plain;
    grad = new GradientOps(scopes, kernel);
    update = new UpdateOps(scopes, variables, x(Shape.scalar()), number);
  }

  Operand<TFloat32> x(Shape shape) {
    Placeholder<TFloat32> input = tf.placeholder(TFloat32.class, Placeholder.shape(shape));
    float[] values = random(shape, feeds.size());
    feeds.put(input, TFloat32.tensorOf(shape, DataBuffers.of(values)));
    return input;
  }

  Operand<TFloat32> x(long... sizes) {
    return x(Shape.of(sizes));
  }

  /** Of the numbers of feature maps. */
  Operand<M> map(Shape shape) {
    return Numbers.cast(tf, x(shape), maps);
  }

  Operand<M> map(long... sizes) {
    return map(Shape.of(sizes));
  }

  /** Far from zero and near to one another, as image pooling has them. */
  Operand<TFloat32> similar() {
    Operand<TFloat32> deviation = tf.math.mul(x(2, 1, 1, 4), tf.constant(0.01f));
    return tf.math.add(deviation, tf.constant(200f));
  }

  /** Greater than zero. */
  Operand<TFloat32> positive(long... sizes) {
    return tf.math.exp(x(sizes));
  }

  Operand<TUint8> bytes(Shape shape, int bound) {
    Placeholder<TUint8> input = tf.placeholder(TUint8.class, Placeholder.shape(shape));
    byte[] values = new byte[(int) shape.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (byte) (i % 11 == 3 ? NetworkOps.IGNORED_LABEL : i * 7 % bound);
    }
    feeds.put(input, TUint8.tensorOf(shape, DataBuffers.of(values)));
    return input;
  }

  Operand<TUint16> shorts(Shape shape) {
    Placeholder<TUint16> input = tf.placeholder(TUint16.class, Placeholder.shape(shape));
    TUint16 values = TUint16.tensorOf(shape);
    int[] next = {0};
    values.scalars().forEach(value -> value.setShort((short) (next[0]++ * 773)));
    feeds.put(input, values);
    return input;
  }

  /** Everything that the updates change. */
  List<Operand<TFloat32>> updated() {
    List<Op> operations = new ArrayList<>(update.ofBatch());
    operations.addAll(update.ofStep());
    Ops after = tf.withControlDependencies(operations);
    return handles().values().stream()
        .map(handle -> (Operand<TFloat32>) after.readVariableOp(handle, TFloat32.class))
        .toList();
  }

  private Map<String, VarHandleOp> handles() {
    Map<String, VarHandleOp> all = new LinkedHashMap<>(variables.handles());
    all.putAll(update.slots());
    return all;
  }

  /**
   * Computes results, one after the other.
   *
   * @param results in this graph
   */
  float[] compute(List<? extends Operand<? extends TFloating>> results) {
    Operand<TFloat32> plain = vector(results);
    List<Op> initial = initialValues();
    try (ConcreteFunction function = ConcreteFunction.create(signature(plain), graph)) {
      Output<TFloat32> compiled = Xla.call(tf, function, arguments());
      try (Session session = new Session(graph, Device.CPU.config(1))) {
        return run(session, initial, xla ? compiled : plain);
      }
    }
  }

  private Operand<TFloat32> vector(List<? extends Operand<? extends TFloating>> results) {
    List<Operand<TFloat32>> flat = new ArrayList<>();
    for (Operand<? extends TFloating> result : results) {
      Operand<TFloat32> wide = Numbers.cast(tf, result, TFloat32.class);
      flat.add(tf.reshape(wide, tf.constant(new int[] {-1})));
    }
    return flat.size() == 1 ? flat.get(0) : tf.concat(flat, tf.constant(0));
  }

  private List<Op> initialValues() {
    List<Op> assignments = new ArrayList<>();
    handles()
        .forEach(
            (name, handle) -> {
              Shape shape =
                  PARAMETERS.stream()
                      .filter(parameter -> name.startsWith(parameter.name()))
                      .findFirst()
                      .orElseThrow()
                      .shape();
              float[] values = random(shape, name.hashCode());
              boolean positive =
                  name.endsWith("variance")
                      || name.endsWith("deviation")
                      || name.endsWith("/Adam_1");
              for (int i = 0; i < values.length && positive; i++) {
                values[i] = Math.abs(values[i]) + 0.1f;
              }
              Operand<TFloat32> value = tf.constant(shape, DataBuffers.of(values));
              assignments.add(tf.assignVariableOp(handle, value));
            });
    return assignments;
  }

  private Signature signature(Operand<TFloat32> result) {
    Signature.Builder signature = Signature.builder("operation");
    List<Operand<?>> inputs = new ArrayList<>(feeds.keySet());
    inputs.addAll(handles().values());
    for (int i = 0; i < inputs.size(); i++) {
      signature.input("input" + i, inputs.get(i));
    }
    return signature.output("result", result).build();
  }

  private List<Output<?>> arguments() {
    return Stream.concat(feeds.keySet().stream(), handles().values().stream())
        .map(Operand::asOutput)
        .collect(Collectors.toList());
  }

  private float[] run(Session session, List<Op> initial, Operand<TFloat32> result) {
    Session.Runner reset = session.runner();
    initial.forEach(reset::addTarget);
    reset.run().close();
    Session.Runner runner = session.runner();
    feeds.forEach(runner::feed);
    try (Result values = runner.fetch(result).run()) {
      TFloat32 tensor = (TFloat32) values.get(0);
      float[] floats = new float[(int) tensor.size()];
      tensor.asRawTensor().data().asFloats().read(floats);
      return floats;
    }
  }

  @Override
  public void close() {
    feeds.values().forEach(Tensor::close);
    graph.close();
  }
}
