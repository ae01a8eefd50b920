package dev.atrous.runtime.op;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.atrous.runtime.tensorflow.NativeLibrary;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
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
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TUint8;

/** Losses and their derivatives, against PyTorch's automatic ones in float64. */
final class LossesTest {
  private static final float[] LOGITS = {
    0.5f, -1, 2, 3, 0.25f, -2, 0, 0, 0, -1.5f, 1, 0.75f, 8, -8, 0, 1, 2, 3
  };
  private static final byte[] LABELS = {2, 0, -1, 1, 1, 0};

  /** Without class 1. */
  private static final byte[] FEW_LABELS = {2, 0, -1, 2, 0, 0};

  private static final float[] WEIGHTS = {0.5f, 4, 1};

  /** A loss of logits and labels. */
  private interface Computation
      extends BiFunction<Operand<TFloat32>, Operand<TUint8>, LossWithGradient> {}

  private interface Kind {
    Computation of(NetworkOps<TFloat32> nn);
  }

  /** Value and gradient. */
  private record Computed(double value, List<Double> gradient) {}

  @BeforeAll
  static void load() {
    NativeLibrary.load();
  }

  private static Kind entropy(float... weights) {
    return nn -> (logits, labels) -> nn.softmaxCrossEntropy(logits, labels, weights);
  }

  private static Kind focal(float gamma, float... weights) {
    return nn -> (logits, labels) -> nn.focalLoss(logits, labels, gamma, weights);
  }

  private static Kind dice() {
    return nn -> nn::diceLoss;
  }

  private static Computed compute(Kind kind, float[] logits, byte... labels) {
    return compute(kind, new float[0], logits, labels);
  }

