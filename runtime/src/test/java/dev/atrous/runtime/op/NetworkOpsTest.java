package dev.atrous.runtime.op;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atrous.runtime.tensorflow.NativeLibrary;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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
      NetworkOps nn = new NetworkOps(tf, new Variables(tf, List.of()));
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
}
