package dev.atrous.runtime.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.atrous.runtime.op.Parameter;
import dev.atrous.runtime.op.Parameter.Initializer;
import dev.atrous.runtime.op.Variables;
import dev.atrous.runtime.tensorflow.Device;
import dev.atrous.runtime.tensorflow.NativeLibrary;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.tensorflow.Graph;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/** The distributions of initial values, by their moments and by what lies outside of them. */
final class InitialValuesTest {
  private static final int SIZE = 3 * 3 * 64 * 128;

  /** Of a sample's moments, relative to the value: more than four of its own deviations. */
  private static final double SAMPLING = 0.02;

  @BeforeAll
  static void load() {
    NativeLibrary.load();
  }

  private static float[] draw(Parameter parameter) {
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      Variables variables = new Variables(tf, List.of(parameter));
      List<Op> assignments =
          new InitialValues(tf, 5).assignments(List.of(parameter), variables.handles(), Map.of());
      try (Session session = new Session(graph, Device.CPU.config(1))) {
        Session.Runner runner = session.runner();
        assignments.forEach(runner::addTarget);
        runner.run().close();
        try (Result result = session.runner().fetch(variables.read(parameter.name())).run()) {
          float[] values = new float[(int) parameter.shape().size()];
          ((TFloat32) result.get(0)).copyTo(DataBuffers.of(values));
          return values;
        }
      }
    }
  }

  private static float[] weights(Initializer initializer) {
    return draw(Parameter.weights("conv/weights", 3, 3, 64, 128, initializer));
  }

  private static double moment(float[] values, int power) {
    double sum = 0;
    for (float value : values) {
      sum += Math.pow(value, power);
    }
    return sum / values.length;
  }

  /** Share of the values that are nearer to 0 than a bound. */
  private static double shareWithin(float[] values, double bound) {
    int count = 0;
    for (float value : values) {
      count += Math.abs(value) < bound ? 1 : 0;
    }
    return (double) count / values.length;
  }

  private static void hasMoments(float[] values, double variance, double kurtosis) {
    assertThat(values).hasSize(SIZE);
    double deviation = Math.sqrt(variance);
    assertThat(moment(values, 1) / deviation).isCloseTo(0, within(SAMPLING));
    assertThat(moment(values, 2) / variance).isCloseTo(1, within(SAMPLING));
    double fourth = moment(values, 4) / (variance * variance);
    assertThat(fourth / kurtosis).isCloseTo(1, within(0.05));
  }

  @Test
  void weightsAreNormalWithTwoOverTheirFanIn() {
    float[] values = draw(Parameter.weights("conv/weights", 3, 3, 64, 128));
    hasMoments(values, 2.0 / (9 * 64), 3);
    assertThat(shareWithin(values, Math.sqrt(2.0 / (9 * 64)))).isCloseTo(0.6827, within(0.01));
    assertThat(values).isEqualTo(weights(Initializer.heNormal(9 * 64)));
  }

  @Test
  void normalWithTwoOverAFan() {
    float[] values = weights(Initializer.heNormal(9 * 128));
    hasMoments(values, 2.0 / (9 * 128), 3);
    assertThat(shareWithin(values, Math.sqrt(2.0 / (9 * 128)))).isCloseTo(0.6827, within(0.01));
  }

  @Test
  void uniformUpToTheRootOfOneOverAFan() {
    double bound = 1 / Math.sqrt(9 * 64);
    float[] values = weights(Initializer.uniform(9 * 64));
    hasMoments(values, 1.0 / (3 * 9 * 64), 1.8);
    assertThat(shareWithin(values, bound * 1.000001)).isEqualTo(1);
    assertThat(shareWithin(values, bound / 2)).isCloseTo(0.5, within(0.01));
    assertThat(shareWithin(values, 0.99 * bound)).isCloseTo(0.99, within(0.002));
  }

  @Test
  void uniformBiases() {
    float[] values = draw(Parameter.bias("conv/bias", 4096, Initializer.uniform(256)));
    assertThat(shareWithin(values, 1 / 16.0 + 1e-6)).isEqualTo(1);
    assertThat(moment(values, 2) * 3 * 256).isCloseTo(1, within(0.05));
    assertThat(draw(Parameter.bias("conv/bias", 8))).containsOnly(0);
  }

  /** Cut at two deviations, what is left has 0.7737 of the variance and a kurtosis of 2.37. */
  @Test
  void classScoresAreCutAtTwoDeviations() {
    float[] values = draw(Parameter.classifier("conv/weights", 3, 3, 64, 128));
    hasMoments(values, 0.7737 * 1e-4, 2.37);
    assertThat(shareWithin(values, 0.02001)).isEqualTo(1);
  }

  @Test
  void batchNormalisationStartsAsTheIdentity() {
    List<float[]> vectors =
        Parameter.batchNorm("bn", 4).stream().map(InitialValuesTest::draw).toList();
    assertThat(vectors.stream().map(Arrays::toString))
        .containsExactly(
            "[1.0, 1.0, 1.0, 1.0]",
            "[0.0, 0.0, 0.0, 0.0]",
            "[0.0, 0.0, 0.0, 0.0]",
            "[1.0, 1.0, 1.0, 1.0]");
  }
}
