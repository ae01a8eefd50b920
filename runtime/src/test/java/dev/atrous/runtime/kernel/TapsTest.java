package dev.atrous.runtime.kernel;

import static dev.atrous.runtime.RandomValues.constant;
import static dev.atrous.runtime.RandomValues.random;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.atrous.runtime.op.ConvolutionKernel;
import dev.atrous.runtime.op.NetworkOps;
import dev.atrous.runtime.op.Numbers;
import dev.atrous.runtime.op.PaddingMode;
import dev.atrous.runtime.op.ParameterValues;
import dev.atrous.runtime.op.Scopes;
import dev.atrous.runtime.op.TensorFlowKernel;
import dev.atrous.runtime.op.Window;
import dev.atrous.runtime.tensorflow.NativeLibrary;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.FloatNdArray;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TBfloat16;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.family.TType;

/** Convolutions tap by tap against TensorFlow's. */
class TapsTest {
  private static final Shape FILTER = Shape.of(3, 3, 6, 5);

  @BeforeAll
  static void load() {
    NativeLibrary.load();
  }

  /** Rates from 1 to beyond the map, along either axis. */
  @ParameterizedTest
  @CsvSource({"1, 9, 7, 1", "2, 9, 7, 2", "3, 5, 12, 4", "2, 4, 9, 6", "1, 3, 2, 36", "2, 1, 1, 1"})
  void computeConvolutionsAndTheirDerivatives(int images, int height, int width, int rate) {
    Shape map = Shape.of(images, height, width, 6);
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      Operand<TFloat32> x = constant(tf, map, 1);
      Operand<TFloat32> weights = constant(tf, FILTER, 2);
      Operand<TFloat32> dy = constant(tf, map.take(3).append(5), 3);
      Taps taps = new Taps(tf, x, rate);
      // Without oneDNN, TensorFlow has no derivatives of atrous convolutions on a CPU.
      ConvolutionKernel direct = new WinogradKernel(new Winograd(tf), new TensorFlowKernel());
      Window window = new Window(1, rate, PaddingMode.SYMMETRIC);
      List<Operand<TFloat32>> found =
          List.of(
              taps.convolve(x, weights),
              taps.inputGradient(dy, weights),
              taps.filterGradient(x, dy, FILTER));
      List<Operand<TFloat32>> expected =
          List.of(
              direct.convolve(tf, x, weights, window),
              direct.inputGradient(tf, weights, dy, x, window),
              direct.filterGradient(tf, x, dy, weights, window));
      requireSame(graph, found, expected, 1e-5);
    }
  }

  @Test
  void takeMapsOfBfloat16() {
    Shape map = Shape.of(2, 9, 8, 6);
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      Operand<TBfloat16> x = Numbers.cast(tf, constant(tf, map, 1), TBfloat16.class);
      Operand<TFloat32> weights = constant(tf, FILTER, 2);
      Operand<TBfloat16> dy =
          Numbers.cast(tf, constant(tf, map.take(3).append(5), 3), TBfloat16.class);
      ConvolutionKernel taps = new TapsKernel(new TensorFlowKernel());
      ConvolutionKernel wide = new WideningKernel();
      Window window = new Window(1, 4, PaddingMode.SYMMETRIC);
      List<Operand<TFloat32>> found = computed(tf, taps, x, weights, dy, window);
      requireSame(graph, found, computed(tf, wide, x, weights, dy, window), 1e-2);
    }
  }

  /** With normalisation, sum and ReLU behind them. */
  @Test
  void areOneWayOfPredictors() {
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      RandomParameters parameters = new RandomParameters(tf);
      Operand<TBfloat16> x =
          Numbers.cast(tf, constant(tf, Shape.of(2, 9, 8, 6), 1), TBfloat16.class);
      List<Operand<TFloat32>> both = new ArrayList<>();
      for (boolean byTaps : new boolean[] {true, false}) {
        ConvolutionKernel kernel =
            byTaps ? new OneDnnKernel(tf, parameters, TBfloat16.class, true) : new WideningKernel();
        NetworkOps<TBfloat16> nn =
            new NetworkOps<>(new Scopes(tf), parameters, kernel, TBfloat16.class);
        both.add(
            nn.widen(
                nn.convolution(x, "conv/weights", 1, 3)
                    .batchNorm("bn", 1e-3f)
                    .add(x)
                    .relu()
                    .build()));
      }
      requireSame(graph, List.of(both.get(0)), List.of(both.get(1)), 2e-2);
      assertThat(graph.operation("MatMul")).isNotNull();
    }
  }

  /** Those of a convolution of 6 to 6 channels. */
  private record RandomParameters(Ops ops) implements FixedParameters, ParameterValues {
    @Override
    public Operand<TFloat32> read(String name) {
      return restored(name);
    }

    @Override
    public Operand<TFloat32> restored(String name) {
      Operand<TFloat32> value = constant(ops, shape(name), name.hashCode());
      return name.endsWith("variance") ? ops.math.exp(value) : value;
    }

    @Override
    public Shape shape(String name) {
      return name.endsWith("weights") ? Shape.of(3, 3, 6, 6) : Shape.of(6);
    }

    @Override
    public <T extends TType> Operand<T> keep(
        String name, Shape shape, Operand<T> value, Class<T> type) {
      return value;
    }
  }

  private static List<Operand<TFloat32>> computed(
      Ops tf,
      ConvolutionKernel kernel,
      Operand<TBfloat16> x,
      Operand<TFloat32> weights,
      Operand<TBfloat16> dy,
      Window window) {
    return List.of(
        Numbers.cast(tf, kernel.convolve(tf, x, weights, window), TFloat32.class),
        Numbers.cast(tf, kernel.inputGradient(tf, weights, dy, x, window), TFloat32.class),
        kernel.filterGradient(tf, x, dy, weights, window));
  }

  @Test
  void takeMapsOfAnySize() {
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      Placeholder<TFloat32> x =
          tf.placeholder(TFloat32.class, Placeholder.shape(Shape.of(-1, -1, -1, 6)));
      Operand<TFloat32> weights = constant(tf, FILTER, 2);
      Operand<TFloat32> found = new Taps(tf, x, 3).convolve(x, weights);
      Operand<TFloat32> expected =
          new TensorFlowKernel().convolve(tf, x, weights, new Window(1, 3, PaddingMode.SYMMETRIC));
      try (Session session = new Session(graph)) {
        for (Shape size : List.of(Shape.of(1, 9, 12, 6), Shape.of(3, 2, 5, 6))) {
          try (TFloat32 map = TFloat32.tensorOf(size, DataBuffers.of(random(size, 4)));
              Result result = session.runner().feed(x, map).fetch(found).fetch(expected).run()) {
            requireSame((TFloat32) result.get(0), (TFloat32) result.get(1), 1e-5);
          }
        }
      }
    }
  }

  private static void requireSame(
      Graph graph,
      List<Operand<TFloat32>> found,
      List<Operand<TFloat32>> expected,
      double tolerance) {
    try (Session session = new Session(graph)) {
      for (int i = 0; i < found.size(); i++) {
        try (Result result = session.runner().fetch(found.get(i)).fetch(expected.get(i)).run()) {
          requireSame((TFloat32) result.get(0), (TFloat32) result.get(1), tolerance);
        }
      }
    }
  }

  /** Relative to the largest value. */
  private static void requireSame(TFloat32 actual, TFloat32 expected, double tolerance) {
    assertThat(actual.shape()).isEqualTo(expected.shape());
    double largest = 0;
    double worst = 0;
    Iterator<FloatNdArray> found = actual.scalars().iterator();
    for (FloatNdArray value : expected.scalars()) {
      float wanted = value.getFloat();
      largest = Math.max(largest, Math.abs(wanted));
      worst = Math.max(worst, Math.abs(found.next().getFloat() - wanted));
    }
    assertThat(largest).isPositive();
    assertThat(worst / largest).isCloseTo(0, within(tolerance));
  }

  @ParameterizedTest
  @CsvSource({"1, 2, true", "1, 1, false", "2, 2, false"})
  void areForAtrousConvolutionsOfOtherNumbers(int stride, int rate, boolean expected) {
    Window window = new Window(stride, rate, PaddingMode.SYMMETRIC);
    assertThat(TapsKernel.suits(TBfloat16.class, FILTER, window)).isEqualTo(expected);
    assertThat(TapsKernel.suits(TFloat32.class, FILTER, window)).isFalse();
  }
}
