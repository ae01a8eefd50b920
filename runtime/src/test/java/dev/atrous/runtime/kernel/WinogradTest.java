package dev.atrous.runtime.kernel;

import static dev.atrous.runtime.RandomValues.constant;
import static dev.atrous.runtime.RandomValues.random;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.atrous.runtime.op.GradientOps;
import dev.atrous.runtime.op.NetworkOps;
import dev.atrous.runtime.op.PaddingMode;
import dev.atrous.runtime.op.Scopes;
import dev.atrous.runtime.op.TensorFlowKernel;
import dev.atrous.runtime.op.Variables;
import dev.atrous.runtime.op.Window;
import java.util.Iterator;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tensorflow.Graph;
import org.tensorflow.GraphOperation;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.FloatNdArray;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TBool;
import org.tensorflow.types.TFloat32;

/** Winograd's filtering against TensorFlow's convolutions. */
class WinogradTest {
  private static final double TOLERANCE = 1e-5;
  private static final String ONEDNN_PRODUCT = "_MklBatchMatMulV2";

  /** Maps of less than a tile, of whole tiles and of parts, with rates up to beyond the map. */
  @ParameterizedTest
  @CsvSource({
    "1,4,4,1",
    "2,5,7,1",
    "1,1,1,1",
    "1,3,2,4",
    "3,8,16,2",
    "2,9,10,2",
    "1,13,6,3",
    "1,17,18,4",
    "2,5,11,12"
  })
  void computesConvolutionsAndTheirDerivatives(int images, int height, int width, int rate) {
    compare(Shape.of(images, height, width, 5), 7, rate);
  }

  @Test
  void computesManyChannelsInParts() {
    compare(Shape.of(1, 6, 5, 520), 300, 1);
    compare(Shape.of(1, 6, 5, 300), 520, 2);
  }

  private static void compare(Shape map, int outputs, int rate) {
    compare(map, outputs, rate, false);
    if (OneDnn.has(ONEDNN_PRODUCT)) {
      compare(map, outputs, rate, true);
    }
  }

