package dev.atrous.runtime.predict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.jupiter.api.Named.named;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.atrous.runtime.checkpoint.Checkpoint;
import dev.atrous.runtime.kernel.OneDnnKernel;
import dev.atrous.runtime.op.Convolution;
import dev.atrous.runtime.op.NetworkOps;
import dev.atrous.runtime.op.PaddingMode;
import dev.atrous.runtime.op.Parameter;
import dev.atrous.runtime.op.Scopes;
import dev.atrous.runtime.op.Variables;
import dev.atrous.runtime.tensorflow.Device;
import dev.atrous.runtime.tensorflow.Precision;
import dev.atrous.runtime.train.InitialCheckpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;

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
    assumeTrue(
        OneDnnKernel.isAvailable(Precision.FLOAT32), "TensorFlow's library has no oneDNN here");
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
  private static Stream<Arguments> examples() {
    return Stream.of(
        example("pointwise", nn -> nn.convolution("conv1/weights", 1, 1).batchNorm("bn", EPSILON)),
        example("with bias", nn -> nn.convolution("conv1/weights", 1, 1).bias("bias")),
        example(
            "pointwise strided",
            nn -> nn.convolution("conv1/weights", 2, 1).batchNorm("bn", EPSILON)),
        example(
            "atrous", nn -> nn.convolution("conv3/weights", 1, 3).batchNorm("bn", EPSILON).relu()),
        example(
            "beyond the map",
            nn -> nn.convolution("conv3/weights", 1, 36).batchNorm("bn", EPSILON).relu()),
        example(
            "strided", nn -> nn.convolution("conv3/weights", 2, 1).batchNorm("bn", EPSILON).relu()),
        example(
            "strided atrous",
            nn -> nn.convolution("conv3/weights", 2, 2).batchNorm("bn", EPSILON).relu()),
        example(
            "strided same",
            nn -> nn.convolution("conv3/weights", 2, 1, PaddingMode.SAME).batchNorm("bn", EPSILON)),
        example(
            "stem", nn -> nn.convolution("conv7/weights", 2, 1).batchNorm("bn", EPSILON).relu()));
  }

  private static Arguments example(String name, Function<NetworkOps, Convolution> convolution) {
    return arguments(named(name, convolution));
  }

  @ParameterizedTest
  @MethodSource("examples")
  void computesWhatTheOperationsCompute(Function<NetworkOps, Convolution> example) {
    compare((nn, x) -> example.apply(nn).apply(x), Precision.FLOAT32, 2e-6);
  }

  @ParameterizedTest
  @MethodSource("examples")
  void computesItInBfloat16(Function<NetworkOps, Convolution> example) {
    compare((nn, x) -> example.apply(nn).apply(x), Precision.BFLOAT16, 0.02);
  }

  @ParameterizedTest
  @EnumSource
  void addsTheShortcut(Precision precision) {
    compare(OneDnnKernelTest::residual, precision, precision == Precision.FLOAT32 ? 2e-6 : 0.02);
  }

  /** A unit whose input is used twice and whose output is used by what is no convolution. */
  private static Operand<TFloat32> residual(NetworkOps nn, Operand<TFloat32> x) {
    Operand<TFloat32> first =
        nn.convolution("conv1/weights", 1, 1).batchNorm("bn", EPSILON).relu().apply(x);
    Operand<TFloat32> second =
        nn.convolution("conv3/weights", 1, 2).batchNorm("bn", EPSILON).add(x).relu().apply(first);
    return nn.concat(List.of(nn.add(second, first), x));
  }

  /** Of so many channels that the two larger maps go through Winograd's filtering. */
  @ParameterizedTest
  @EnumSource
  void choosesTheFasterWayForEachSize(Precision precision) {
    compare(
        (nn, x) -> {
          Operand<TFloat32> wide =
              nn.convolution("wide/weights", 1, 1).batchNorm("bnWide", EPSILON).relu().apply(x);
          return nn.convolution("conv/weights", 1, 2)
              .batchNorm("bnWide", EPSILON)
              .add(wide)
              .relu()
              .apply(wide);
        },
        precision,
        precision == Precision.FLOAT32 ? 2e-5 : 0.02);
  }

  private interface Network {
    Operand<TFloat32> apply(NetworkOps nn, Operand<TFloat32> x);
  }

  @Test
  void saysWhetherTheProcessorCan() {
    assertThat(OneDnnKernel.isAvailable(Precision.BFLOAT16)).isEqualTo(hasAvx512());
  }

  /** What TensorFlow asks for. */
  private static boolean hasAvx512() {
    try {
      return Files.readString(Path.of("/proc/cpuinfo")).contains(" avx512f ");
    } catch (IOException e) {
      return Assumptions.abort("no /proc/cpuinfo here: " + e.getMessage());
    }
  }

  /** At several sizes and batches with one graph: what oneDNN keeps of the weights fits all. */
  private static void compare(Network network, Precision precision, double tolerance) {
    assumeTrue(OneDnnKernel.isAvailable(precision), precision + " does not run here");
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      FrozenParameters parameters = new FrozenParameters(tf, PARAMETERS);
      Placeholder<TFloat32> x =
          tf.placeholder(TFloat32.class, Placeholder.shape(Shape.of(-1, -1, -1, CHANNELS)));
      OneDnnKernel kernel = new OneDnnKernel(tf, parameters, precision);
      Operand<TFloat32> fused =
          network.apply(new NetworkOps(new Scopes(tf), parameters, kernel), x);
      Operand<TFloat32> plain = network.apply(new NetworkOps(tf, parameters), x);
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
      NetworkOps nn = new NetworkOps(tf, new Variables(tf, PARAMETERS));
      Operand<TFloat32> x = tf.zeros(tf.constant(new int[] {1, 1, 1, CHANNELS}), TFloat32.class);
      assertThatThrownBy(() -> nn.convolution("conv1/weights", 1, 1).apply(x))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("conv1/weights");
      assertThatThrownBy(
              () -> nn.convolution("conv1/weights", 1, 1).bias("bias").batchNorm("bn", 1).apply(x))
          .isInstanceOf(IllegalStateException.class);
    }
  }
}
