package dev.atrous.runtime.op;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.atrous.runtime.tensorflow.Device;
import dev.atrous.runtime.tensorflow.NativeLibrary;
import dev.atrous.runtime.tensorflow.Xla;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tensorflow.ConcreteFunction;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.Signature;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;

/** Bilinear interpolation against the definition in double precision, with and without XLA. */
class InterpolationTest {

  @ParameterizedTest
  @CsvSource({"9,17", "33,65", "5,13", "9,33", "17,65", "9,65", "8,20", "1,7", "13,5"})
  void isExact(int from, int to) {
    NativeLibrary.load();
    Xla.load(Device.CPU);
    int columns = to + 3;
    float[] map = new float[from * (from + 1)];
    Random random = new Random(1);
    for (int i = 0; i < map.length; i++) {
      map[i] = random.nextFloat();
    }
    for (boolean alignCorners : new boolean[] {true, false}) {
      double[] expected = reference(map, from, from + 1, to, columns, alignCorners);
      for (Way way : Way.values()) {
        float[] actual = run(map, from, to, columns, alignCorners, way);
        assertThat(actual).hasSize(expected.length);
        for (int i = 0; i < expected.length; i++) {
          assertThat((double) actual[i])
              .as("%d to %d, align corners %s, %s, pixel %d", from, to, alignCorners, way, i)
              .isCloseTo(expected[i], within(1e-5));
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void isExactBetweenPixels(boolean alignCorners) {
    NativeLibrary.load();
    float[] map = {1, 5, 2, 8, 3, 13, 21, 4, 34, 6, 55, 7}; // 3 x 4
    float[] rows = {-3, -0.25f, 0, 0.7f, 4.5f, 6, 6.4f, 99};
    float[] columns = {7.9f, 3.2f, 0, 12};
    Shape shape = Shape.of(1, 3, 4, 1);
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      Operand<TFloat32> y =
          new NetworkOps<>(tf, new Variables(tf, List.of()), TFloat32.class)
              .interpolate(
                  tf.constant(shape, DataBuffers.of(map)),
                  tf.zeros(tf.constant(new int[] {1, 7, 10}), TFloat32.class),
                  tf.constant(rows),
                  tf.constant(columns),
                  alignCorners);
      try (Session session = new Session(graph);
          Result result = session.runner().fetch(y).run()) {
        TFloat32 output = (TFloat32) result.get(0);
        assertThat(output.shape()).isEqualTo(Shape.of(1, rows.length, columns.length, 1));
        for (int i = 0; i < rows.length; i++) {
          for (int j = 0; j < columns.length; j++) {
            double expected =
                at(
                    map,
                    3,
                    4,
                    position(rows[i], 3, 7, alignCorners),
                    position(columns[j], 4, 10, alignCorners));
            assertThat((double) output.getFloat(0, i, j, 0)).isCloseTo(expected, within(1e-5));
          }
        }
      }
    }
  }

  private enum Way {
    KNOWN_SIZES,
    UNKNOWN_SIZES,
    XLA
  }

  private static double[] reference(
      float[] map, int h, int w, int rows, int columns, boolean alignCorners) {
    double[] result = new double[rows * columns];
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < columns; column++) {
        double y = position(row, h, rows, alignCorners);
        double x = position(column, w, columns, alignCorners);
        result[row * columns + column] = at(map, h, w, y, x);
      }
    }
    return result;
  }

  private static double at(float[] map, int h, int w, double y, double x) {
    int top = (int) Math.floor(y);
    int left = (int) Math.floor(x);
    int bottom = Math.min(top + 1, h - 1);
    int right = Math.min(left + 1, w - 1);
    double above = map[top * w + left] * (1 - x + left) + map[top * w + right] * (x - left);
    double below = map[bottom * w + left] * (1 - x + left) + map[bottom * w + right] * (x - left);
    return above * (1 - y + top) + below * (y - top);
  }

  private static double position(double index, int inputs, int outputs, boolean alignCorners) {
    double position =
        alignCorners
            ? index * (inputs - 1.0) / (outputs - 1.0)
            : (index + 0.5) * inputs / outputs - 0.5;
    return Math.max(0, Math.min(position, inputs - 1.0));
  }

  private static float[] run(
      float[] map, int from, int rows, int columns, boolean alignCorners, Way way) {
    Shape shape = Shape.of(1, from, from + 1, 1);
    Shape target = Shape.of(1, rows, columns, 1);
    boolean known = way != Way.UNKNOWN_SIZES;
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      Shape unknown = Shape.of(-1, -1, -1, 1);
      Placeholder<TFloat32> x =
          tf.placeholder(TFloat32.class, Placeholder.shape(known ? shape : unknown));
      Placeholder<TFloat32> like =
          tf.placeholder(TFloat32.class, Placeholder.shape(known ? target : unknown));
      Operand<TFloat32> y =
          new NetworkOps<>(tf, new Variables(tf, List.of()), TFloat32.class)
              .interpolate(x, like, alignCorners);
      try (Session session = new Session(graph);
          TFloat32 image = TFloat32.tensorOf(shape, DataBuffers.of(map.clone()));
          TFloat32 size = TFloat32.tensorOf(target);
          Result result =
              session
                  .runner()
                  .feed(x, image)
                  .feed(like, size)
                  .fetch(way == Way.XLA ? compiled(graph, x, like, y) : y.asOutput())
                  .run()) {
        TFloat32 output = (TFloat32) result.get(0);
        assertThat(output.shape()).isEqualTo(target);
        float[] values = new float[(int) output.size()];
        output.asRawTensor().data().asFloats().read(values);
        return values;
      }
    }
  }

  private static Output<TFloat32> compiled(
      Graph graph, Operand<TFloat32> x, Operand<TFloat32> like, Operand<TFloat32> y) {
    Signature signature =
        Signature.builder("interpolate").input("x", x).input("like", like).output("y", y).build();
    try (ConcreteFunction function = ConcreteFunction.create(signature, graph)) {
      return Xla.call(Ops.create(graph), function, List.of(x.asOutput(), like.asOutput()));
    }
  }
}
