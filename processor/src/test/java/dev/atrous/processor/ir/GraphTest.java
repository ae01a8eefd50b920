package dev.atrous.processor.ir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.atrous.processor.ir.ParameterSpec.Role;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What a graph refuses, and how it reads. */
final class GraphTest {
  private static final Scope SCOPE = new Scope("block1", "unit2");

  private static TensorType map(int size, int channels) {
    return TensorType.f32(2, size, size, channels);
  }

  private static Node input(GraphBuilder graph, String name, TensorType type) {
    return graph.add(Scope.of("input"), name, new SourceOp.Input(name, type));
  }

  @Test
  void everyOperationHasANode() {
    assertThat(EveryOperation.nodes().map(node -> node.op().getClass()).collect(Collectors.toSet()))
        .isEqualTo(EveryOperation.kinds().collect(Collectors.toSet()));
  }

  static Stream<Arguments> misfits() {
    TensorType map = map(5, 4);
    TensorType vector = TensorType.f32(4);
    TensorType images = TensorType.u8(2, 5, 5, 3);
    TensorType weights = TensorType.f32(3, 3, 4, 8);
    List<Double> two = List.of(0., 1.);
    return Stream.of(
        misfit(
            new ForwardOp.Normalize(two, two), "a mean and a deviation for each channel", images),
        misfit(new ForwardOp.Normalize(two, two), "images with a mean", map),
        misfit(
            new ForwardOp.NormalizeBands(),
            "images with a mean and a deviation for each channel",
            images,
            TensorType.f32(3),
            vector),
        misfit(new ForwardOp.Conv2D(1, 1), "2 inputs", map),
        misfit(new ForwardOp.Conv2D(1, 1), "a map as input 0", images, weights),
        misfit(new ForwardOp.Conv2D(1, 1), "weights for the channels", map(5, 3), weights),
        misfit(new ForwardOp.Conv2D(1, 1), "an odd kernel", map, TensorType.f32(2, 2, 4, 8)),
        misfit(new ForwardOp.Conv2D(0, 1), "a stride and a rate of at least 1", map, weights),
        misfit(new ForwardOp.Conv2D(1, 0), "a stride and a rate of at least 1", map, weights),
        misfit(new ForwardOp.BatchNorm(1), "5 inputs", map, vector, vector),
        misfit(
            new ForwardOp.BatchNormTraining(1),
            "vectors of 4 channels",
            map,
            vector,
            TensorType.f32(5)),
        misfit(
            new ForwardOp.SynchronizedBatchNorm(1),
            "vectors of 4 channels",
            map,
            TensorType.f32(5),
            vector),
        misfit(new ForwardOp.Relu(), "a map as input 0", vector),
        misfit(new ForwardOp.Add(), "inputs 0 and 1 of one type", map, map(6, 4)),
        misfit(new ForwardOp.Broadcast(), "a map of one pixel", map, map),
        misfit(new ForwardOp.Concat(), "at least one map"),
        misfit(new ForwardOp.Concat(), "maps of one size", map, map(6, 4)),
        misfit(new ForwardOp.AddBias(), "vectors of 4 channels", map, TensorType.f32(3)),
        misfit(new ForwardOp.AddPerImage(), "a vector in float32 for each image", map, map),
        misfit(new ForwardOp.Slice(3, 2, 5), "a range of the axis", map),
        misfit(new ForwardOp.Slice(4, 0, 1), "a range of the axis", map),
        misfit(new ForwardOp.Slice(3, 2, 2), "a range of the axis", map),
        misfit(new ForwardOp.Interpolate(true), "rows and columns", map, vector),
        misfit(
            new ForwardOp.SoftmaxCrossEntropy(),
            "a label for each pixel",
            map,
            TensorType.u8(2, 5, 4)),
        misfit(
            new GradientOp.Conv2DInputGradient(1, 1),
            "a derivative of the shape",
            weights,
            map,
            map),
        misfit(
            new GradientOp.Conv2DFilterGradient(2, 1),
            "a derivative of the shape",
            map,
            map(5, 8),
            weights),
        misfit(
            new GradientOp.Conv2DFilterGradientByTaps(2),
            "a derivative of the shape",
            map,
            map(6, 4),
            weights),
        misfit(
            new GradientOp.BatchNormGradient(1), "gamma and statistics", map, map, vector, vector),
        misfit(
            new GradientOp.SynchronizedBatchNormGradient(1),
            "gamma and statistics",
            map,
            map,
            vector,
            vector),
        misfit(new GradientOp.ReluGradient(), "inputs 0 and 1", map, map(5, 8)),
        misfit(new GradientOp.MaxPoolGradient(3, 2), "inputs 1 and 2", map, map, map(3, 4)),
        misfit(
            new GradientOp.GlobalAveragePoolGradient(),
            "a vector in float32 for each image",
            map,
            map),
        misfit(new GradientOp.SliceGradient(3, 0, 2), "the derivative of the range", map, map),
        misfit(new GradientOp.Multiply(), "a scalar", map, vector),
        misfit(new GradientOp.ClipFactor(1), "gradients in float32", TensorType.u8(2)),
        misfit(new UpdateOp.Momentum(0.9, 0), "a parameter", map, map),
        misfit(new UpdateOp.AdamW(0.9, 0.999, 1e-8, 0, 1), "a parameter", map, map),
        misfit(new UpdateOp.MovingAverages(0.9), "two parameters", vector, vector, vector, vector));
  }

