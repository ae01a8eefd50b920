package dev.atrous.processor.pass;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atrous.processor.autodiff.Autodiff;
import dev.atrous.processor.autodiff.Optimizer;
import dev.atrous.processor.interpreter.Interpreter;
import dev.atrous.processor.interpreter.Samples;
import dev.atrous.processor.interpreter.State;
import dev.atrous.processor.interpreter.Tensor;
import dev.atrous.processor.ir.ForwardOp;
import dev.atrous.processor.ir.Graph;
import dev.atrous.processor.ir.GraphBuilder;
import dev.atrous.processor.ir.Op;
import dev.atrous.processor.ir.ParameterSpec;
import dev.atrous.processor.ir.ParameterSpec.Role;
import dev.atrous.processor.ir.Scope;
import dev.atrous.processor.ir.SourceOp;
import dev.atrous.processor.ir.Value;
import dev.atrous.processor.ir.Verifier;
import dev.atrous.processor.network.Mode;
import dev.atrous.processor.network.NetworkStage;
import dev.atrous.processor.network.Specs;
import dev.atrous.processor.spec.ModelSpec;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Graphs compute the same before and after every pass. */
final class PassesKeepValuesTest {
  private static final double TOLERANCE = 1e-9;
  private static final Scope SCOPE = Scope.of("test");

  static Stream<Named<ModelSpec>> specs() {
    return Stream.of(
        Named.of("cascade and pyramid at stride 8", Specs.cascadeAndPyramid(8)),
        Named.of("cascade and pyramid at stride 16", Specs.cascadeAndPyramid(16)),
        Named.of("bottlenecks at stride 8", Specs.bottlenecks(8)),
        Named.of("bottlenecks at stride 16", Specs.bottlenecks(16)),
        Named.of("frozen batch normalisation", Specs.frozenScores(16)));
  }

  private static Graph network(ModelSpec spec, Mode mode) {
    return NetworkStage.build(spec, spec.backbone().outputStride(), mode);
  }

  @ParameterizedTest
  @MethodSource("specs")
  void ofTraining(ModelSpec spec) {
    requireSameResults(network(spec, Mode.TRAINING), Passes.trainingPasses());
  }

  @ParameterizedTest
  @MethodSource("specs")
  void ofInferenceAtThePlannedSize(ModelSpec spec) {
    requireSameResults(network(spec, Mode.INFERENCE), Passes.trainingPasses());
  }

  /** Applies the passes in a row; compares all results and moving averages after each. */
  private static void requireSameResults(Graph graph, List<Pass> passes) {
    Random random = new Random(3);
    Map<String, Tensor> feeds = Samples.feeds(graph, Specs.CLASSES, random);
    State state = State.of(Samples.parameters(graph, random));
    var expected = Interpreter.step(graph, feeds, state, 0.01);
    Graph current = graph;
    for (Pass pass : passes) {
      current = Verifier.verify(pass.apply(current), pass.name());
      var actual = Interpreter.step(current, feeds, state, 0.01);
      assertThat(current.results()).containsOnlyKeys(graph.results().keySet());
      for (String result : graph.results().keySet()) {
        Tensor value = actual.evaluation().result(result);
        assertThat(value.distance(expected.evaluation().result(result)))
            .as("%s after %s", result, pass.name())
            .isLessThan(TOLERANCE);
      }
      requireClose(actual.after(), expected.after());
    }
  }

  private static void requireClose(State actual, State expected) {
    assertThat(actual.parameters()).containsOnlyKeys(expected.parameters().keySet());
    assertThat(actual.momenta()).containsOnlyKeys(expected.momenta().keySet());
    for (String name : expected.parameters().keySet()) {
      assertThat(actual.parameter(name).distance(expected.parameter(name)))
          .as(name)
          .isLessThan(TOLERANCE);
      assertThat(actual.momentum(name).distance(expected.momentum(name)))
          .as("momentum of %s", name)
          .isLessThan(TOLERANCE);
    }
  }

  @ParameterizedTest
  @MethodSource("specs")
  void trainingStepsLeadToTheSameState(ModelSpec spec) {
    Graph forward = network(spec, Mode.TRAINING);
    Graph plain =
        Autodiff.differentiate(forward, NetworkStage.LOSS, new Optimizer(0.9, 1e-3, false)).graph();
    Graph passed =
        Autodiff.differentiate(
                Passes.training(forward).graph(),
                NetworkStage.LOSS,
                new Optimizer(0.9, 1e-3, false))
            .graph();
    Random random = new Random(4);
    Map<String, Tensor> feeds = Samples.feeds(forward, Specs.CLASSES, random);
    State expected = State.of(Samples.parameters(forward, random));
    State actual = expected;
    for (int step = 0; step < 2; step++) {
      State before = expected;
      expected = Interpreter.step(plain, feeds, expected, 0.05).after();
      actual = Interpreter.step(passed, feeds, actual, 0.05).after();
      requireClose(actual, expected);
      assertThat(changes(before, expected))
          .containsExactlyInAnyOrderElementsOf(parametersOf(forward, spec.training()));
    }
  }

