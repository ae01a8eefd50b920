package dev.atrous.runtime.op;

import static dev.atrous.runtime.RandomValues.random;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.atrous.runtime.tensorflow.Device;
import dev.atrous.runtime.tensorflow.NativeLibrary;
import dev.atrous.runtime.tensorflow.Xla;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
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
import org.tensorflow.types.TBfloat16;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt64;
import org.tensorflow.types.TUint16;
import org.tensorflow.types.TUint8;
import org.tensorflow.types.family.TFloating;
import org.tensorflow.types.family.TNumber;

/** Each operation by itself, compiled by XLA and not, on maps of either numbers. */
class XlaOperationsTest {
  /** Largest difference, relative to the largest value. */
  private static final double TOLERANCE = 1e-4;

  /** Likewise where a result is rounded to 8 bits. */
  private static final double ROUNDED = 1e-2;

  private static final Shape MAP = Shape.of(2, 9, 7, 4);
  private static final Shape WEIGHTS = Shape.of(3, 3, 4, 6);

  private static final List<Parameter> PARAMETERS =
      Stream.of(
              List.of(Parameter.weights("conv/weights", 3, 3, 4, 6)),
              Parameter.batchNorm("bn", 4),
              Parameter.bandStatistics("bands", 3))
          .flatMap(List::stream)
          .toList();

  /** Of the public methods those that are no operations of a step. */
  private static final Set<String> NO_OPERATIONS =
      Set.of(
          "NetworkOps.in",
          "NetworkOps.forXla",
          "NetworkOps.withClassWeights",
          "NetworkOps.withPart",
          "NetworkOps.withWorkers",
          "NetworkOps.parameter",
          "NetworkOps.convolution", // inference graphs alone
          "GradientOps.in",
          "UpdateOps.in",
          "UpdateOps.atRate",
          "UpdateOps.accumulators",
          "UpdateOps.clearing",
          "UpdateOps.ofBatch",
          "UpdateOps.ofStep",
          "UpdateOps.slots",
          "UpdateOps.total"); // of one batch, the value itself

  /** What an operation gives, or what it makes of variables. */
  private interface Case
      extends Function<Step<TFloating>, List<? extends Operand<? extends TFloating>>> {}

  /** A graph to add an operation to; everything comes from outside, so that nothing is constant. */
  private static final class Step<M extends TFloating> {
    private final Ops tf;
    private final Map<Operand<?>, Tensor> feeds = new LinkedHashMap<>();
    private final Variables variables;
    private final Class<M> maps;
    final NetworkOps<M> nn;
    final GradientOps grad;
    final UpdateOps update;

    Step(Graph graph, Class<M> maps, boolean xla) {
      this.maps = maps;
      tf = Ops.create(graph);
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

    Map<String, VarHandleOp> handles() {
      Map<String, VarHandleOp> all = new LinkedHashMap<>(variables.handles());
      all.putAll(update.slots());
      return all;
    }
  }

  private static final Map<String, Case> CASES = new TreeMap<>();

  private static void add(String operation, Case definition) {
    CASES.put(operation, definition);
  }

  static {
    forward();
    backward();
    updates();
  }

