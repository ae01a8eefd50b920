package dev.atrous.processor.network;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atrous.processor.SmallModel;
import dev.atrous.processor.ir.ForwardOp;
import dev.atrous.processor.ir.Graph;
import dev.atrous.processor.ir.Node;
import dev.atrous.processor.ir.ParameterSpec;
import dev.atrous.processor.spec.Architecture;
import dev.atrous.processor.spec.ModelSpec;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Trainable parameters and multiply-adds against published numbers and formulas by hand. */
final class ParameterCountTest {

  private static Graph network(
      Architecture architecture, int lastBlock, Optional<ModelSpec.Pyramid> pyramid) {
    List<Integer> multiGrid = Collections.nCopies(architecture.units(4), 1);
    ModelSpec spec = SmallModel.paper(architecture, 16, lastBlock, multiGrid, pyramid);
    return NetworkStage.build(spec, 16, Mode.INFERENCE);
  }

  private static long trainable(Graph graph, String prefix) {
    return graph.parameters().stream()
        .filter(parameter -> parameter.trainable())
        .filter(parameter -> parameter.name().startsWith(prefix))
        .mapToLong(parameter -> parameter.type().elements())
        .sum();
  }

  /** A convolution without bias and the scale and shift of its normalisation. */
  private static long convBn(int kernel, int inputs, int outputs) {
    return (long) kernel * kernel * inputs * outputs + 2L * outputs;
  }

  /** The published networks without their last layer, which has 1000 classes. */
  @ParameterizedTest
  @CsvSource({
    "RESNET_18, 11176512",
    "RESNET_34, 21284672",
    "RESNET_50, 23508032",
    "RESNET_101, 42500160",
    "RESNET_152, 58143808"
  })
  void backbonesHaveThePublishedParameters(Architecture architecture, long published) {
    Graph graph = network(architecture, 4, Optional.empty());
    assertThat(trainable(graph, "stem/") + trainable(graph, "block")).isEqualTo(published);
  }

  @ParameterizedTest
  @CsvSource({"RESNET_50, 3, 4, 6, 3", "RESNET_101, 3, 4, 23, 3", "RESNET_152, 3, 8, 36, 3"})
  void backbonesFollowTheFormula(
      Architecture architecture, int units1, int units2, int units3, int units4) {
    Graph graph = network(architecture, 4, Optional.empty());
    assertThat(trainable(graph, "stem/")).isEqualTo(convBn(7, 3, 64));
    assertThat(trainable(graph, "block1/")).isEqualTo(bottlenecks(64, 64, units1));
    assertThat(trainable(graph, "block2/")).isEqualTo(bottlenecks(256, 128, units2));
    assertThat(trainable(graph, "block3/")).isEqualTo(bottlenecks(512, 256, units3));
    assertThat(trainable(graph, "block4/")).isEqualTo(bottlenecks(1024, 512, units4));
  }

  /** A block of bottlenecks: 1x1, 3x3, 1x1 to four times the channels; the first projects. */
  private static long bottlenecks(int inputs, int channels, int units) {
    long inner = convBn(3, channels, channels) + convBn(1, channels, 4 * channels);
    long first = convBn(1, inputs, channels) + inner + convBn(1, inputs, 4 * channels);
    return first + (units - 1) * (convBn(1, 4 * channels, channels) + inner);
  }

  @Test
  void copiesOfBlock4TakeItsOutput() {
    Graph graph = network(Architecture.RESNET_50, 7, Optional.empty());
    // Their input has as many channels as their output, so nothing needs to be projected.
    long copy = 3 * (convBn(1, 2048, 512) + convBn(3, 512, 512) + convBn(1, 512, 2048));
    for (String block : List.of("block5/", "block6/", "block7/")) {
      assertThat(trainable(graph, block)).isEqualTo(copy);
    }
  }

  @Test
  void pyramidAndHead() {
    Graph graph = network(Architecture.RESNET_50, 4, Optional.of(SmallModel.pyramid(6, 12, 18)));
    long branches = convBn(1, 2048, 256) + 3 * convBn(3, 2048, 256);
    long pooling = convBn(1, 2048, 256);
    long projection = convBn(1, 5 * 256, 256);
    assertThat(trainable(graph, "aspp/")).isEqualTo(branches + pooling + projection);
    assertThat(trainable(graph, "head/")).isEqualTo(256 * 21 + 21);
    // torchvision's deeplabv3_resnet50 has 39,638,869 with another 3x3 convolution in its head.
    assertThat(trainable(graph, "") + convBn(3, 256, 256)).isEqualTo(39_638_869);
  }

