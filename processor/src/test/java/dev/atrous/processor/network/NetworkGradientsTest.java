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
import java.util.Map;
import java.util.Random;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;

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

  private final Random random = new Random(7);
  private final Graph forward = NetworkStage.build(Specs.cascadeAndPyramid(8), 8, Mode.TRAINING);
  private final Map<String, Tensor> feeds = Samples.feeds(forward, Specs.CLASSES, random);
  private final Map<String, Tensor> parameters = Samples.parameters(forward, random);
  private final Gradients.Numeric numeric =
      new Gradients.Numeric(forward, NetworkStage.LOSS, feeds, parameters);

  @Test
  void agreeWithDifferences() {
    Map<String, Tensor> gradients = gradients(forward);
    assertThat(gradients).containsOnlyKeys(trainable());
    gradients.forEach(
        (parameter, gradient) -> {
          for (int i = 0; i < SAMPLES; i++) {
            int position = random.nextInt(gradient.length());
            assertThat(error(parameter, position, gradient))
                .as("%s[%d]", parameter, position)
                .isLessThan(TOLERANCE);
          }
        });
  }

  /** The difference of the derivative to the nearest numeric one. */
  private double error(String parameter, int position, Tensor gradient) {
    return DoubleStream.of(STEPS)
        .map(step -> Math.abs(numeric.by(parameter, position, step) - gradient.at(position)))
        .map(error -> error / gradient.largest())
        .filter(error -> error < TOLERANCE)
        .findFirst()
        .orElse(Double.POSITIVE_INFINITY);
  }

  @Test
  void areTheSameWithPasses() {
    Map<String, Tensor> gradients = gradients(forward);
    Map<String, Tensor> withPasses = gradients(Passes.training(forward).graph());
    assertThat(withPasses).containsOnlyKeys(trainable());
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

  private String[] trainable() {
    return forward.parameters().stream()
        .filter(parameter -> parameter.role().trainable())
        .map(ParameterSpec::name)
        .toArray(String[]::new);
  }

  private Map<String, Tensor> gradients(Graph graph) {
    Graph training =
        Autodiff.differentiate(graph, NetworkStage.LOSS, new Optimizer(0.9, 1e-4, false)).graph();
    return Gradients.applied(training, feeds, parameters);
  }
}