  private static void forward() {
    add("NetworkOps.scalar", s -> List.of(s.nn.scalar(0.25f)));
    add(
        "NetworkOps.normalize",
        s -> {
          Operand<? extends TNumber> images = s.bytes(Shape.of(2, 5, 4, 3), 200);
          return List.of(
              s.nn.normalize(images, new float[] {124, 116, 104}, new float[] {58, 57, 57}));
        });
    add(
        "NetworkOps.normalizeBands",
        s -> List.of(s.nn.normalizeBands(s.shorts(Shape.of(2, 5, 4, 3)), "bands")));
    add("NetworkOps.widen", s -> List.of(s.nn.widen(s.map(MAP))));
    add(
        "NetworkOps.conv2d",
        s ->
            List.of(
                s.nn.conv2d(s.map(MAP), s.x(WEIGHTS), 1, 1),
                s.nn.conv2d(s.map(MAP), s.x(WEIGHTS), 1, 3),
                s.nn.conv2d(s.map(2, 8, 6, 4), s.x(WEIGHTS), 2, 1),
                s.nn.conv2d(s.map(2, 8, 6, 4), s.x(WEIGHTS), 2, 2),
                s.nn.conv2d(s.map(2, 8, 6, 4), s.x(WEIGHTS), 2, 1, PaddingMode.SAME)));
    add("NetworkOps.batchNorm", s -> List.of(s.nn.batchNorm(s.map(MAP), "bn", 1e-3f)));
    add(
        "NetworkOps.batchNormTraining",
        s -> {
          BatchNorm<TFloating> norm = s.nn.batchNormTraining(s.map(MAP), "bn", 1e-3f);
          return List.of(norm.y(), norm.mean(), norm.variance());
        });
    add(
        "NetworkOps.synchronizedBatchNorm",
        s -> {
          BatchNorm<TFloating> norm = s.nn.synchronizedBatchNorm(s.map(MAP), "bn", 1e-3f);
          return Stream.concat(
                  Stream.of(norm.y(), norm.mean(), norm.variance()),
                  all(s.grad.batchNorm(s.map(MAP), norm)).stream())
              .toList();
        });
    add("NetworkOps.relu", s -> List.of(s.nn.relu(s.map(MAP))));
    add("NetworkOps.add", s -> List.of(s.nn.add(s.map(MAP), s.map(MAP))));
    add(
        "NetworkOps.maxPool",
        s ->
            List.of(
                s.nn.maxPool(s.map(MAP), 3, 2),
                s.nn.maxPool(s.map(2, 8, 6, 4), 3, 2),
                s.nn.maxPool(s.map(2, 8, 6, 4), 3, 2, PaddingMode.SAME)));
    add("NetworkOps.subsample", s -> List.of(s.nn.subsample(s.map(MAP), 2)));
    add("NetworkOps.globalAveragePool", s -> List.of(s.nn.globalAveragePool(s.map(MAP))));
    add("NetworkOps.broadcast", s -> List.of(s.nn.broadcast(s.x(2, 1, 1, 3), s.map(MAP))));
    add("NetworkOps.concat", s -> List.of(s.nn.concat(List.of(s.map(MAP), s.map(2, 9, 7, 2)))));
    add("NetworkOps.addBias", s -> List.of(s.nn.addBias(s.map(MAP), s.x(4))));
    add("NetworkOps.addPerImage", s -> List.of(s.nn.addPerImage(s.map(MAP), s.x(2, 1, 1, 4))));
    add("NetworkOps.slice", s -> List.of(s.nn.slice(s.x(WEIGHTS), 2, 1, 3)));
    add(
        "NetworkOps.interpolate",
        s ->
            List.of(
                s.nn.interpolate(s.x(MAP), s.bytes(Shape.of(2, 33, 21), 5), true),
                s.nn.interpolate(s.x(MAP), s.bytes(Shape.of(2, 33, 21), 5), false)));
    add(
        "NetworkOps.dropout",
        s -> {
          NetworkOps.Dropout<TFloating> some = s.nn.dropout(s.map(MAP), 0.5f, "dropout");
          NetworkOps.Dropout<TFloating> few =
              s.nn.in("other").dropout(s.map(2, 65, 65, 8), 0.1f, "dropout");
          return List.of(some.y(), some.factors(), few.y());
        });
    add(
        "NetworkOps.weightedSum",
        s -> List.of(s.nn.weightedSum(List.of(s.x(), s.x(), s.x()), 1f, 0.5f, 2f)));
    add(
        "NetworkOps.softmaxCrossEntropy",
        s -> {
          LossWithGradient plain =
              s.nn.softmaxCrossEntropy(s.x(MAP), s.bytes(Shape.of(2, 9, 7), 4));
          LossWithGradient weighted =
              s.nn.softmaxCrossEntropy(s.x(MAP), s.bytes(Shape.of(2, 9, 7), 4), 0.5f, 2f, 0f, 1f);
          return List.of(
              plain.value(), plain.logitsGradient(), weighted.value(), weighted.logitsGradient());
        });
    add(
        "NetworkOps.crossEntropySum",
        s -> List.of(s.nn.crossEntropySum(s.x(MAP), s.bytes(Shape.of(2, 9, 7), 4))));
    add(
        "NetworkOps.focalLoss",
        s -> {
          LossWithGradient plain = s.nn.focalLoss(s.x(MAP), s.bytes(Shape.of(2, 9, 7), 4), 2f);
          LossWithGradient weighted =
              s.nn.focalLoss(s.x(MAP), s.bytes(Shape.of(2, 9, 7), 4), 0.5f, 0.5f, 2f, 0f, 1f);
          return List.of(
              plain.value(), plain.logitsGradient(), weighted.value(), weighted.logitsGradient());
        });
    add(
        "NetworkOps.diceLoss",
        s -> {
          LossWithGradient dice = s.nn.diceLoss(s.x(MAP), s.bytes(Shape.of(2, 9, 7), 3));
          return List.of(dice.value(), dice.logitsGradient());
        });
  }