  /** Weights, statistics, scores and what makes losses of them are in float32. */
  static Stream<Arguments> otherNumbers() {
    TensorType map = map(5, 4);
    TensorType narrow = TensorType.map(2, 5, 5, 4);
    TensorType vector = TensorType.map(2, 1, 1, 4);
    TensorType weights = TensorType.map(3, 3, 4, 4);
    TensorType labels = TensorType.u8(2, 5, 5);
    String float32 = "a map or weights in float32 as input ";
    return Stream.of(
        misfit(new ForwardOp.Widen(), "a map in the numbers of maps", map),
        misfit(new ForwardOp.Conv2D(1, 1), float32 + 1, narrow, weights),
        misfit(new ForwardOp.Add(), "inputs 0 and 1 of one type", map, narrow),
        misfit(new ForwardOp.Concat(), "maps of the same numbers", map, narrow),
        misfit(new ForwardOp.Broadcast(), float32 + 0, vector, narrow),
        misfit(new ForwardOp.AddPerImage(), "a vector in float32 for each image", narrow, vector),
        misfit(new ForwardOp.Interpolate(true), float32 + 0, narrow, labels),
        misfit(new ForwardOp.SoftmaxCrossEntropy(), float32 + 0, narrow, labels),
        misfit(new GradientOp.Narrow(), float32 + 0, narrow, narrow),
        misfit(new GradientOp.Narrow(), "a map of the shape of its derivative", map, map),
        misfit(new GradientOp.Conv2DInputGradient(1, 1), float32 + 0, weights, narrow, narrow),
        misfit(new GradientOp.Conv2DFilterGradient(1, 1), float32 + 2, narrow, narrow, weights),
        misfit(new GradientOp.Multiply(), "in float32", narrow, narrow));
  }

  private static Arguments misfit(Op op, String expected, TensorType... inputs) {
    return Arguments.of(op, expected, inputs);
  }

  @ParameterizedTest
  @MethodSource({"misfits", "otherNumbers"})
  void inputsThatDoNotFitAreRefusedByName(Op op, String expected, TensorType... types) {
    GraphBuilder graph = new GraphBuilder("bad");
    Value[] inputs = new Value[types.length];
    for (int i = 0; i < types.length; i++) {
      inputs[i] = input(graph, "in" + i, types[i]).output();
    }
    assertThatThrownBy(() -> graph.add(SCOPE, "guilty", op, inputs))
        .isInstanceOf(ShapeException.class)
        .hasMessageStartingWith("block1/unit2/guilty = " + op + " takes ")
        .hasMessageContaining(expected)
        .satisfies(
            e -> {
              if (types.length > 0) {
                assertThat(e).hasMessageContaining("input/in0 : " + types[0]);
              }
            });
  }

  @Test
  void emptyTensorsAreRefused() {
    assertThatThrownBy(() -> TensorType.f32(2, 0))
        .isInstanceOf(ShapeException.class)
        .hasMessage("a tensor can't have the shape [2, 0]");
  }

  /** Sizes from the formula {@code (size + 2 * rate - (2 * rate + 1)) / stride + 1}. */
  @Test
  void convolutionsPadSymmetrically() {
    GraphBuilder graph = new GraphBuilder("sizes");
    Value weights = input(graph, "weights", TensorType.f32(3, 3, 4, 8)).output();
    int[][] cases = {
      {513, 2, 1, 257}, {512, 2, 1, 256}, {33, 1, 18, 33}, {5, 1, 100, 5}, {6, 3, 1, 2}
    };
    for (int i = 0; i < cases.length; i++) {
      Value x = input(graph, "x" + i, map(cases[i][0], 4)).output();
      ForwardOp.Conv2D conv = new ForwardOp.Conv2D(cases[i][1], cases[i][2]);
      assertThat(graph.add(SCOPE, "conv" + i, conv, x, weights).output().type())
          .isEqualTo(map(cases[i][3], 8));
    }
  }

