package dev.atrous.runtime.predict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.atrous.runtime.checkpoint.Checkpoint;
import dev.atrous.runtime.kernel.Kernels;
import dev.atrous.runtime.op.Convolution;
import dev.atrous.runtime.op.ConvolutionKernel;
import dev.atrous.runtime.op.NetworkOps;
import dev.atrous.runtime.op.Numbers;
import dev.atrous.runtime.op.PaddingMode;
import dev.atrous.runtime.op.Parameter;
import dev.atrous.runtime.op.Scopes;
import dev.atrous.runtime.op.Variables;
import dev.atrous.runtime.tensorflow.Device;
import dev.atrous.runtime.tensorflow.NativeLibrary;
import dev.atrous.runtime.train.InitialCheckpoint;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TBfloat16;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.family.TFloating;

/** Fused convolutions against the same as single operations. */
class OneDnnKernelTest {
  private static final int CHANNELS = 24;
  private static final float EPSILON = 1e-3f;
  private static final List<Parameter> PARAMETERS = parameters();

  @SuppressWarnings("NullAway.Init") // set before the tests
  private static Checkpoint checkpoint;

  private static List<Parameter> parameters() {
    List<Parameter> all = new ArrayList<>();
    for (int kernel : new int[] {1, 3, 7}) {
      all.add(Parameter.weights("conv" + kernel + "/weights", kernel, kernel, CHANNELS, CHANNELS));
    }
    all.add(Parameter.weights("wide/weights", 1, 1, CHANNELS, 256));
    all.add(Parameter.weights("conv/weights", 3, 3, 256, 256));
    all.addAll(Parameter.batchNorm("bnWide", 256));
    all.addAll(Parameter.batchNorm("bn", CHANNELS));
    all.add(Parameter.bias("bias", CHANNELS));
    return List.copyOf(all);
  }

  @BeforeAll
  static void writeWeights(@TempDir Path directory) {
    NativeLibrary.load();
    Map<String, Shape> shapes =
        PARAMETERS.stream().collect(Collectors.toMap(Parameter::name, Parameter::shape));
    checkpoint =
        Checkpoint.open(
            InitialCheckpoint.write(
                PARAMETERS,
                shapes.keySet(),
                name ->
                    random(
                        name.hashCode(),
                        Objects.requireNonNull(shapes.get(name)),
                        name.endsWith("variance")),
                directory.resolve("run"),
                1));
  }

  /** Normal, or for variances between 0.5 and 1.5. */
  private static float[] random(int seed, Shape shape, boolean positive) {
    Random random = new Random(seed);
    float[] values = new float[(int) shape.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = positive ? 0.5f + random.nextFloat() : (float) random.nextGaussian();
    }
    return values;
  }