  private static void backward() {
    Shape dy = Shape.of(2, 9, 7, 6);
    Shape even = Shape.of(2, 8, 6, 4);
    Shape half = Shape.of(2, 4, 3, 6);
    add(
        "GradientOps.conv2dInput",
        s ->
            List.of(
                s.grad.conv2dInput(s.x(WEIGHTS), s.map(dy), s.map(MAP), 1, 1),
                s.grad.conv2dInput(s.x(WEIGHTS), s.map(dy), s.map(MAP), 1, 3),
                s.grad.conv2dInput(s.x(WEIGHTS), s.map(half), s.map(even), 2, 1),
                s.grad.conv2dInput(s.x(WEIGHTS), s.map(half), s.map(even), 2, 2),
                s.grad.conv2dInput(
                    s.x(WEIGHTS), s.map(half), s.map(even), 2, 1, PaddingMode.SAME)));
    add(
        "GradientOps.conv2dFilter",
        s ->
            List.of(
                s.grad.conv2dFilter(s.map(MAP), s.map(dy), s.x(WEIGHTS), 1, 1),
                s.grad.conv2dFilter(s.map(MAP), s.map(dy), s.x(WEIGHTS), 1, 3),
                s.grad.conv2dFilter(s.map(even), s.map(half), s.x(WEIGHTS), 2, 1),
                s.grad.conv2dFilter(s.map(even), s.map(half), s.x(WEIGHTS), 2, 2),
                s.grad.conv2dFilter(
                    s.map(even), s.map(half), s.x(WEIGHTS), 2, 1, PaddingMode.SAME)));
    add(
        "GradientOps.conv2dFilterByTaps",
        s ->
            List.of(
                s.grad.conv2dFilterByTaps(s.map(MAP), s.map(dy), s.x(WEIGHTS), 3),
                s.grad.conv2dFilterByTaps(s.map(MAP), s.map(dy), s.x(WEIGHTS), 8)));
    add(
        "GradientOps.batchNorm",
        s -> all(s.grad.batchNorm(s.map(MAP), s.nn.batchNormTraining(s.map(MAP), "bn", 1e-3f))));
    add(
        "GradientOps.frozenBatchNorm",
        s ->
            all(
                s.grad.frozenBatchNorm(
                    s.map(MAP), s.map(MAP), s.x(4), s.x(4), s.positive(4), 1e-3f)));
    add("GradientOps.narrow", s -> List.of(s.grad.narrow(s.x(MAP), s.map(MAP))));
    add("GradientOps.relu", s -> List.of(s.grad.relu(s.map(MAP), s.map(MAP))));
    add(
        "GradientOps.maxPool",
        s -> {
          Operand<TFloating> x = s.map(MAP);
          Operand<TFloating> y = s.nn.maxPool(x, 3, 2);
          Operand<TFloating> x2 = s.map(even);
          Operand<TFloating> y2 = s.nn.maxPool(x2, 3, 2);
          return List.of(
              s.grad.maxPool(x, y, s.map(2, 5, 4, 4), 3, 2),
              s.grad.maxPool(x2, y2, s.map(2, 4, 3, 4), 3, 2));
        });
    add("GradientOps.subsample", s -> List.of(s.grad.subsample(s.map(2, 5, 4, 4), s.map(MAP), 2)));
    add(
        "GradientOps.globalAveragePool",
        s -> List.of(s.grad.globalAveragePool(s.x(2, 1, 1, 4), s.map(MAP))));
    add("GradientOps.sumPerImage", s -> List.of(s.grad.sumPerImage(s.map(MAP))));
    add("GradientOps.add", s -> List.of(s.grad.add(s.map(MAP), s.map(MAP))));
    add("GradientOps.bias", s -> List.of(s.grad.bias(s.map(MAP))));
    add("GradientOps.slice", s -> List.of(s.grad.slice(s.x(3, 3, 2, 6), s.x(WEIGHTS), 2, 1, 3)));
    add(
        "GradientOps.interpolate",
        s ->
            List.of(
                s.grad.interpolate(s.x(2, 33, 21, 4), s.x(MAP), true),
                s.grad.interpolate(s.x(2, 33, 21, 4), s.x(MAP), false)));
    add("GradientOps.multiply", s -> List.of(s.grad.multiply(s.map(MAP), s.x(MAP))));
  }