  private static Computed compute(Kind kind, float[] ofRun, float[] logits, byte... labels) {
    Shape pixels = Shape.of(1, 1, labels.length);
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      NetworkOps<TFloat32> nn = new NetworkOps<>(tf, new Variables(tf, List.of()), TFloat32.class);
      Shape shape = pixels.append(logits.length / labels.length);
      Placeholder<TFloat32> x = tf.placeholder(TFloat32.class, Placeholder.shape(shape));
      Placeholder<TUint8> y = tf.placeholder(TUint8.class, Placeholder.shape(pixels));
      NetworkOps<TFloat32> scope = ofRun.length == 0 ? nn : nn.withClassWeights(ofRun).in("loss");
      LossWithGradient loss = kind.of(scope).apply(x, y);
      try (Session session = new Session(graph);
          TFloat32 scores = TFloat32.tensorOf(shape, DataBuffers.of(logits));
          TUint8 bytes = TUint8.tensorOf(pixels, DataBuffers.of(labels));
          Result result =
              session
                  .runner()
                  .feed(x, scores)
                  .feed(y, bytes)
                  .fetch(loss.value())
                  .fetch(loss.logitsGradient())
                  .run()) {
        float[] gradient = new float[logits.length];
        ((TFloat32) result.get(1)).copyTo(DataBuffers.of(gradient));
        List<Double> derivatives = new ArrayList<>();
        for (float derivative : gradient) {
          derivatives.add((double) derivative);
        }
        return new Computed(((TFloat32) result.get(0)).getFloat(), derivatives);
      }
    }
  }

  static Stream<Arguments> references() {
    return Stream.of(
        Arguments.of(
            "cross-entropy",
            entropy(),
            LABELS,
            3.867717217334138,
            new double[] {
              0.0350580784,
              0.00782251465,
              -0.0428805931,
              -0.0132003484,
              0.0119417022,
              0.00125864615,
              0,
              0,
              0,
              0.0088221426,
              -0.0925243011,
              0.0837021585,
              0.199932907,
              -0.199999978,
              6.70700185e-05,
              -0.181993885,
              0.0489456942,
              0.133048191
            }),
        Arguments.of(
            "weighted cross-entropy",
            entropy(WEIGHTS),
            LABELS,
            6.796480711150077,
            new double[] {
              0.0175290392,
              0.00391125733,
              -0.0214402965,
              -0.00330008709,
              0.00298542555,
              0.000314661538,
              0,
              0,
              0,
              0.0176442852,
              -0.185048602,
              0.167404317,
              0.399865815,
              -0.399999955,
              0.000134140037,
              -0.0454984713,
              0.0122364236,
              0.0332620478
            }),
        Arguments.of(
            "focal loss",
            focal(2),
            LABELS,
            3.627648698753552,
            new double[] {
              0.00446145062,
              0.000995484192,
              -0.00545693482,
              -0.00016862954,
              0.000152550804,
              1.60787364e-05,
              0,
              0,
              0,
              0.00461230039,
              -0.048372588,
              0.0437602877,
              0.199933582,
              -0.200000652,
              6.70702449e-05,
              -0.222493153,
              0.0598376249,
              0.162655529
            }),
        Arguments.of(
            "weighted focal loss",
            focal(0.5f, WEIGHTS),
            LABELS,
            6.695984858653932,
            new double[] {
              0.0117049002,
              0.00261171626,
              -0.0143166165,
              -0.00125742063,
              0.00113752625,
              0.000119894384,
              0,
              0,
              0,
              0.0163298104,
              -0.171262737,
              0.154932927,
              0.399866152,
              -0.400000293,
              0.00013414015,
              -0.0485713118,
              0.0130628376,
              0.0355084741
            }),
        Arguments.of(
            "Dice loss",
            dice(),
            LABELS,
            0.5326479612754146,
            new double[] {
              0.0283875237,
              0.00653927277,
              -0.0349267964,
              -0.0101274454,
              0.00904705147,
              0.00108039397,
              0,
              0,
              0,
              0.00489205007,
              -0.0619369722,
              0.0570449221,
              -8.48981654e-06,
              -2.54435448e-08,
              8.51526009e-06,
              -0.0145087734,
              0.000296013773,
              0.0142127596
            }),
        Arguments.of(
            "Dice loss without a class",
            dice(),
            FEW_LABELS,
            0.303367762834758,
            new double[] {
              0.0351333664,
              0.00496002153,
              -0.0400933879,
              -0.00769051168,
              0.0065009182,
              0.00118959347,
              0,
              0,
              0,
              0.00638724176,
              0.0382531407,
              -0.0446403825,
              -6.61426196e-05,
              1.3167304e-08,
              6.61294523e-05,
              -0.0143947107,
              -0.0104683503,
              0.024863061
            }));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("references")
  void areThoseOfPyTorch(String name, Kind kind, byte[] labels, double loss, double[] gradient) {
    Computed computed = compute(kind, LOGITS, labels);
    assertThat(computed.value()).as(name).isCloseTo(loss, within(2e-6 * loss));
    for (int i = 0; i < gradient.length; i++) {
      assertThat(computed.gradient().get(i))
          .as("%s %d", name, i)
          .isCloseTo(gradient[i], within(1e-7));
    }
  }

  static Stream<Kind> kinds() {
    return Stream.of(entropy(), entropy(WEIGHTS), focal(2), focal(0.5f, WEIGHTS), dice());
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void areZeroWithoutALabelledPixel(Kind kind) {
    byte[] ignored = {-1, -1, -1, -1, -1, -1};
    Computed computed = compute(kind, LOGITS, ignored);
    assertThat(computed.value()).isZero();
    assertThat(computed.gradient()).allMatch(derivative -> derivative == 0);
  }

  /** Whether right or wrong, a pixel without doubt gives no number that is not one. */
  @ParameterizedTest
  @MethodSource("kinds")
  void copeWithLargeLogits(Kind kind) {
    float[] logits = {1000, 0, -1000, -1000, 0, 1000, 30, 0, 0, 1e-3f, 0, 0};
    Computed right = compute(kind, logits, (byte) 0, (byte) 2, (byte) 0, (byte) 1);
    Computed wrong = compute(kind, logits, (byte) 2, (byte) 0, (byte) 1, (byte) 1);
    for (Computed computed : List.of(right, wrong)) {
      assertThat(Double.isFinite(computed.value())).isTrue();
      assertThat(computed.gradient()).allMatch(Double::isFinite);
    }
    assertThat(right.value()).isLessThan(wrong.value());
  }

  /** A pixel with a probability of 1 has no gradient; one that has none has the cross-entropy's. */
  @Test
  void theFocalLossIsExactAtItsEnds() {
    float[] logits = {40, 0, 0, 0, -200, 0};
    Computed computed = compute(focal(2), logits, (byte) 0, (byte) 1);
    assertThat(computed.value()).isCloseTo((200 + Math.log(2)) / 2, within(1e-4));
    assertThat(computed.gradient().get(0)).isCloseTo(0, within(1e-30));
    assertThat(computed.gradient().get(3)).isCloseTo(0.25, within(1e-6));
    assertThat(computed.gradient().get(4)).isCloseTo(-0.5, within(1e-6));
  }

  @Test
  void pixelsOfClassesWithoutWeightDoNotCount() {
    float[] weights = {0, 1, 0};
    Computed computed = compute(entropy(weights), LOGITS, FEW_LABELS);
    assertThat(computed.value()).isZero();
    assertThat(computed.gradient()).allMatch(derivative -> derivative == 0);
  }

  @Test
  void weightsOfTheRunTakeThePlaceOfTheSpecs() {
    float[] others = {1, 9, 9};
    for (Kind kind : List.of(entropy(), entropy(others))) {
      assertThat(compute(kind, WEIGHTS, LOGITS, LABELS).value())
          .isEqualTo(compute(entropy(WEIGHTS), LOGITS, LABELS).value());
    }
    assertThat(compute(focal(2, others), WEIGHTS, LOGITS, LABELS).value())
        .isEqualTo(compute(focal(2, WEIGHTS), LOGITS, LABELS).value());
  }
}
