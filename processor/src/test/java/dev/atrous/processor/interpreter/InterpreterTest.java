package dev.atrous.processor.interpreter;

import static dev.atrous.processor.interpreter.OneNode.row;
import static dev.atrous.processor.interpreter.OneNode.vector;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.atrous.processor.ir.ForwardOp;
import dev.atrous.processor.ir.Graph;
import dev.atrous.processor.ir.GraphBuilder;
import dev.atrous.processor.ir.Node;
import dev.atrous.processor.ir.ParameterSpec;
import dev.atrous.processor.ir.Phase;
import dev.atrous.processor.ir.Scope;
import dev.atrous.processor.ir.SourceOp;
import dev.atrous.processor.ir.UpdateOp;
import java.util.List;
import java.util.Map;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

final class InterpreterTest {
  private static final Scope SCOPE = new Scope("block1", "unit2");
  private static final Offset<Double> ROUNDING = within(1e-15);

  private static final ParameterSpec WEIGHTS =
      new ParameterSpec("weights", List.of(1, 1, 2, 1), ParameterSpec.Role.WEIGHTS);

  /** {@code max(weights, 0)}, and a step that takes the result for the gradient. */
  private static Graph reluOfWeights() {
    GraphBuilder graph = new GraphBuilder("relu");
    Node weights = graph.add(SCOPE, "source", new SourceOp.Parameter(WEIGHTS));
    Node relu = graph.add(SCOPE, "relu", new ForwardOp.Relu(), weights.output());
    UpdateOp update = new UpdateOp.Momentum(0.5, 0.25);
    graph.add(SCOPE, Phase.BACKWARD, "update", update, List.of(weights.output(), relu.output()));
    graph.result("positive", relu.output());
    return graph.build();
  }

  private static Tensor weights(double... values) {
    return Tensor.of(WEIGHTS.shape(), values);
  }

  @Test
  void findsValuesByResultByPathAndByValue() {
    Graph graph = reluOfWeights();
    Evaluation evaluation = Interpreter.run(graph, Map.of(), Map.of("weights", weights(-1, 8)));
    assertThat(evaluation.result("positive").values()).containsExactly(0, 8);
    assertThat(evaluation.at("block1/unit2/source").values()).containsExactly(-1, 8);
    assertThat(evaluation.value(graph.result("positive")).values()).containsExactly(0, 8);
    assertThat(evaluation.values().keySet()).containsExactlyElementsOf(graph.nodes());
    assertThatThrownBy(() -> evaluation.at("block1/unit2/other"))
        .hasMessage("relu has no node block1/unit2/other");
  }

  @Test
  void momentumAddsGradientAndDecay() {
    State before = State.of(Map.of("weights", weights(-1, 8)));
    State once = Interpreter.step(reluOfWeights(), Map.of(), before, 0.1).after();
    assertThat(once.momentum("weights").values()).containsExactly(-0.25, 10);
    assertThat(once.parameter("weights").values())
        .containsExactly(new double[] {-0.975, 7}, ROUNDING);

    State twice = Interpreter.step(reluOfWeights(), Map.of(), once, 0.1).after();
    assertThat(twice.momentum("weights").values())
        .containsExactly(new double[] {-0.125 - 0.24375, 5 + 7 + 1.75}, ROUNDING);
    assertThat(before.parameter("weights").values()).containsExactly(-1, 8);
  }

  @Test
  void updatesAllSeeTheParametersBeforeTheStep() {
    GraphBuilder graph = new GraphBuilder("exchange");
    ParameterSpec other = new ParameterSpec("other", WEIGHTS.shape(), ParameterSpec.Role.WEIGHTS);
    Node a = graph.add(SCOPE, "a", new SourceOp.Parameter(WEIGHTS));
    Node b = graph.add(SCOPE, "b", new SourceOp.Parameter(other));
    UpdateOp update = new UpdateOp.Momentum(0, 0);
    graph.add(SCOPE, Phase.BACKWARD, "updateA", update, List.of(a.output(), b.output()));
    graph.add(SCOPE, Phase.BACKWARD, "updateB", update, List.of(b.output(), a.output()));
    State before = State.of(Map.of("weights", weights(1, 2), "other", weights(10, 20)));
    State after = Interpreter.step(graph.build(), Map.of(), before, 1).after();
    assertThat(after.parameter("weights").values()).containsExactly(-9, -18);
    assertThat(after.parameter("other").values()).containsExactly(9, 18);
  }

  @Test
  void movingAveragesFollowMeanAndVariance() {
    Step step =
        new OneNode()
            .floats(vector(1))
            .floats(vector(2))
            .floats(vector(5))
            .floats(vector(10))
            .update(new UpdateOp.MovingAverages(0.75), Map.of(), 0.1);
    assertThat(step.after().parameter("input0").values()).containsExactly(2);
    assertThat(step.after().parameter("input1").values()).containsExactly(4);
    assertThat(step.after().momenta()).isEmpty();
  }

  @Test
  void refusesToUpdateAParameterTwice() {
    GraphBuilder graph = new GraphBuilder("twice");
    Node a = graph.add(SCOPE, "a", new SourceOp.Parameter(WEIGHTS));
    UpdateOp update = new UpdateOp.Momentum(0, 0);
    graph.add(SCOPE, Phase.BACKWARD, "update", update, List.of(a.output(), a.output()));
    graph.add(SCOPE, Phase.BACKWARD, "again", update, List.of(a.output(), a.output()));
    State state = State.of(Map.of("weights", weights(1, 2)));
    assertThatThrownBy(() -> Interpreter.step(graph.build(), Map.of(), state, 1))
        .hasMessageContaining("second update of weights");
  }

  @Test
  void refusesValuesOfAnotherShape() {
    Map<String, Tensor> parameters = Map.of("weights", row(1, 2, 3));
    assertThatThrownBy(() -> Interpreter.run(reluOfWeights(), Map.of(), parameters))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("has values of the shapes [[1, 1, 3, 1]]");
    assertThatThrownBy(() -> Interpreter.run(reluOfWeights(), Map.of(), Map.of()))
        .hasMessage("no value is given for weights");
  }
}