  private static List<Operand<? extends TFloating>> all(BatchNorm.Gradient<TFloating> gradient) {
    return List.of(gradient.x(), gradient.gamma(), gradient.beta());
  }

  private static void updates() {
    add(
        "UpdateOps.clipFactor",
        s ->
            List.of(
                s.update.clipFactor(List.of(s.x(WEIGHTS), s.x(4)), 0.25f),
                s.update.clipFactor(List.of(s.x(4)), 1e6f)));
    add(
        "UpdateOps.clip",
        s -> {
          Operand<TFloat32> gradient = s.x(WEIGHTS);
          Operand<TFloat32> factor = s.update.clipFactor(List.of(gradient), 0.25f);
          return List.of(s.update.clip(gradient, factor));
        });
    add(
        "UpdateOps.adamW",
        s -> {
          s.update.adamW("conv/weights", s.x(WEIGHTS), 0.9f, 0.999f, 1e-8f, 0.01f);
          s.update.atRate(0.5f).adamW("bn/gamma", s.x(4), 0.5f, 0.75f, 1e-3f, 0);
          return s.updated();
        });
    add(
        "UpdateOps.momentum",
        s -> {
          s.update.momentum("conv/weights", s.x(WEIGHTS), 0.9f, 1e-2f);
          s.update.atRate(0.5f).momentum("bn/gamma", s.x(4), 0.9f, 0);
          s.update.momentum("bn/beta", s.x(4), 0, 1e-2f);
          return s.updated();
        });
    add(
        "UpdateOps.movingAverages",
        s -> {
          s.update.movingAverages("bn", s.nn.batchNormTraining(s.map(MAP), "bn", 1e-3f), 0.75f);
          return s.updated();
        });
  }

  @BeforeAll
  static void load() {
    NativeLibrary.load();
    Xla.load(Device.CPU);
  }

  static Set<String> operations() {
    return CASES.keySet();
  }

  @ParameterizedTest
  @MethodSource("operations")
  void xlaComputesTheSame(String operation) {
    Case definition = Objects.requireNonNull(CASES.get(operation));
    float[] expected = compute(definition, TFloat32.class, false);
    assertThat(expected).isNotEmpty();
    assertSame(compute(definition, TFloat32.class, true), expected, TOLERANCE);
  }

  @ParameterizedTest
  @MethodSource("operations")
  void bfloat16IsFloat32Rounded(String operation) {
    Case definition = Objects.requireNonNull(CASES.get(operation));
    float[] expected = compute(definition, TFloat32.class, false);
    assertSame(compute(definition, TBfloat16.class, false), expected, ROUNDED);
    assertSame(compute(definition, TBfloat16.class, true), expected, ROUNDED);
  }

  /**
   * XLA's own variance of such values is wrong, or negative, so that the results are no numbers.
   */
  @Test
  void similarValuesKeepTheirVariance() {
    Case definition =
        s -> {
          BatchNorm<TFloat32> norm = s.nn.batchNormTraining(s.similar(), "bn", 1e-6f);
          BatchNorm.Gradient<TFloat32> gradient = s.grad.batchNorm(s.x(2, 1, 1, 4), norm);
          return List.of(norm.y(), gradient.gamma());
        };
    // Between 200 and its neighbour lie 1.5e-5, a thousandth of what the values are apart.
    assertSame(
        compute(definition, TBfloat16.class, true),
        compute(definition, TFloat32.class, false),
        1e-2);
  }