  /** What may follow a convolution, and how it looks at its map. */
  private record Example(
      String name, int kernel, int stride, int rate, PaddingMode padding, boolean relu)
      implements Network {
    @Override
    public <T extends TFloating> Operand<T> apply(NetworkOps<?> nn, Operand<T> x) {
      Convolution<T> convolution =
          nn.convolution(x, "conv" + kernel + "/weights", stride, rate, padding)
              .batchNorm("bn", EPSILON);
      return (relu ? convolution.relu() : convolution).build();
    }

    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Example> examples() {
    return Stream.of(
        new Example("pointwise", 1, 1, 1, PaddingMode.SYMMETRIC, false),
        new Example("pointwise strided", 1, 2, 1, PaddingMode.SYMMETRIC, false),
        new Example("atrous", 3, 1, 3, PaddingMode.SYMMETRIC, true),
        new Example("beyond the map", 3, 1, 36, PaddingMode.SYMMETRIC, true),
        new Example("strided", 3, 2, 1, PaddingMode.SYMMETRIC, true),
        new Example("strided atrous", 3, 2, 2, PaddingMode.SYMMETRIC, true),
        new Example("strided same", 3, 2, 1, PaddingMode.SAME, false),
        new Example("stem", 7, 2, 1, PaddingMode.SYMMETRIC, true));
  }

  @ParameterizedTest
  @MethodSource("examples")
  void computesWhatTheOperationsCompute(Example example) {
    compare(example, TFloat32.class, 2e-6);
  }

  @ParameterizedTest
  @MethodSource("examples")
  void computesItInBfloat16(Example example) {
    compare(example, TBfloat16.class, 0.02);
  }

  @ParameterizedTest
  @MethodSource("numbers")
  void addsABias(Class<? extends TFloating> numbers, double tolerance) {
    compare(OneDnnKernelTest::biased, numbers, tolerance);
  }

  private static <T extends TFloating> Operand<T> biased(NetworkOps<?> nn, Operand<T> x) {
    return nn.convolution(x, "conv1/weights", 1, 1).bias("bias").build();
  }

  static Stream<Arguments> numbers() {
    return Stream.of(arguments(TFloat32.class, 2e-6), arguments(TBfloat16.class, 0.02));
  }

  @ParameterizedTest
  @MethodSource("numbers")
  void addsTheShortcut(Class<? extends TFloating> numbers, double tolerance) {
    compare(OneDnnKernelTest::residual, numbers, tolerance);
  }

  /** A unit whose input is used twice and whose output is used by what is no convolution. */
  private static <T extends TFloating> Operand<T> residual(NetworkOps<?> nn, Operand<T> x) {
    Operand<T> first =
        nn.convolution(x, "conv1/weights", 1, 1).batchNorm("bn", EPSILON).relu().build();
    Operand<T> second =
        nn.convolution(first, "conv3/weights", 1, 2).batchNorm("bn", EPSILON).add(x).relu().build();
    return nn.concat(List.of(nn.add(second, first), x));
  }

  /** Of so many channels that the two larger maps go through Winograd's filtering. */
  @ParameterizedTest
  @MethodSource("numbers")
  void choosesTheFasterWayForEachSize(Class<? extends TFloating> numbers, double tolerance) {
    compare(OneDnnKernelTest::wide, numbers, 10 * tolerance);
  }

  private static <T extends TFloating> Operand<T> wide(NetworkOps<?> nn, Operand<T> x) {
    Operand<T> wide =
        nn.convolution(x, "wide/weights", 1, 1).batchNorm("bnWide", EPSILON).relu().build();
    return nn.convolution(wide, "conv/weights", 1, 2)
        .batchNorm("bnWide", EPSILON)
        .add(wide)
        .relu()
        .build();
  }

  private interface Network {
    <T extends TFloating> Operand<T> apply(NetworkOps<?> nn, Operand<T> x);
  }

  /** At several sizes and batches with one graph: what oneDNN keeps of the weights fits all. */
  private static <N extends TFloating> void compare(
      Network network, Class<N> numbers, double tolerance) {
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      FrozenParameters parameters = new FrozenParameters(tf, PARAMETERS);
      Placeholder<TFloat32> x =
          tf.placeholder(TFloat32.class, Placeholder.shape(Shape.of(-1, -1, -1, CHANNELS)));
      ConvolutionKernel kernel = Kernels.inference(tf, parameters, numbers, Device.CPU);
      NetworkOps<N> nn = new NetworkOps<>(new Scopes(tf), parameters, kernel, numbers);
      Operand<TFloat32> fused = nn.widen(network.apply(nn, Numbers.cast(tf, x, numbers)));
      Operand<TFloat32> plain = network.apply(new NetworkOps<>(tf, parameters, TFloat32.class), x);
      try (Session session = new Session(graph, Device.CPU.config(0))) {
        parameters.load(session, checkpoint);
        for (Shape shape :
            List.of(
                Shape.of(1, 17, 20, CHANNELS),
                Shape.of(2, 33, 12, CHANNELS),
                Shape.of(1, 17, 20, CHANNELS),
                Shape.of(3, 1, 4, CHANNELS))) {
          float[] input = random(7, shape, false);
          try (TFloat32 image = TFloat32.tensorOf(shape, DataBuffers.of(input));
              Result result = session.runner().feed(x, image).fetch(fused).fetch(plain).run()) {
            assertClose((TFloat32) result.get(0), (TFloat32) result.get(1), tolerance);
          }
        }
      }
    }
  }

  /** Relative to the largest value. */
  private static void assertClose(TFloat32 actual, TFloat32 expected, double tolerance) {
    assertThat(actual.shape()).isEqualTo(expected.shape());
    float[] values = floats(actual);
    float[] wanted = floats(expected);
    double largest = 0;
    double worst = 0;
    for (int i = 0; i < wanted.length; i++) {
      largest = Math.max(largest, Math.abs(wanted[i]));
      worst = Math.max(worst, Math.abs(wanted[i] - values[i]));
    }
    assertThat(largest).isPositive();
    assertThat(worst / largest).isCloseTo(0, within(tolerance));
  }

  private static float[] floats(TFloat32 tensor) {
    float[] values = new float[(int) tensor.size()];
    tensor.asRawTensor().data().asFloats().read(values);
    return values;
  }

  @Test
  void needsBiasOrNormalization() {
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      NetworkOps<TFloat32> nn = new NetworkOps<>(tf, new Variables(tf, PARAMETERS), TFloat32.class);
      Operand<TFloat32> x = tf.zeros(tf.constant(new int[] {1, 1, 1, CHANNELS}), TFloat32.class);
      assertThatThrownBy(() -> nn.convolution(x, "conv1/weights", 1, 1).build())
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("conv1/weights");
      assertThatThrownBy(
              () ->
                  nn.convolution(x, "conv1/weights", 1, 1).bias("bias").batchNorm("bn", 1).build())
          .isInstanceOf(IllegalStateException.class);
    }
  }
}