  @Test
  void pyramidWithoutPooling() {
    ModelSpec.Pyramid pyramid =
        new ModelSpec.Pyramid(ModelSpec.Pyramid.Form.DEEPLAB_V3, List.of(6, 12), false, 128, 0);
    Graph graph = network(Architecture.RESNET_18, 4, Optional.of(pyramid));
    assertThat(trainable(graph, "aspp/"))
        .isEqualTo(convBn(1, 512, 128) + 2 * convBn(3, 512, 128) + convBn(1, 3 * 128, 128));
  }

  @Test
  void pyramidOfDeepLabV2() {
    ModelSpec.Pyramid pyramid =
        new ModelSpec.Pyramid(
            ModelSpec.Pyramid.Form.DEEPLAB_V2, List.of(6, 12, 18, 24), false, 1024, 0.5);
    Graph graph = network(Architecture.RESNET_101, 4, Optional.of(pyramid));
    long branch = 9L * 2048 * 1024 + 1024 + 1024 * 1024 + 1024 + 1024 * 21 + 21;
    assertThat(trainable(graph, "aspp/")).isEqualTo(4 * branch);
    assertThat(trainable(graph, "head/")).isZero();
    assertThat(
            graph.parameters().stream()
                .filter(parameter -> parameter.name().startsWith("aspp/branch4/"))
                .map(parameter -> parameter.name().substring(13) + " " + parameter.role()))
        .containsExactly(
            "conv1/weights WEIGHTS",
            "conv1/bias BIAS",
            "conv2/weights WEIGHTS",
            "conv2/bias BIAS",
            "scores/weights CLASSIFIER",
            "scores/bias BIAS");
    assertThat(rates(graph, "aspp/branch./conv1")).containsExactly(6, 12, 18, 24);
    assertThat(graph.nodesOf(ForwardOp.Add.class).map(Node::path))
        .endsWith("aspp/sum/sumOf2", "aspp/sum/sumOf3", "aspp/sum/sumOf4");
  }

  private static List<Integer> rates(Graph graph, String path) {
    return graph
        .nodesOf(ForwardOp.Conv2D.class)
        .filter(node -> node.path().matches(path))
        .map(node -> ((ForwardOp.Conv2D) node.op()).rate())
        .toList();
  }

  @Test
  void weightsAreNoVectorsAndAveragesAreNotTrained() {
    Graph graph = network(Architecture.RESNET_50, 4, Optional.of(SmallModel.pyramid(6)));
    for (ParameterSpec parameter : graph.parameters()) {
      assertThat(parameter.role().isWeights()).isEqualTo(parameter.name().endsWith("/weights"));
      assertThat(parameter.trainable()).isEqualTo(!parameter.name().contains("/moving_"));
    }
    assertThat(graph.parameters().stream().map(ParameterSpec::name)).doesNotHaveDuplicates();
  }

  /** Of one image at the paper's crop and output stride 16: maps of 257, 129, 65 and 33 pixels. */
  @ParameterizedTest
  @CsvSource({
    "stem/conv, 621388992",
    "block1/unit1/conv1, 68161536",
    "block1/unit3/conv2, 155750400",
    "block4/unit1/conv2, 2569273344",
    "aspp/branch1/conv, 5138546688",
    "aspp/imagePooling/conv, 524288",
    "aspp/projection/conv, 356843520",
    "head/scores, 5854464"
  })
  void multiplyAdds(String path, long byHand) {
    Graph graph = network(Architecture.RESNET_50, 4, Optional.of(SmallModel.pyramid(6, 12, 18)));
    assertThat(graph.nodesOf(ForwardOp.Conv2D.class).filter(conv -> conv.path().equals(path)))
        .singleElement()
        .satisfies(
            conv ->
                assertThat(
                        conv.input(1).type().elements()
                            * conv.output().size(1)
                            * conv.output().size(2))
                    .isEqualTo(byHand));
  }
}