  @SuppressWarnings("unchecked") // a case treats all numbers alike
  private static float[] compute(Case definition, Class<? extends TFloating> maps, boolean xla) {
    try (Graph graph = new Graph()) {
      Step<TFloating> step = new Step<>(graph, (Class<TFloating>) maps, xla);
      Operand<TFloat32> plain = vector(step.tf, definition.apply(step));
      List<Op> initial = initialValues(step);
      try (ConcreteFunction function = ConcreteFunction.create(signature(step, plain), graph)) {
        Output<TFloat32> compiled = Xla.call(step.tf, function, arguments(step));
        try (Session session = new Session(graph, Device.CPU.config(1))) {
          return run(session, step, initial, xla ? compiled : plain);
        }
      } finally {
        step.feeds.values().forEach(Tensor::close);
      }
    }
  }

  /** All results one after the other. */
  private static Operand<TFloat32> vector(
      Ops tf, List<? extends Operand<? extends TFloating>> results) {
    List<Operand<TFloat32>> flat = new ArrayList<>();
    for (Operand<? extends TFloating> result : results) {
      Operand<TFloat32> wide = Numbers.cast(tf, result, TFloat32.class);
      flat.add(tf.reshape(wide, tf.constant(new int[] {-1})));
    }
    return flat.size() == 1 ? flat.get(0) : tf.concat(flat, tf.constant(0));
  }

  private static List<Op> initialValues(Step<?> step) {
    List<Op> assignments = new ArrayList<>();
    step.handles()
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
              Operand<TFloat32> value = step.tf.constant(shape, DataBuffers.of(values));
              assignments.add(step.tf.assignVariableOp(handle, value));
            });
    return assignments;
  }

  private static Signature signature(Step<?> step, Operand<TFloat32> result) {
    Signature.Builder signature = Signature.builder("operation");
    List<Operand<?>> inputs = new ArrayList<>(step.feeds.keySet());
    inputs.addAll(step.handles().values());
    for (int i = 0; i < inputs.size(); i++) {
      signature.input("input" + i, inputs.get(i));
    }
    return signature.output("result", result).build();
  }

  private static List<Output<?>> arguments(Step<?> step) {
    return Stream.concat(step.feeds.keySet().stream(), step.handles().values().stream())
        .map(Operand::asOutput)
        .collect(Collectors.toList());
  }

  private static float[] run(
      Session session, Step<?> step, List<Op> initial, Operand<TFloat32> result) {
    Session.Runner reset = session.runner();
    initial.forEach(reset::addTarget);
    reset.run().close();
    Session.Runner runner = session.runner();
    step.feeds.forEach(runner::feed);
    try (Result values = runner.fetch(result).run()) {
      TFloat32 tensor = (TFloat32) values.get(0);
      float[] floats = new float[(int) tensor.size()];
      tensor.asRawTensor().data().asFloats().read(floats);
      return floats;
    }
  }

  private static void assertSame(float[] actual, float[] expected, double tolerance) {
    assertThat(actual).hasSameSizeAs(expected);
    double largest =
        IntStream.range(0, expected.length).mapToDouble(i -> Math.abs(expected[i])).max().orElse(0);
    double worst =
        IntStream.range(0, expected.length)
            .mapToDouble(i -> Math.abs(actual[i] - expected[i]))
            .max()
            .orElse(0);
    assertThat(worst / largest).isCloseTo(0, within(tolerance));
  }

  @Test
  void everyOperationIsTried() {
    Set<String> methods = new TreeSet<>();
    for (Class<?> type : List.of(NetworkOps.class, GradientOps.class, UpdateOps.class)) {
      for (Method method : type.getDeclaredMethods()) {
        if (Modifier.isPublic(method.getModifiers()) && !method.isSynthetic()) {
          methods.add(type.getSimpleName() + "." + method.getName());
        }
      }
    }
    assertThat(methods).containsAll(NO_OPERATIONS);
    methods.removeAll(NO_OPERATIONS);
    assertThat(CASES.keySet()).isEqualTo(methods);
  }
}
