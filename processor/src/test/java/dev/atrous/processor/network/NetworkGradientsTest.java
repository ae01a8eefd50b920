package dev.atrous.processor.network;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atrous.processor.autodiff.Autodiff;
import dev.atrous.processor.autodiff.Optimizer;
import dev.atrous.processor.interpreter.Gradients;
import dev.atrous.processor.interpreter.Samples;
import dev.atrous.processor.interpreter.Tensor;
import dev.atrous.processor.ir.Graph;
import dev.atrous.processor.ir.ParameterSpec;
import dev.atrous.processor.pass.Passes;
import dev.atrous.processor.spec.ModelSpec;
import java.util.Map;
import java.util.Random;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The derivative of the loss of a whole network by all its parameters, against differences. */
final class NetworkGradientsTest {
  /** Relative to the largest derivative by an element of the same parameter. */
  private static final double TOLERANCE = 1e-5;

  /** Elements of each parameter that are tried. */
  private static final int SAMPLES = 2;

  /**
   * A step that takes a unit across the kink of its ReLU says nothing about the derivative; a
   * smaller one does, if less precisely. So one of them has to agree.
   */
  private static final double[] STEPS = {1e-5, 1e-6, 1e-7};

  static Stream<Named<ModelSpec>> specs() {
    return Stream.of(
        Named.of("cascade and pyramid", Specs.cascadeAndPyramid(8)),
        Named.of("frozen batch normalisation and scores in the pyramid", Specs.frozenScores(16)));
  }

  /** A network with values for all that its loss depends on. */
  private record Example(Graph forward, Map<String, Tensor> feeds, Map<String, Tensor> parameters) {

    static Example of(ModelSpec spec, Random random) {
      Graph forward = NetworkStage.build(spec, spec.backbone().outputStride(), Mode.TRAINING);
      return new Example(
          forward,
          Samples.feeds(forward, Specs.CLASSES, random),
          Samples.parameters(forward, random));
    }

    String[] trainable() {
      return forward.parameters().stream()
          .filter(ParameterSpec::trainable)
          .map(ParameterSpec::name)
          .toArray(String[]::new);
    }

    Map<String, Tensor> gradients(Graph graph) {
      Optimizer optimizer = new Optimizer(0.9, 1e-4, false);
      Graph training = Autodiff.differentiate(graph, NetworkStage.LOSS, optimizer).graph();
      return Gradients.applied(training, feeds, parameters);
    }

    /** The difference of a derivative to the nearest numeric one. */
    double error(String parameter, int position, Tensor gradient) {
      Gradients.Numeric numeric =
          new Gradients.Numeric(forward, NetworkStage.LOSS, feeds, parameters);
      return DoubleStream.of(STEPS)
          .map(step -> Math.abs(numeric.by(parameter, position, step) - gradient.at(position)))
          .map(error -> error / gradient.largest())
          .filter(error -> error < TOLERANCE)
          .findFirst()
          .orElse(Double.POSITIVE_INFINITY);
    }
  }

  @ParameterizedTest
  @MethodSource("specs")
  void agreeWithDifferences(ModelSpec spec) {
    Random random = new Random(7);
    Example example = Example.of(spec, random);
    Map<String, Tensor> gradients = example.gradients(example.forward());
    assertThat(gradients).containsOnlyKeys(example.trainable());
    gradients.forEach(
        (parameter, gradient) -> {
          for (int i = 0; i < SAMPLES; i++) {
            int position = random.nextInt(gradient.length());
            assertThat(example.error(parameter, position, gradient))
                .as("%s[%d]", parameter, position)
                .isLessThan(TOLERANCE);
          }
        });
  }

  @ParameterizedTest
  @MethodSource("specs")
  void areTheSameWithPasses(ModelSpec spec) {
    Example example = Example.of(spec, new Random(7));
    Map<String, Tensor> gradients = example.gradients(example.forward());
    Map<String, Tensor> withPasses = example.gradients(Passes.training(example.forward()).graph());
    assertThat(withPasses).containsOnlyKeys(example.trainable());
    withPasses.forEach(
        (parameter, gradient) ->
            assertThat(gradients)
                .hasEntrySatisfying(
                    parameter,
                    expected ->
                        assertThat(gradient.distance(expected) / expected.largest())
                            .as(parameter)
                            .isLessThan(1e-9)));
  }
}