  /** The parameters that a step changed. */
  private static List<String> changes(State before, State after) {
    return after.parameters().keySet().stream()
        .filter(name -> after.parameter(name).distance(before.parameter(name)) > 0)
        .toList();
  }

  /** The parameters that a step must change: all, or without those of frozen normalisations. */
  private static List<String> parametersOf(Graph graph, ModelSpec.Training training) {
    Set<Role> roles =
        training.freezesBatchNorm()
            ? EnumSet.of(Role.WEIGHTS, Role.CLASSIFIER, Role.BIAS)
            : EnumSet.allOf(Role.class);
    return graph.parameters().stream()
        .filter(parameter -> roles.contains(parameter.role()))
        .map(ParameterSpec::name)
        .toList();
  }

  /** Without this, the tests above could compare a graph with itself. */
  @Test
  void everyPassFindsSomethingToDo() {
    Graph graph = network(Specs.cascadeAndPyramid(8), Mode.TRAINING);
    for (Pass pass : Passes.trainingPasses()) {
      assertThat(pass.apply(graph).toString()).as(pass.name()).isNotEqualTo(graph.toString());
    }
  }

  @ParameterizedTest
  @CsvSource({"1,3,3,6,1", "1,3,6,3,1", "1,5,5,5,2", "2,4,4,4,2", "2,4,3,9,1", "1,4,5,5,0"})
  void dropsTapsOfEitherAxis(int stride, int rate, int height, int width, int slices) {
    GraphBuilder builder = new GraphBuilder("taps");
    Value map = parameter(builder, "map", 2, height, width, 3);
    Value weights = parameter(builder, "weights", 3, 3, 3, 2);
    ForwardOp op = new ForwardOp.Conv2D(stride, rate);
    builder.result("y", builder.add(SCOPE, "conv", op, map, weights).output());
    Graph graph = builder.build();
    assertThat(count(new DropDeadTaps().apply(graph), ForwardOp.Slice.class)).isEqualTo(slices);
    requireSameResults(graph, List.of(new DropDeadTaps()));
  }

  @ParameterizedTest
  @CsvSource({
    "map pooled, 1, 1",
    "map map pooled, 1, 1",
    "pooled map pooled, 1, 1",
    "map pooled, 2, 0",
    "pooled map, 1, 1",
    "pooled map map, 1, 1",
    "map pooled map, 1, 0",
    "pooled, 1, 0"
  })
  void splitsOffAPooledPartAtEitherEnd(String parts, int stride, int splits) {
    GraphBuilder builder = new GraphBuilder("pooled");
    Value map = parameter(builder, "map", 2, 3, 4, 3);
    Value pooled = parameter(builder, "vectors", 2, 1, 1, 3);
    Value repeated =
        builder.add(SCOPE, "repeated", new ForwardOp.Broadcast(), pooled, map).output();
    Value[] inputs =
        Stream.of(parts.split(" ", -1))
            .map(part -> part.equals("map") ? map : repeated)
            .toArray(Value[]::new);
    Value concat = builder.add(SCOPE, "concat", new ForwardOp.Concat(), inputs).output();
    Value weights = parameter(builder, "weights", 1, 1, concat.size(3), 4);
    ForwardOp op = new ForwardOp.Conv2D(stride, 1);
    builder.result("y", builder.add(SCOPE, "conv", op, concat, weights).output());
    Graph graph = builder.build();
    assertThat(count(new SplitImagePooling().apply(graph), ForwardOp.AddPerImage.class))
        .isEqualTo(splits);
    requireSameResults(graph, List.of(new SplitImagePooling()));
  }

  private static Value parameter(GraphBuilder builder, String name, Integer... shape) {
    ParameterSpec spec = new ParameterSpec(name, List.of(shape), ParameterSpec.Role.WEIGHTS);
    return builder.add(SCOPE, name, new SourceOp.Parameter(spec)).output();
  }

  private static long count(Graph graph, Class<? extends Op> kind) {
    return graph.nodesOf(kind).count();
  }
}