  @Test
  void twoNodesOfOneNameAreRefused() {
    GraphBuilder graph = new GraphBuilder("names");
    input(graph, "x", map(5, 4));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> input(graph, "x", map(5, 4)))
        .withMessage("two nodes are named input/x");
    assertThat(graph.free(Scope.of("input"), "x")).isEqualTo("x2");
    assertThat(graph.free(Scope.of("input"), "y")).isEqualTo("y");
  }

  private static void assertBroken(List<Node> nodes, Map<String, Value> results, String message) {
    assertThatIllegalStateException()
        .isThrownBy(() -> Verifier.verify(new Graph("net", nodes, results), "some-pass"))
        .withMessageStartingWith("net is broken after some-pass: " + message);
  }

  @Test
  void verifierFindsUseBeforeDefinition() {
    GraphBuilder graph = new GraphBuilder("net");
    Node x = input(graph, "x", map(5, 4));
    Node relu = graph.add(SCOPE, "relu", new ForwardOp.Relu(), x.output());
    assertBroken(
        List.of(relu, x),
        Map.of(),
        "block1/unit2/relu uses input/x before it is computed\n> block1/unit2/relu = Relu(input/x) :"
            + " f32[2, 5, 5, 4]\n  input/x = Input[x]() : f32[2, 5, 5, 4]");
  }

  @Test
  void verifierFindsWrongTypes() {
    GraphBuilder graph = new GraphBuilder("net");
    Node x = input(graph, "x", map(5, 4));
    Node relu =
        new Node(
            SCOPE,
            Phase.FORWARD,
            "relu",
            new ForwardOp.Relu(),
            List.of(x.output()),
            List.of(map(6, 4)));
    assertBroken(
        List.of(x, relu), Map.of(), "block1/unit2/relu should have the types [f32[2, 5, 5, 4]]");
  }

  @Test
  void verifierFindsASecondNodeOfAName() {
    Node one = input(new GraphBuilder("one"), "x", map(5, 4));
    Node other = input(new GraphBuilder("other"), "x", map(5, 4));
    assertBroken(List.of(one, other), Map.of(), "input/x has the name of another node");
  }

  @Test
  void verifierFindsNamesThatAreNotJava() {
    assertBroken(
        List.of(input(new GraphBuilder("one"), "1x", map(5, 4))),
        Map.of(),
        "input/1x has a name that is no Java identifier");
    assertBroken(
        List.of(input(new GraphBuilder("one"), "class", map(5, 4))),
        Map.of(),
        "input/class has a name that is no Java identifier");
  }

  @Test
  void verifierFindsASecondNodeOfAParameter() {
    GraphBuilder graph = new GraphBuilder("net");
    ParameterSpec spec = new ParameterSpec("conv/weights", List.of(1, 1, 4, 4), Role.WEIGHTS);
    graph.add(SCOPE, "a", new SourceOp.Parameter(spec));
    graph.add(SCOPE, "b", new SourceOp.Parameter(spec));
    assertBroken(
        graph.build().nodes(), Map.of(), "block1/unit2/b is a second node for conv/weights");
  }

  @Test
  void verifierFindsResultsOfOtherGraphs() {
    Node stranger = input(new GraphBuilder("other"), "x", map(5, 4));
    Node own = input(new GraphBuilder("net"), "y", map(5, 4));
    assertBroken(
        List.of(own),
        Map.of("logits", stranger.output()),
        "input/x is the result logits but not in the graph");
  }

  @Test
  void verifierPassesGoodGraphs() {
    GraphBuilder graph = new GraphBuilder("net");
    graph.result("x", input(graph, "x", map(5, 4)).output());
    Graph good = graph.build();
    assertThat(Verifier.verify(good, "nothing")).isSameAs(good);
  }

  @Test
  void graphsReadLikeThis() {
    GraphBuilder graph = new GraphBuilder("net");
    Node x = input(graph, "x", map(5, 4));
    ParameterSpec gamma = new ParameterSpec("block1/unit2/bn/gamma", List.of(4), Role.GAMMA);
    ParameterSpec beta = new ParameterSpec("block1/unit2/bn/beta", List.of(4), Role.BETA);
    Value g = graph.add(SCOPE, "bnGamma", new SourceOp.Parameter(gamma)).output();
    Value b = graph.add(SCOPE, "bnBeta", new SourceOp.Parameter(beta)).output();
    Node norm = graph.add(SCOPE, "bn", new ForwardOp.BatchNormTraining(0.5), x.output(), g, b);
    graph.result("variance", norm.output(2));
    graph.result("map", norm.output());
    assertThat(graph.build())
        .hasToString(
            """
            graph net
              input/x = Input[x]() : f32[2, 5, 5, 4]
              block1/unit2/bnGamma = Parameter[GAMMA]() : f32[4]
              block1/unit2/bnBeta = Parameter[BETA]() : f32[4]
              block1/unit2/bn = BatchNormTraining[epsilon=0.5](input/x, @block1/unit2/bn/gamma, @block1/unit2/bn/beta) : f32[2, 5, 5, 4], f32[4], f32[4], f32[2, 4]
              map -> block1/unit2/bn
              variance -> block1/unit2/bn#2
            """);
  }
}
