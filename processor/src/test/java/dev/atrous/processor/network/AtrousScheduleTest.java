package dev.atrous.processor.network;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atrous.processor.SmallModel;
import dev.atrous.processor.ir.ForwardOp;
import dev.atrous.processor.ir.Graph;
import dev.atrous.processor.ir.Node;
import dev.atrous.processor.ir.Op;
import dev.atrous.processor.spec.Architecture;
import dev.atrous.processor.spec.Conventions;
import dev.atrous.processor.spec.ModelSpec;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Base rates and strides against tables written by hand from the paper's Figure 3. */
final class AtrousScheduleTest {

  /** Strides of the last units, then rates, of block1 to block7. */
  @ParameterizedTest
  @CsvSource({
    "8,   2 1 1 1 1 1 1, 1 1 2 4 8 16 32",
    "16,  2 2 1 1 1 1 1, 1 1 1 2 4 8 16",
    "32,  2 2 2 1 1 1 1, 1 1 1 1 2 4 8",
    "64,  2 2 2 2 1 1 1, 1 1 1 1 1 2 4",
    "128, 2 2 2 2 2 1 1, 1 1 1 1 1 1 2",
    "256, 2 2 2 2 2 2 1, 1 1 1 1 1 1 1"
  })
  void cascadeToBlock7(int outputStride, String strides, String rates) {
    List<AtrousSchedule.Block> blocks =
        AtrousSchedule.of(7, outputStride, Conventions.PAPER).blocks();
    assertThat(words(blocks.stream().map(AtrousSchedule.Block::stride).toList()))
        .isEqualTo(strides);
    assertThat(words(blocks.stream().map(AtrousSchedule.Block::rate).toList())).isEqualTo(rates);
  }

  @ParameterizedTest
  @CsvSource({"8, 2 1 1 1, 1 1 2 4", "16, 2 2 1 1, 1 1 1 2", "32, 2 2 2 1, 1 1 1 1"})
  void block4IsTheLast(int outputStride, String strides, String rates) {
    List<AtrousSchedule.Block> blocks =
        AtrousSchedule.of(4, outputStride, Conventions.PAPER).blocks();
    assertThat(words(blocks.stream().map(AtrousSchedule.Block::stride).toList()))
        .isEqualTo(strides);
    assertThat(words(blocks.stream().map(AtrousSchedule.Block::rate).toList())).isEqualTo(rates);
  }

  /** torchvision: strides in the first units, whose rate is that of the block before. */
  @ParameterizedTest
  @CsvSource({
    "8, 1 2 1 1, 1 1 1 2, 1 1 2 4",
    "16, 1 2 2 1, 1 1 1 1, 1 1 1 2",
    "32, 1 2 2 2, 1 1 1 1, 1 1 1 1"
  })
  void strideInTheFirstUnit(int outputStride, String strides, String firstRates, String rates) {
    List<AtrousSchedule.Block> blocks =
        AtrousSchedule.of(4, outputStride, Conventions.TORCHVISION).blocks();
    assertThat(words(blocks.stream().map(AtrousSchedule.Block::stride).toList()))
        .isEqualTo(strides);
    assertThat(words(blocks.stream().map(AtrousSchedule.Block::firstRate).toList()))
        .isEqualTo(firstRates);
    assertThat(words(blocks.stream().map(AtrousSchedule.Block::rate).toList())).isEqualTo(rates);
  }

  /** He et al.: strides in the first units; all units of a block have its rate. */
  @ParameterizedTest
  @CsvSource({"8, 1 2 1 1 1, 1 1 2 4 8", "64, 1 2 2 2 2, 1 1 1 1 1"})
  void cascadeWithStrideInTheFirstUnit(int outputStride, String strides, String rates) {
    List<AtrousSchedule.Block> blocks =
        AtrousSchedule.of(5, outputStride, Conventions.MSRA).blocks();
    assertThat(words(blocks.stream().map(AtrousSchedule.Block::stride).toList()))
        .isEqualTo(strides);
    assertThat(words(blocks.stream().map(AtrousSchedule.Block::firstRate).toList()))
        .isEqualTo(rates);
    assertThat(words(blocks.stream().map(AtrousSchedule.Block::rate).toList())).isEqualTo(rates);
  }

