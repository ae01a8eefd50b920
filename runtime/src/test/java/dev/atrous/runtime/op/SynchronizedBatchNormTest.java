package dev.atrous.runtime.op;

import static dev.atrous.runtime.RandomValues.random;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.atrous.runtime.tensorflow.Device;
import dev.atrous.runtime.tensorflow.NativeLibrary;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
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

/** Workers with a part of a batch each against one that has all of it. */
class SynchronizedBatchNormTest {
  private static final float EPSILON = 1e-3f;
  private static final Shape MAP = Shape.of(6, 3, 4, 2);

  /** Image pooling leaves a value for each image: one alone if a worker has one crop. */
  private static final Shape POOLED = Shape.of(6, 1, 1, 2);

  static {
    NativeLibrary.load();
  }

  /** What a normalisation gives: its map and the derivative by that one, ... */
  private static final List<String> MAPS = List.of("y", "dx");

  /** ... derivatives that add up over the workers, ... */
  private static final List<String> SUMS = List.of("dGamma", "dBeta");

  /** ... and what is the same on all of them. */
  private static final List<String> STATISTICS = List.of("mean", "variance");

  /** A graph of normalisations, of the whole batch by one worker or of parts of it by several. */
  private static final class Batch implements AutoCloseable {
    private final Shape shape;
    private final Graph graph = new Graph();
    private final Ops tf = Ops.create(graph);
    private final Placeholder<TFloat32> x;
    private final Placeholder<TFloat32> dy;
    private final List<Operand<TFloat32>> fetches = new ArrayList<>();
    private final int workers;
    private final Session session;

    <M extends TFloating> Batch(Shape shape, Class<M> maps, int workers) {
      this.shape = shape;
      this.workers = workers;
      x = tf.placeholder(TFloat32.class, Placeholder.shape(shape));
      dy = tf.placeholder(TFloat32.class, Placeholder.shape(shape));
      WorkersOfOneProcess all = new WorkersOfOneProcess(workers);
      for (int rank = 0; rank < workers; rank++) {
        normalize(all.ops(tf, rank), rank, maps, all.sums());
      }
      session = new Session(graph, all.config(Device.CPU.config(1)));
    }

    private <M extends TFloating> void normalize(
        Ops ops, int rank, Class<M> maps, WorkerSums sums) {
      Scopes scopes = new Scopes(ops);
      NetworkOps<M> nn =
          new NetworkOps<>(scopes, new Variables(ops, List.of()), new TensorFlowKernel(), maps)
              .withWorkers(sums);
      BatchNorm<M> norm =
          nn.synchronizedBatchNorm(
              part(ops, x, rank, maps),
              ops.constant(new float[] {1.5f, -0.7f}),
              ops.constant(new float[] {0.2f, 0.4f}),
              EPSILON);
      BatchNorm.Gradient<M> gradient =
          new GradientOps(scopes, new TensorFlowKernel())
              .batchNorm(part(ops, dy, rank, maps), norm);
      fetches.add(Numbers.cast(ops, norm.y(), TFloat32.class));
      fetches.add(Numbers.cast(ops, gradient.x(), TFloat32.class));
      fetches.addAll(List.of(gradient.gamma(), gradient.beta(), norm.mean(), norm.variance()));
    }

    private <M extends TFloating> Operand<M> part(
        Ops ops, Operand<TFloat32> whole, int rank, Class<M> maps) {
      int[] size = Sizes.of(shape);
      size[0] /= workers;
      int[] begin = {rank * size[0], 0, 0, 0};
      return Numbers.cast(ops, ops.slice(whole, ops.constant(begin), ops.constant(size)), maps);
    }

    float[] output(String name, float[] map, float[] derivative) {
      return Objects.requireNonNull(run(map, derivative).get(name));
    }

    /** Each output by its name; maps are those of the workers one below the other. */
    Map<String, float[]> run(float[] map, float[] derivative) {
      List<float[]> values = new ArrayList<>();
      try (TFloat32 fed = TFloat32.tensorOf(shape, DataBuffers.of(map.clone()));
          TFloat32 fedDerivative = TFloat32.tensorOf(shape, DataBuffers.of(derivative.clone()))) {
        Session.Runner runner = session.runner().feed(x, fed).feed(dy, fedDerivative);
        fetches.forEach(runner::fetch);
        try (Result result = runner.run()) {
          result.forEach(entry -> values.add(floats((TFloat32) entry.getValue())));
        }
      }
      Map<String, float[]> outputs = new LinkedHashMap<>();
      for (String name : Stream.of(MAPS, SUMS, STATISTICS).flatMap(List::stream).toList()) {
        int place = outputs.size();
        List<float[]> ofWorkers =
            IntStream.range(0, workers).mapToObj(rank -> values.get(6 * rank + place)).toList();
        outputs.put(name, MAPS.contains(name) ? joined(ofWorkers) : ofWorkers.get(0).clone());
        for (float[] other : ofWorkers.subList(1, workers)) {
          if (SUMS.contains(name)) {
            add(other, outputs.get(name));
          } else if (STATISTICS.contains(name)) {
            assertThat(other).as(name).isEqualTo(outputs.get(name));
          }
        }
      }
      return outputs;
    }

