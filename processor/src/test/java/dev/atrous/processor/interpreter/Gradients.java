package dev.atrous.processor.interpreter;

import dev.atrous.processor.ir.Graph;
import dev.atrous.processor.ir.Node;
import dev.atrous.processor.ir.SourceOp;
import dev.atrous.processor.ir.UpdateOp;
import java.util.LinkedHashMap;
import java.util.Map;

/** Derivatives of a loss by parameters: as a training graph computes them, and numerically. */
public final class Gradients {
  private Gradients() {}

  /** The gradients that a training graph applies, by the name of the parameter. */
  public static Map<String, Tensor> applied(
      Graph training, Map<String, Tensor> feeds, Map<String, Tensor> parameters) {
    Evaluation evaluation = Interpreter.run(training, feeds, parameters);
    Map<String, Tensor> gradients = new LinkedHashMap<>();
    for (Node update : training.nodesOf(UpdateOp.Momentum.class).toList()) {
      SourceOp.Parameter parameter = (SourceOp.Parameter) update.input(0).node().op();
      gradients.put(parameter.spec().name(), evaluation.value(update.input(1)));
    }
    return gradients;
  }

  /**
   * Central differences of a scalar result.
   *
   * @param graph the forward pass suffices
   */
  public record Numeric(
      Graph graph, String result, Map<String, Tensor> feeds, Map<String, Tensor> parameters) {
    public Numeric {
      feeds = Map.copyOf(feeds);
      parameters = Map.copyOf(parameters);
    }

    /**
     * Derivative by one element of a parameter, with an error of second order in the step.
     *
     * @param position of the element in row-major order
     * @param step to either side
     */
    public double by(String parameter, int position, double step) {
      return (at(parameter, position, step) - at(parameter, position, -step)) / (2 * step);
    }

    /** The same with an error of fourth order; looks two steps to either side. */
    public double preciselyBy(String parameter, int position, double step) {
      return (4 * by(parameter, position, step) - by(parameter, position, 2 * step)) / 3;
    }

    private double at(String parameter, int position, double offset) {
      Map<String, Tensor> moved = new LinkedHashMap<>(parameters);
      moved.computeIfPresent(
          parameter, (name, value) -> value.with(position, value.at(position) + offset));
      return Interpreter.run(graph, feeds, moved).result(result).at(0);
    }
  }
}
