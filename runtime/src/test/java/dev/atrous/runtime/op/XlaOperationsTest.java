package dev.atrous.runtime.op;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.atrous.runtime.tensorflow.Device;
import dev.atrous.runtime.tensorflow.NativeLibrary;
import dev.atrous.runtime.tensorflow.Xla;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.tensorflow.types.TBfloat16;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.family.TFloating;

/** Each operation by itself, compiled by XLA and not, on maps of either numbers. */
class XlaOperationsTest {
  /** Largest difference, relative to the largest value. */
  private static final double TOLERANCE = 1e-4;

  /** Likewise where a result is rounded to 8 bits. */
  private static final double ROUNDED = 1e-2;

  /** Of the public methods those that are no operations of a step. */
  private static final Set<String> NO_OPERATIONS =
      Set.of(
          "NetworkOps.in",
          "NetworkOps.forXla",
          "NetworkOps.withClassWeights",
          "NetworkOps.withPart",
          "NetworkOps.withWorkers",
          "NetworkOps.parameter",
          "NetworkOps.convolution", // inference graphs alone
          "GradientOps.in",
          "UpdateOps.in",
          "UpdateOps.atRate",
          "UpdateOps.accumulators",
          "UpdateOps.clearing",
          "UpdateOps.ofBatch",
          "UpdateOps.ofStep",
          "UpdateOps.slots",
          "UpdateOps.total"); // of one batch, the value itself

  @BeforeAll
  static void load() {
    NativeLibrary.load();
    Xla.load(Device.CPU);
  }

  static Set<String> operations() {
    return OperationCases.all().keySet();
  }

  @ParameterizedTest
  @MethodSource("operations")
  void xlaComputesTheSame(String operation) {
    OperationCases.Case definition = Objects.requireNonNull(OperationCases.all().get(operation));
    float[] expected = compute(definition, TFloat32.class, false);
    assertThat(expected).isNotEmpty();
    assertSame(compute(definition, TFloat32.class, true), expected, TOLERANCE);
  }

  @ParameterizedTest
  @MethodSource("operations")
  void bfloat16IsFloat32Rounded(String operation) {
    OperationCases.Case definition = Objects.requireNonNull(OperationCases.all().get(operation));
    float[] expected = compute(definition, TFloat32.class, false);
    assertSame(compute(definition, TBfloat16.class, false), expected, ROUNDED);
    assertSame(compute(definition, TBfloat16.class, true), expected, ROUNDED);
  }

  /**
   * XLA's own variance of such values is wrong, or negative, so that the results are no numbers.
   */
  @Test
  void similarValuesKeepTheirVariance() {
    OperationCases.Case definition =
        s -> {
          BatchNorm<TFloat32> norm = s.nn.batchNormTraining(s.similar(), "bn", 1e-6f);
          BatchNorm.Gradient<TFloat32> gradient = s.grad.batchNorm(s.x(2, 1, 1, 4), norm);
          return List.of(norm.y(), gradient.gamma());
        };
    // Between 200 and its neighbour lie 1.5e-5, a thousandth of what the values are apart.
    assertSame(
        compute(definition, TBfloat16.class, true),
        compute(definition, TFloat32.class, false),
        1e-2);
  }

  @SuppressWarnings("unchecked") // a case treats all numbers alike
  private static float[] compute(
      OperationCases.Case definition, Class<? extends TFloating> maps, boolean xla) {
    try (OperationStep<TFloating> step = new OperationStep<>((Class<TFloating>) maps, xla)) {
      return step.compute(definition.apply(step));
    }
  }

  private static void assertSame(float[] actual, float[] expected, double tolerance) {
    assertThat(actual).hasSameSizeAs(expected);
    double largest =
        IntStream.range(0, expected.length).mapToDouble(i -> Math.abs(expected[i])).max().orElse(0);
    double worst =
        IntStream.range(0, expected.length)
            .mapToDouble(i -> Math.abs(actual[i] - expected[i]))
            .max()
            .orElse(0);
    assertThat(worst / largest).isCloseTo(0, within(tolerance));
  }

  @Test
  void everyOperationIsTried() {
    Set<String> methods = new TreeSet<>();
    for (Class<?> type : List.of(NetworkOps.class, GradientOps.class, UpdateOps.class)) {
      for (Method method : type.getDeclaredMethods()) {
        if (Modifier.isPublic(method.getModifiers()) && !method.isSynthetic()) {
          methods.add(type.getSimpleName() + "." + method.getName());
        }
      }
    }
    assertThat(methods).containsAll(NO_OPERATIONS);
    methods.removeAll(NO_OPERATIONS);
    assertThat(OperationCases.all().keySet()).isEqualTo(methods);
  }
}
