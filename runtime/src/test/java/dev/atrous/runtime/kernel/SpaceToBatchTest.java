package dev.atrous.runtime.kernel;

import static dev.atrous.runtime.RandomValues.constant;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.atrous.runtime.op.ConvolutionKernel;
import dev.atrous.runtime.op.PaddingMode;
import dev.atrous.runtime.op.TensorFlowKernel;
import dev.atrous.runtime.op.Window;
import dev.atrous.runtime.tensorflow.Device;
import dev.atrous.runtime.tensorflow.NativeLibrary;
import dev.atrous.runtime.tensorflow.Race;
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
import org.tensorflow.op.Ops;
import org.tensorflow.types.TBfloat16;
import org.tensorflow.types.TFloat32;

/** Atrous convolutions as dense ones of smaller maps against those that are proven. */
class SpaceToBatchTest {
  private static final Shape FILTER = Shape.of(3, 3, 6, 5);

  @BeforeAll
  static void load() {
    NativeLibrary.load();
  }

  /** Sizes that are multiples of the rate and others, rates beyond the map. */
  @ParameterizedTest
  @CsvSource({"1, 9, 7, 1", "2, 9, 7, 2", "2, 8, 6, 2", "3, 5, 12, 4", "2, 4, 9, 6", "1, 3, 2, 36"})
  void computesConvolutionsAndTheirDerivatives(int images, int height, int width, int rate) {
    Shape map = Shape.of(images, height, width, 6);
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      Operand<TFloat32> x = constant(tf, map, 1);
      Operand<TFloat32> weights = constant(tf, FILTER, 2);
      Operand<TFloat32> dy = constant(tf, map.take(3).append(5), 3);
      Window window = new Window(1, rate, PaddingMode.SYMMETRIC);
      // Without oneDNN, TensorFlow has no derivatives of atrous convolutions on a CPU.
      ConvolutionKernel expected = new WinogradKernel(new Winograd(tf), new TensorFlowKernel());
      ConvolutionKernel found = new SpaceToBatchKernel(new TensorFlowKernel());
      try (Session session = new Session(graph)) {
        for (var pair :
            List.of(
                List.of(
                    expected.convolve(tf, x, weights, window),
                    found.convolve(tf, x, weights, window)),
                List.of(
                    expected.inputGradient(tf, weights, dy, x, window),
                    found.inputGradient(tf, weights, dy, x, window)),
                List.of(
                    expected.filterGradient(tf, x, dy, weights, window),
                    found.filterGradient(tf, x, dy, weights, window)))) {
          requireSame(session, pair.get(0), pair.get(1));
        }
      }
    }
  }

  private static void requireSame(
      Session session, Operand<TFloat32> expected, Operand<TFloat32> found) {
    try (Result result = session.runner().fetch(expected).fetch(found).run()) {
      FloatNdArray wanted = (TFloat32) result.get(0);
      FloatNdArray got = (TFloat32) result.get(1);
      assertThat(got.shape()).isEqualTo(wanted.shape());
      wanted
          .scalars()
          .forEachIndexed(
              (at, value) ->
                  assertThat(got.getFloat(at)).isCloseTo(value.getFloat(), within(1e-4f)));
    }
  }

  /** What decides on a GPU can be computed: here, by XLA on the processor. */
  @Test
  void theRaceUnderXlaIsRun() {
    assertThat(SpaceToBatchKernel.isFaster(Device.CPU, TBfloat16.class, 0, 9, 8)).isTrue();
    assertThat(SpaceToBatchKernel.isFaster(Device.CPU, TFloat32.class, 0, 9, 8)).isTrue();
    assertThat(
            Race.underXla(Device.CPU)
                .isWonBy(
                    "less",
                    1.5,
                    tf -> List.of(tf.ones(tf.constant(new int[] {1 << 24}), TFloat32.class)),
                    (tf, inputs) -> tf.sum(tf.math.sin(floats(inputs.get(0))), tf.constant(0)),
                    (tf, inputs) ->
                        tf.sum(
                            tf.slice(
                                floats(inputs.get(0)),
                                tf.constant(new int[] {0}),
                                tf.constant(new int[] {1})),
                            tf.constant(0))))
        .isTrue();
  }

  @SuppressWarnings("unchecked")
  private static Operand<TFloat32> floats(Operand<?> input) {
    return (Operand<TFloat32>) input;
  }
}