    @Override
    public void close() {
      session.close();
      graph.close();
    }
  }

  private static float[] floats(TFloat32 tensor) {
    float[] values = new float[(int) tensor.size()];
    tensor.asRawTensor().data().asFloats().read(values);
    return values;
  }

  private static float[] joined(List<float[]> parts) {
    float[] all = new float[parts.stream().mapToInt(part -> part.length).sum()];
    int end = 0;
    for (float[] part : parts) {
      System.arraycopy(part, 0, all, end, part.length);
      end += part.length;
    }
    return all;
  }

  private static void add(float[] values, float[] sums) {
    for (int i = 0; i < sums.length; i++) {
      sums[i] += values[i];
    }
  }

  static Stream<Arguments> batches() {
    return Stream.of(2, 3, 6)
        .flatMap(
            workers ->
                Stream.of(MAP, POOLED)
                    .flatMap(
                        shape ->
                            Stream.of(
                                Arguments.of(workers, shape, TFloat32.class, 1e-5f),
                                Arguments.of(workers, shape, TBfloat16.class, 1e-2f))));
  }

  @ParameterizedTest
  @MethodSource("batches")
  void severalWorkersComputeWhatOneDoesWithAllCrops(
      int workers, Shape shape, Class<? extends TFloating> maps, float tolerance) {
    try (Batch one = new Batch(shape, maps, 1);
        Batch several = new Batch(shape, maps, workers)) {
      float[] x = random(shape, 3);
      float[] dy = random(shape, 5);
      assertSame(several.run(x, dy), one.run(x, dy), tolerance);
    }
  }

  /** The mean of squares less the square of the mean would leave nothing of their deviation. */
  @ParameterizedTest
  @ValueSource(ints = {2, 3})
  void similarValuesKeepTheirVariance(int workers) {
    float[] x = random(POOLED, 3);
    for (int i = 0; i < x.length; i++) {
      x[i] = 200 + x[i] / 128;
    }
    try (Batch one = new Batch(POOLED, TFloat32.class, 1);
        Batch several = new Batch(POOLED, TFloat32.class, workers)) {
      float[] dy = random(POOLED, 5);
      // A mean is one of the floats there, which are 1.5e-5 apart: a two thousandth of a deviation.
      assertSame(several.run(x, dy), one.run(x, dy), 2e-3f);
    }
  }

  /** {@code L} is the sum of the workers' losses: each map reaches those of the others, too. */
  @Test
  void theDerivativeIsThatOfTheLossesOfAllWorkers() {
    float step = 1e-2f;
    Shape shape = Shape.of(4, 2, 3, 2);
    float[] x = random(shape, 3);
    float[] dy = random(shape, 5);
    try (Batch several = new Batch(shape, TFloat32.class, 2)) {
      float[] analytic = several.output("dx", x, dy);
      for (int i = 0; i < x.length; i++) {
        float value = x[i];
        x[i] = value + step;
        double above = dot(several.output("y", x, dy), dy);
        x[i] = value - step;
        double below = dot(several.output("y", x, dy), dy);
        x[i] = value;
        assertThat((double) analytic[i])
            .as("derivative %d", i)
            .isCloseTo((above - below) / (2 * step), within(3e-3));
      }
    }
  }

  private static double dot(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += (double) a[i] * b[i];
    }
    return sum;
  }

  @Test
  void severalWorkersCantBePartOfAnXlaProgram() {
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      NetworkOps<TFloat32> nn =
          new NetworkOps<>(tf, new Variables(tf, List.of()), TFloat32.class)
              .withWorkers(new WorkersOfOneProcess(2).sums())
              .forXla();
      Operand<TFloat32> two = tf.constant(new float[] {1, 1});
      Operand<TFloat32> map = tf.constant(MAP, DataBuffers.of(random(MAP, 3)));
      assertThatThrownBy(() -> nn.synchronizedBatchNorm(map, two, two, EPSILON))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("XLA");
    }
  }

  private static void assertSame(
      Map<String, float[]> actual, Map<String, float[]> expected, float tolerance) {
    expected.forEach(
        (name, values) -> {
          float largest = 0;
          for (float value : values) {
            largest = Math.max(largest, Math.abs(value));
          }
          assertThat(actual.get(name))
              .as(name)
              .containsExactly(values, within(tolerance * largest));
        });
  }
}