  private static void compare(Shape map, int outputs, int rate, boolean oneDnn) {
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      Shape filter = Shape.of(3, 3, map.get(3), outputs);
      Operand<TFloat32> x = constant(tf, map, 1);
      Operand<TFloat32> weights = constant(tf, filter, 2);
      Operand<TFloat32> dy = constant(tf, map.take(3).append(outputs), 3);
      NetworkOps<TFloat32> nn = new NetworkOps<>(tf, new Variables(tf, List.of()), TFloat32.class);
      GradientOps gradient = new GradientOps(new Scopes(tf), new TensorFlowKernel());
      Winograd winograd = new Winograd(tf, oneDnn);
      try (Session session = new Session(graph)) {
        requireSame(
            session, winograd.convolve(tf, x, weights, rate, x), nn.conv2d(x, weights, 1, rate));
        requireSame(
            session,
            winograd.inputGradient(tf, dy, weights, rate),
            gradient.conv2dInput(weights, dy, x, 1, rate));
        requireSame(
            session,
            winograd.filterGradient(tf, x, dy, rate),
            gradient.conv2dFilter(x, dy, weights, 1, rate));
      }
    }
  }

  private static void requireSame(
      Session session, Operand<TFloat32> actual, Operand<TFloat32> expected) {
    assertThat(actual.shape()).isEqualTo(expected.shape());
    try (Result result = session.runner().fetch(actual).fetch(expected).run()) {
      requireSame((TFloat32) result.get(0), (TFloat32) result.get(1));
    }
  }

  private static void requireSame(TFloat32 actual, TFloat32 expected) {
    assertThat(actual.shape()).isEqualTo(expected.shape());
    assertThat(difference(actual, expected)).isCloseTo(0, within(TOLERANCE));
  }

  /** Its root mean square, beside that of the values. */
  private static double difference(TFloat32 actual, TFloat32 expected) {
    double squares = 0;
    double differences = 0;
    Iterator<FloatNdArray> found = actual.scalars().iterator();
    for (FloatNdArray value : expected.scalars()) {
      float wanted = value.getFloat();
      double difference = found.next().getFloat() - wanted;
      squares += (double) wanted * wanted;
      differences += difference * difference;
    }
    assertThat(squares).isPositive();
    return Math.sqrt(differences / squares);
  }

  @Test
  void takesMapsOfAnySizeInOneGraph() {
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      Placeholder<TFloat32> x =
          tf.placeholder(TFloat32.class, Placeholder.shape(Shape.of(-1, -1, -1, 4)));
      Operand<TFloat32> weights = constant(tf, Shape.of(3, 3, 4, 6), 2);
      Operand<TFloat32> found = new Winograd(tf).convolve(tf, x, weights, 2, x);
      Operand<TFloat32> wanted =
          new NetworkOps<>(tf, new Variables(tf, List.of()), TFloat32.class)
              .conv2d(x, weights, 1, 2);
      try (Session session = new Session(graph)) {
        for (Shape size : List.of(Shape.of(1, 9, 12, 4), Shape.of(3, 4, 5, 4))) {
          try (TFloat32 map = TFloat32.tensorOf(size, DataBuffers.of(random(size, 4)));
              Result result = session.runner().feed(x, map).fetch(found).fetch(wanted).run()) {
            requireSame((TFloat32) result.get(0), (TFloat32) result.get(1));
          }
        }
      }
    }
  }

  @Test
  void isChosenForTheSameSizesWhetherTheyAreKnownOrNot() {
    int faster = 0;
    int slower = 0;
    for (int rate : new int[] {1, 2, 4, 12}) {
      try (Graph graph = new Graph()) {
        Ops tf = Ops.create(graph);
        Placeholder<TFloat32> x =
            tf.placeholder(TFloat32.class, Placeholder.shape(Shape.of(-1, -1, -1, 1)));
        Operand<TBool> isFaster = new Winograd(tf).isFaster(x, rate);
        try (Session session = new Session(graph)) {
          for (int side = 9; side < 60; side += 5) {
            Shape size = Shape.of(2, side, side + 3, 1);
            boolean known =
                new Winograd(tf, true)
                    .convolves(
                        size, Shape.of(3, 3, 256, 256), new Window(1, rate, PaddingMode.SYMMETRIC));
            try (TFloat32 map = TFloat32.tensorOf(size);
                Result result = session.runner().feed(x, map).fetch(isFaster).run()) {
              assertThat(((TBool) result.get(0)).getBoolean())
                  .as(size + " " + rate)
                  .isEqualTo(known);
            }
            faster += known ? 1 : 0;
            slower += known ? 0 : 1;
          }
        }
      }
    }
    assertThat(faster).isGreaterThan(5);
    assertThat(slower).isGreaterThan(5);
  }

  /** Not so: other kernels, strides, few channels, small maps, rates that waste most of a tile. */
  @ParameterizedTest
  @CsvSource({
    "3,256,256,33,1,1,true",
    "3,512,512,33,1,4,true",
    "3,1024,256,33,1,1,true",
    "3,2048,256,33,1,1,false",
    "1,512,512,33,1,1,false",
    "3,256,256,33,2,1,false",
    "3,256,128,33,1,1,false",
    "3,512,512,9,1,1,false",
    "3,512,512,33,1,36,false"
  })
  void isChosenWhereItIsFaster(
      int kernel, int inputs, int outputs, int side, int stride, int rate, boolean expected) {
    assumeTrue(OneDnn.has(ONEDNN_PRODUCT), "there is no oneDNN here");
    Shape map = Shape.of(2, side, side, inputs);
    Shape filter = Shape.of(kernel, kernel, inputs, outputs);
    assertThat(direct(map, filter, stride, rate, true)).isEqualTo(expected ? 0 : 3);
  }

  /** TensorFlow has no kernels of its own for derivatives of atrous convolutions on a CPU. */
  @ParameterizedTest
  @CsvSource({"3,5,1,2,1", "3,300,1,2,1", "3,300,1,1,3", "3,5,2,2,3", "1,5,1,2,3"})
  void derivesAtrousConvolutionsWithoutOneDnn(
      int kernel, int channels, int stride, int rate, int expected) {
    Shape map = Shape.of(2, 33, 33, channels);
    Shape filter = Shape.of(kernel, kernel, channels, channels);
    assertThat(direct(map, filter, stride, rate, false)).isEqualTo(expected);
  }

  /** How many of a convolution and its derivatives are TensorFlow's. */
  private static int direct(Shape map, Shape filter, int stride, int rate, boolean oneDnn) {
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      Placeholder<TFloat32> x = tf.placeholder(TFloat32.class, Placeholder.shape(map));
      Placeholder<TFloat32> weights = tf.placeholder(TFloat32.class, Placeholder.shape(filter));
      Scopes scopes = new Scopes(tf);
      WinogradKernel kernel = new WinogradKernel(new Winograd(tf, oneDnn), new TensorFlowKernel());
      NetworkOps<TFloat32> nn =
          new NetworkOps<>(
              scopes, new Variables(tf, List.of()), tf.constant(0L), kernel, TFloat32.class);
      GradientOps gradient = new GradientOps(scopes, kernel);
      Operand<TFloat32> y = nn.conv2d(x, weights, stride, rate);
      gradient.conv2dInput(weights, y, x, stride, rate);
      gradient.conv2dFilter(x, y, weights, stride, rate);
      int direct = count(graph, "Conv2D");
      int products = count(graph, oneDnn ? ONEDNN_PRODUCT : "BatchMatMulV2");
      assertThat(products > 0).isEqualTo(direct < 3);
      return direct;
    }
  }

  private static int count(Graph graph, String kind) {
    int count = 0;
    Iterator<GraphOperation> operations = graph.operations();
    while (operations.hasNext()) {
      count += operations.next().type().startsWith(kind) ? 1 : 0;
    }
    return count;
  }
}
