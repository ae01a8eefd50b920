package dev.atrous.runtime.op;

import static dev.atrous.runtime.RandomValues.constant;
import static dev.atrous.runtime.RandomValues.random;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;
import static org.assertj.core.api.Assertions.within;

import dev.atrous.runtime.tensorflow.NativeLibrary;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
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

/**
 * Every derivative against finite differences: for {@code L = sum(f(x) * dy)} with fixed random
 * {@code dy}, the derivative by each {@code x[i]} is {@code (L(x + h) - L(x - h)) / 2h}.
 */
class GradientOpsTest {
  private static final float STEP = 1e-2f;

  static {
    NativeLibrary.load();
  }

  /** A function of one tensor and its derivative, given {@code dy}. */
  private interface Case {
    Operand<TFloat32> forward(NetworkOps<TFloat32> nn, Operand<TFloat32> x);

    Operand<TFloat32> backward(
        NetworkOps<TFloat32> nn, GradientOps grad, Operand<TFloat32> x, Operand<TFloat32> dy);
  }

  /** Checks a case; {@code distinct} values are far enough apart for a maximum not to change. */
  private static void check(Shape shape, boolean distinct, Function<Ops, Case> definition) {
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      Case function = definition.apply(tf);
      NetworkOps<TFloat32> nn = new NetworkOps<>(tf, new Variables(tf, List.of()), TFloat32.class);
      Placeholder<TFloat32> x = tf.placeholder(TFloat32.class, Placeholder.shape(shape));
      Operand<TFloat32> y = function.forward(nn, x);
      Operand<TFloat32> dy = constant(tf, y.shape(), 7);
      Operand<TFloat32> dx =
          function.backward(nn, new GradientOps(new Scopes(tf), new TensorFlowKernel()), x, dy);
      assertThat(dx.shape()).isEqualTo(shape);
      float[] values = distinct ? distinct(shape) : random(shape, 3);
      try (Session session = new Session(graph)) {
        float[] analytic = run(session, x, shape, values, dx);
        float[] weights = run(session, x, shape, values, dy);
        for (int i = 0; i < values.length; i++) {
          float value = values[i];
          values[i] = value + STEP;
          double above = dot(run(session, x, shape, values, y), weights);
          values[i] = value - STEP;
          double below = dot(run(session, x, shape, values, y), weights);
          values[i] = value;
          double numeric = (above - below) / (2 * STEP);
          assertThat((double) analytic[i])
              .as("derivative %d of %s", i, shape)
              .isCloseTo(numeric, within(3e-3));
        }
      }
    }
  }

  private static float[] run(
      Session session, Operand<TFloat32> x, Shape shape, float[] values, Operand<TFloat32> fetch) {
    try (TFloat32 tensor = TFloat32.tensorOf(shape, DataBuffers.of(values.clone()));
        Result result = session.runner().feed(x, tensor).fetch(fetch).run()) {
      TFloat32 output = (TFloat32) result.get(0);
      float[] read = new float[(int) output.size()];
      output.asRawTensor().data().asFloats().read(read);
      return read;
    }
  }

  private static double dot(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += (double) a[i] * b[i];
    }
    return sum;
  }

  /** A permutation of multiples of 0.1, none of them zero. */
  private static float[] distinct(Shape shape) {
    float[] values = new float[(int) shape.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (i * 7919 % values.length - values.length / 2) * 0.1f + 0.05f;
    }
    return values;
  }

  @ParameterizedTest
  @CsvSource({
    "3,1,1,5,5",
    "3,2,1,7,7",
    "3,2,1,6,8",
    "3,1,2,5,4",
    "3,1,6,4,3",
    "3,2,2,6,5",
    "3,2,3,9,6",
    "3,2,4,5,9",
    "3,2,6,4,5",
    "1,2,1,6,7",
    "7,2,1,9,8",
    "1,1,1,3,2"
  })
  void conv2d(int kernel, int stride, int rate, int height, int width) {
    Shape map = Shape.of(2, height, width, 2);
    Shape filter = Shape.of(kernel, kernel, 2, 3);
    check(
        map,
        false,
        tf ->
            new Case() {
              private final Operand<TFloat32> weights = constant(tf, filter, 5);

              @Override
              public Operand<TFloat32> forward(NetworkOps<TFloat32> nn, Operand<TFloat32> x) {
                Operand<TFloat32> y = nn.conv2d(x, weights, stride, rate);
                assertThat(y.shape())
                    .isEqualTo(Shape.of(2, (height - 1) / stride + 1, (width - 1) / stride + 1, 3));
                return y;
              }

              @Override
              public Operand<TFloat32> backward(
                  NetworkOps<TFloat32> nn,
                  GradientOps grad,
                  Operand<TFloat32> x,
                  Operand<TFloat32> dy) {
                return grad.conv2dInput(weights, dy, x, stride, rate);
              }
            });
    check(
        filter,
        false,
        tf ->
            new Case() {
              private final Operand<TFloat32> image = constant(tf, map, 5);

              @Override
              public Operand<TFloat32> forward(NetworkOps<TFloat32> nn, Operand<TFloat32> weights) {
                return nn.conv2d(image, weights, stride, rate);
              }

              @Override
              public Operand<TFloat32> backward(
                  NetworkOps<TFloat32> nn,
                  GradientOps grad,
                  Operand<TFloat32> w,
                  Operand<TFloat32> dy) {
                return grad.conv2dFilter(image, dy, w, stride, rate);
              }
            });
  }

  /** Taps that meet the map at all pixels, at some, in one direction alone, and at none. */
  @ParameterizedTest
  @CsvSource({
    "3,1,5,4", "3,2,6,5", "3,4,5,7", "3,6,4,9", "3,6,9,4", "3,9,5,4", "5,2,7,6", "1,1,3,4"
  })
  void conv2dFilterByTaps(int kernel, int rate, int height, int width) {
    Shape map = Shape.of(2, height, width, 2);
    Shape filter = Shape.of(kernel, kernel, 2, 3);
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      GradientOps grad = new GradientOps(new Scopes(tf), new TensorFlowKernel());
      Placeholder<TFloat32> x = tf.placeholder(TFloat32.class, Placeholder.shape(map));
      Operand<TFloat32> dy = constant(tf, Shape.of(2, height, width, 3), 7);
      Operand<TFloat32> like = constant(tf, filter, 5);
      Operand<TFloat32> whole = grad.conv2dFilter(x, dy, like, 1, rate);
      Operand<TFloat32> byTaps = grad.conv2dFilterByTaps(x, dy, like, rate);
      assertThat(byTaps.shape()).isEqualTo(filter);
      try (Session session = new Session(graph)) {
        float[] expected = run(session, x, map, random(map, 3), whole);
        float[] found = run(session, x, map, random(map, 3), byTaps);
        assertThat(found).containsExactly(expected, offset(1e-4f));
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"7,7", "6,8", "5,6"})
  void maxPool(int height, int width) {
    check(
        Shape.of(1, height, width, 2),
        true,
        tf ->
            new Case() {
              @Override
              public Operand<TFloat32> forward(NetworkOps<TFloat32> nn, Operand<TFloat32> x) {
                Operand<TFloat32> y = nn.maxPool(x, 3, 2);
                assertThat(y.shape()).isEqualTo(Shape.of(1, (height + 1) / 2, (width + 1) / 2, 2));
                return y;
              }

              @Override
              public Operand<TFloat32> backward(
                  NetworkOps<TFloat32> nn,
                  GradientOps grad,
                  Operand<TFloat32> x,
                  Operand<TFloat32> dy) {
                return grad.maxPool(x, nn.maxPool(x, 3, 2), dy, 3, 2);
              }
            });
  }

  @ParameterizedTest
  @CsvSource({
    "5,4,9,13,true",
    "5,4,9,13,false",
    "4,3,8,10,true",
    "4,3,8,10,false",
    "1,1,5,4,true",
    "1,1,5,4,false"
  })
  void interpolate(int height, int width, int rows, int columns, boolean alignCorners) {
    check(
        Shape.of(2, height, width, 2),
        false,
        tf ->
            new Case() {
              @Override
              public Operand<TFloat32> forward(NetworkOps<TFloat32> nn, Operand<TFloat32> x) {
                Operand<TFloat32> like = tf.constant(new float[2][rows][columns]);
                return nn.interpolate(x, like, alignCorners);
              }

              @Override
              public Operand<TFloat32> backward(
                  NetworkOps<TFloat32> nn,
                  GradientOps grad,
                  Operand<TFloat32> x,
                  Operand<TFloat32> dy) {
                return grad.interpolate(dy, x, alignCorners);
              }
            });
  }

  @Test
  void batchNormByItsMap() {
    check(Shape.of(2, 3, 4, 2), false, tf -> batchNorm(tf, 0));
  }

  @Test
  void batchNormByItsScale() {
    check(Shape.of(2), false, tf -> batchNorm(tf, 1));
  }

  @Test
  void batchNormByItsShift() {
    check(Shape.of(2), false, tf -> batchNorm(tf, 2));
  }

  /** Batch normalisation as a function of its map (0), scale (1) or shift (2). */
  private static Case batchNorm(Ops tf, int argument) {
    Operand<TFloat32> map = constant(tf, Shape.of(2, 3, 4, 2), 11);
    Operand<TFloat32> scale = tf.constant(new float[] {1.5f, -0.7f});
    Operand<TFloat32> shift = tf.constant(new float[] {0.2f, 0.4f});
    return new Case() {
      private BatchNorm<TFloat32> norm(NetworkOps<TFloat32> nn, Operand<TFloat32> x) {
        return nn.batchNormTraining(
            argument == 0 ? x : map, argument == 1 ? x : scale, argument == 2 ? x : shift, 1e-3f);
      }

      @Override
      public Operand<TFloat32> forward(NetworkOps<TFloat32> nn, Operand<TFloat32> x) {
        return norm(nn, x).y();
      }

      @Override
      public Operand<TFloat32> backward(
          NetworkOps<TFloat32> nn, GradientOps grad, Operand<TFloat32> x, Operand<TFloat32> dy) {
        BatchNorm.Gradient<TFloat32> gradient = grad.batchNorm(dy, norm(nn, x));
        return List.of(gradient.x(), gradient.gamma(), gradient.beta()).get(argument);
      }
    };
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2})
  void frozenBatchNorm(int argument) {
    Shape map = Shape.of(2, 3, 4, 2);
    check(argument == 0 ? map : Shape.of(2), false, tf -> frozenBatchNorm(tf, map, argument));
  }

  /** Frozen batch normalisation as a function of its map (0), scale (1) or shift (2). */
  private static Case frozenBatchNorm(Ops tf, Shape map, int argument) {
    List<Operand<TFloat32>> inputs =
        List.of(
            constant(tf, map, 11),
            tf.constant(new float[] {1.5f, -0.7f}),
            tf.constant(new float[] {0.2f, 0.4f}),
            tf.constant(new float[] {0.3f, -0.1f}),
            tf.constant(new float[] {0.5f, 2f}));
    return new Case() {
      private Operand<TFloat32> input(int i, Operand<TFloat32> x) {
        return i == argument ? x : inputs.get(i);
      }

      @Override
      public Operand<TFloat32> forward(NetworkOps<TFloat32> nn, Operand<TFloat32> x) {
        return new FrozenBatchNorm(input(1, x), inputs.get(3), inputs.get(4), 1e-3f)
            .of(tf, input(0, x), input(2, x));
      }

      @Override
      public Operand<TFloat32> backward(
          NetworkOps<TFloat32> nn, GradientOps grad, Operand<TFloat32> x, Operand<TFloat32> dy) {
        BatchNorm.Gradient<TFloat32> gradient =
            grad.frozenBatchNorm(dy, input(0, x), input(1, x), inputs.get(3), inputs.get(4), 1e-3f);
        return List.of(gradient.x(), gradient.gamma(), gradient.beta()).get(argument);
      }
    };
  }

  private static Case simple(
      BiFunction<NetworkOps<TFloat32>, Operand<TFloat32>, Operand<TFloat32>> forward,
      Backward backward) {
    return new Case() {
      @Override
      public Operand<TFloat32> forward(NetworkOps<TFloat32> nn, Operand<TFloat32> x) {
        return forward.apply(nn, x);
      }

      @Override
      public Operand<TFloat32> backward(
          NetworkOps<TFloat32> nn, GradientOps grad, Operand<TFloat32> x, Operand<TFloat32> dy) {
        return backward.apply(grad, x, dy);
      }
    };
  }

  private interface Backward {
    Operand<TFloat32> apply(GradientOps grad, Operand<TFloat32> x, Operand<TFloat32> dy);
  }

  @Test
  void elementsAndSizes() {
    Shape map = Shape.of(2, 5, 4, 3);
    check(map, true, tf -> simple((nn, x) -> nn.relu(x), (g, x, dy) -> g.relu(dy, x)));
    check(
        map,
        false,
        tf -> simple((nn, x) -> nn.subsample(x, 2), (g, x, dy) -> g.subsample(dy, x, 2)));
    check(
        map,
        false,
        tf -> simple((nn, x) -> nn.slice(x, 3, 1, 2), (g, x, dy) -> g.slice(dy, x, 3, 1, 2)));
    check(
        map,
        false,
        tf -> simple((nn, x) -> nn.globalAveragePool(x), (g, x, dy) -> g.globalAveragePool(dy, x)));
    check(
        Shape.of(2, 1, 1, 3),
        false,
        tf ->
            simple(
                (nn, x) -> nn.broadcast(x, tf.constant(new float[2][5][4][3])),
                (g, x, dy) -> g.sumPerImage(dy)));
    check(
        Shape.of(3),
        false,
        tf -> simple((nn, x) -> nn.addBias(constant(tf, map, 1), x), (g, x, dy) -> g.bias(dy)));
  }

  @Test
  void crossEntropyLeavesIgnoredPixelsOut() {
    Shape shape = Shape.of(1, 2, 3, 4);
    float[] values = random(shape, 3);
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      NetworkOps<TFloat32> nn = new NetworkOps<>(tf, new Variables(tf, List.of()), TFloat32.class);
      Placeholder<TFloat32> logits = tf.placeholder(TFloat32.class, Placeholder.shape(shape));
      LossWithGradient entropy =
          nn.softmaxCrossEntropy(logits, tf.constant(new byte[][][] {{{0, 3, -1}, {1, -1, 2}}}));
      LossWithGradient none =
          nn.softmaxCrossEntropy(
              logits, tf.constant(new byte[][][] {{{-1, -1, -1}, {-1, -1, -1}}}));
      try (Session session = new Session(graph)) {
        float[] gradient = run(session, logits, shape, values, entropy.logitsGradient());
        for (int i = 0; i < values.length; i++) {
          float value = values[i];
          values[i] = value + STEP;
          double above = run(session, logits, shape, values, entropy.value())[0];
          values[i] = value - STEP;
          double below = run(session, logits, shape, values, entropy.value())[0];
          values[i] = value;
          assertThat((double) gradient[i]).isCloseTo((above - below) / (2 * STEP), within(1e-4));
        }
        assertThat(gradient[8]).isZero();
        assertThat(run(session, logits, shape, values, none.value())[0]).isZero();
        for (float ignored : run(session, logits, shape, values, none.logitsGradient())) {
          assertThat(ignored).isZero();
        }
      }
    }
  }
}