  private static String words(List<Integer> numbers) {
    return String.join(" ", numbers.stream().map(String::valueOf).toList());
  }

  private static Graph paper(int outputStride, int lastBlock) {
    return NetworkStage.build(
        SmallModel.paper(
            Architecture.RESNET_50,
            16,
            lastBlock,
            List.of(1, 2, 4),
            Optional.of(SmallModel.pyramid(6, 12, 18))),
        outputStride,
        Mode.INFERENCE);
  }

  private static List<Integer> rates(Graph graph, String pattern) {
    return convolutions(graph, pattern).stream().map(op -> ((ForwardOp.Conv2D) op).rate()).toList();
  }

  @Test
  void multiGridMultipliesTheRatesOfTheThreeByThrees() {
    assertThat(rates(paper(16, 4), "block4/unit./conv2")).containsExactly(2, 4, 8);
    assertThat(rates(paper(8, 4), "block4/unit./conv2")).containsExactly(4, 8, 16);
    assertThat(rates(paper(32, 4), "block4/unit./conv2")).containsExactly(1, 2, 4);
    assertThat(rates(paper(16, 4), "block3/unit./conv2")).containsOnly(1);
    assertThat(rates(paper(8, 4), "block3/unit./conv2")).containsOnly(2);
    assertThat(rates(paper(16, 4), "block4/unit./(conv[13]|shortcutConv)")).containsOnly(1);
  }

  @Test
  void multiGridAppliesToTheCopiesOfBlock4() {
    assertThat(rates(paper(16, 6), "block5/unit./conv2")).containsExactly(4, 8, 16);
    assertThat(rates(paper(16, 6), "block6/unit./conv2")).containsExactly(8, 16, 32);
  }

  /** In the last unit of a block that halves the map, multi-grid meets the stride. */
  @Test
  void aConvolutionCanHaveStrideAndRate() {
    assertThat(convolutions(strided(64), "block4/unit./conv2"))
        .containsExactly(convolution(1, 1), convolution(1, 2), convolution(2, 4));
    assertThat(convolutions(strided(64), "block6/unit./conv2"))
        .containsExactly(convolution(1, 2), convolution(1, 4), convolution(1, 8));
    assertThat(convolutions(strided(256), "block6/unit./conv2"))
        .containsExactly(convolution(1, 1), convolution(1, 2), convolution(2, 4));
    assertThat(convolutions(strided(256), "block7/unit./conv2"))
        .containsExactly(convolution(1, 1), convolution(1, 2), convolution(1, 4));
  }

  private static ForwardOp convolution(int stride, int rate) {
    return new ForwardOp.Conv2D(stride, rate);
  }

  private static Graph strided(int outputStride) {
    ModelSpec spec =
        SmallModel.paper(
            Architecture.RESNET_50, outputStride, 7, List.of(1, 2, 4), Optional.empty());
    return NetworkStage.build(spec, outputStride, Mode.TRAINING);
  }

  private static List<Op> convolutions(Graph graph, String pattern) {
    return graph
        .nodesOf(ForwardOp.Conv2D.class)
        .filter(node -> node.path().matches(pattern))
        .map(Node::op)
        .toList();
  }

  @Test
  void pyramidRatesScale() {
    assertThat(rates(paper(16, 4), "aspp/branch./conv")).containsExactly(1, 6, 12, 18);
    assertThat(rates(paper(8, 4), "aspp/branch./conv")).containsExactly(1, 12, 24, 36);
  }

  @ParameterizedTest
  @CsvSource({"8, 65", "16, 33", "32, 17"})
  void mapsOfThePapersCrop(int outputStride, int size) {
    Graph graph = paper(outputStride, 4);
    assertThat(node(graph, "block4/unit3/output").output().type().shape())
        .containsExactly(16, size, size, 2048);
    assertThat(graph.result(NetworkStage.LOGITS).type().shape()).containsExactly(16, 513, 513, 21);
  }

  private static Node node(Graph graph, String path) {
    return graph.nodes().stream().filter(n -> n.path().equals(path)).findFirst().orElseThrow();
  }
}
