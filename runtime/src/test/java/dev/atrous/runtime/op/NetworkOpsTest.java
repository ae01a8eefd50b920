package dev.atrous.runtime.op;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.atrous.runtime.tensorflow.NativeLibrary;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;

/** Forward operations on maps whose size is known, as in training, and unknown, as in inference. */
class NetworkOpsTest {
  static {
    NativeLibrary.load();
  }

  @ParameterizedTest
  @CsvSource({"7,7", "6,8", "5,6", "1,2"})
  void poolsMapsOfUnknownSizeAlike(int height, int width) {
    Shape shape = Shape.of(1, height, width, 1);
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      NetworkOps<TFloat32> nn = new NetworkOps<>(tf, new Variables(tf, List.of()), TFloat32.class);
      Operand<TFloat32> known = nn.maxPool(tf.constant(shape, DataBuffers.of(map(shape))), 3, 2);
      Placeholder<TFloat32> x =
          tf.placeholder(TFloat32.class, Placeholder.shape(Shape.of(-1, -1, -1, 1)));
      Operand<TFloat32> unknown = nn.maxPool(x, 3, 2);
      try (Session session = new Session(graph);
          TFloat32 map = TFloat32.tensorOf(shape, DataBuffers.of(map(shape)));
          Result result = session.runner().feed(x, map).fetch(known).fetch(unknown).run()) {
        assertThat((TFloat32) result.get(1)).isEqualTo(result.get(0));
      }
    }
  }

  /** Negative values, so that a zero of the padding would win; the largest one comes first. */
  private static float[] map(Shape shape) {
    float[] values = new float[(int) shape.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = -1 - i;
    }
    return values;
  }

  @ParameterizedTest
  @ValueSource(floats = {0.1f, 0.5f, 0.75f})
  void dropoutDropsItsShareInEachStepAnew(float share) {
    Shape shape = Shape.of(2, 50, 50, 20);
    float[] first = dropout(shape, share, 3, "dropout");
    assertThat(dropout(shape, share, 3, "dropout")).isEqualTo(first);
    float kept = 1 / (1 - share);
    for (float factor : first) {
      assertThat(factor == 0 || factor == kept).isTrue();
    }
    float[] nextStep = dropout(shape, share, 4, "dropout");
    float[] otherName = dropout(shape, share, 3, "dropout2");
    for (float[] other : List.of(nextStep, otherName)) {
      assertThat(zeros(other)).isCloseTo(share, within(0.006)); // four standard deviations
      int both = 0;
      for (int i = 0; i < first.length; i++) {
        both += first[i] == 0 && other[i] == 0 ? 1 : 0;
      }
      assertThat((double) both / first.length).isCloseTo(share * share, within(0.006));
    }
    assertThat(zeros(first)).isCloseTo(share, within(0.006));
  }

  private static double zeros(float[] factors) {
    int zeros = 0;
    for (float factor : factors) {
      zeros += factor == 0 ? 1 : 0;
    }
    return (double) zeros / factors.length;
  }

  /** The factors that a dropout draws. */
  private static float[] dropout(Shape shape, float share, long step, String name) {
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      NetworkOps<TFloat32> nn =
          new NetworkOps<>(
              new Scopes(tf),
              new Variables(tf, List.of()),
              tf.constant(step),
              new TensorFlowKernel(),
              TFloat32.class);
      Operand<TFloat32> ones = tf.ones(tf.constant(shape.asArray()), TFloat32.class);
      NetworkOps.Dropout<TFloat32> dropout = nn.dropout(ones, share, name);
      try (Session session = new Session(graph);
          Result result = session.runner().fetch(dropout.y()).fetch(dropout.factors()).run()) {
        assertThat((TFloat32) result.get(0)).isEqualTo(result.get(1));
        float[] factors = new float[(int) shape.size()];
        ((TFloat32) result.get(1)).asRawTensor().data().asFloats().read(factors);
        return factors;
      }
    }
  }
}
