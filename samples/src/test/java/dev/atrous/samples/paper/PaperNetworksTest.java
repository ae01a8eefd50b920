package dev.atrous.samples.paper;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atrous.runtime.model.CompiledModel;
import dev.atrous.runtime.model.LayerDescription;
import dev.atrous.runtime.op.Parameter;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the compiler says about the networks of the tables, against arithmetic by hand. */
class PaperNetworksTest {
  private static final String NORMS = ".*/(gamma|beta|moving_mean|moving_variance)";

  static List<Network> networks() {
    return Network.all().toList();
  }

  private static CompiledModel model(String name) {
    return PaperRows.models().stream()
        .filter(model -> model.description().name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static List<LayerDescription> layers(CompiledModel model, String pattern) {
    return model.description().layers().stream()
        .filter(layer -> layer.name().matches(pattern))
        .toList();
  }

  private static long trainable(CompiledModel model, Predicate<String> names) {
    return model.parameters().stream()
        .filter(parameter -> parameter.trainable() && names.test(parameter.name()))
        .mapToLong(parameter -> parameter.shape().size())
        .sum();
  }

  private static boolean isBackbone(String name) {
    return name.matches("(stem|block[1-7])/.*");
  }

  private static long multiplyAdds(List<LayerDescription> layers) {
    return layers.stream().mapToLong(LayerDescription::multiplyAdds).sum();
  }

  @Test
  void everyNetworkIsHere() {
    assertThat(PaperRows.networks().stream().map(model -> model.description().name()))
        .containsExactlyInAnyOrderElementsOf(networks().stream().map(Network::name).toList());
  }

  @ParameterizedTest
  @MethodSource("networks")
  void parameters(Network network) {
    CompiledModel model = model(network.name());
    assertThat(network.backboneParameters() + network.headParameters())
        .as("two ways of counting")
        .isEqualTo(network.parameters());
    assertThat(trainable(model, PaperNetworksTest::isBackbone))
        .isEqualTo(network.backboneParameters());
    assertThat(trainable(model, name -> !isBackbone(name))).isEqualTo(network.headParameters());
    assertThat(model.description().layers().stream().mapToLong(LayerDescription::parameters).sum())
        .isEqualTo(network.parameters());
  }

  @ParameterizedTest
  @MethodSource("networks")
  void multiplyAdds(Network network) {
    CompiledModel model = model(network.name());
    assertThat(network.backboneMultiplyAdds() + network.headMultiplyAdds())
        .as("two ways of counting")
        .isEqualTo(network.multiplyAdds());
    assertThat(multiplyAdds(layers(model, "(stem|block.)/.*")))
        .isEqualTo(network.backboneMultiplyAdds());
    assertThat(multiplyAdds(layers(model, "(aspp|head)/.*"))).isEqualTo(network.headMultiplyAdds());
    assertThat(model.description().multiplyAdds()).isEqualTo(network.multiplyAdds());
  }

  @ParameterizedTest
  @MethodSource("networks")
  void ratesAndMaps(Network network) {
    requireRatesAndMaps(network, model(network.name()));
  }

  private static void requireRatesAndMaps(Network network, CompiledModel model) {
    assertThat(model.description().outputStride()).isEqualTo(network.outputStride());
    assertThat(model.description().crop()).isEqualTo(513);
    for (int block = 1; block <= network.lastBlock(); block++) {
      String name = "block" + block + "/";
      List<LayerDescription> atrous = layers(model, name + "unit\\d+/conv2");
      assertThat(atrous.stream().map(LayerDescription::rate))
          .as(name)
          .isEqualTo(network.rates(block));
      assertThat(layers(model, name + ".*(conv[13]|shortcutConv)"))
          .as(name)
          .hasSizeGreaterThanOrEqualTo(2 * network.units(block))
          .allMatch(layer -> layer.kernel() == 1 && layer.rate() == 1 && layer.stride() == 1);
      requireMaps(network, block, atrous);
    }
    assertThat(layers(model, "block" + (network.lastBlock() + 1) + "/.*")).isEmpty();
    int side = network.side(network.lastBlock());
    assertThat(layers(model, "aspp/branch[1-9]/conv").stream().map(LayerDescription::rate))
        .isEqualTo(network.pyramid());
    assertThat(layers(model, "(aspp/(branch|projection).*|head/scores)"))
        .isNotEmpty()
        .allMatch(layer -> layer.height() == side && layer.width() == side);
    assertThat(layers(model, "aspp/imagePooling/conv")).hasSize(network.imagePooling() ? 1 : 0);
  }

  /** The 3x3 convolutions have the size of the map before the block, the last one that behind. */
  private static void requireMaps(Network network, int block, List<LayerDescription> atrous) {
    int before = network.side(block - 1);
    int behind = network.side(block);
    int last = atrous.size() - 1;
    for (int unit = 0; unit <= last; unit++) {
      LayerDescription layer = atrous.get(unit);
      int side = unit == last ? behind : before;
      assertThat(List.of(layer.height(), layer.width()))
          .as(layer.name())
          .containsExactly(side, side);
      assertThat(layer.stride())
          .as(layer.name())
          .isEqualTo(unit == last && before != behind ? 2 : 1);
      assertThat(layer.kernel()).isEqualTo(3);
    }
  }

  @Test
  void theSecondPhaseIsTheSameNetworkAtAnotherStride() {
    CompiledModel first = model("DeepLabV3");
    CompiledModel second = model("DeepLabV3TwoPhases");
    requireRatesAndMaps(Network.PHASE_2, second);
    assertThat(second.parameters().stream().map(Parameter::name))
        .containsExactlyElementsOf(first.parameters().stream().map(Parameter::name).toList());
    assertThat(second.parameters().stream().map(Parameter::shape))
        .containsExactlyElementsOf(first.parameters().stream().map(Parameter::shape).toList());
    assertThat(second.parameters())
        .allMatch(parameter -> parameter.trainable() != parameter.name().matches(NORMS));
    long scalesAndShifts = 2 * Network.PHASE_2.normalizedChannels();
    assertThat(scalesAndShifts).isEqualTo(108_416);
    assertThat(trainable(second, name -> true))
        .isEqualTo(Network.PHASE_2.parameters() - scalesAndShifts);
    assertThat(second.description().multiplyAdds()).isEqualTo(Network.PHASE_2.multiplyAdds());
    assertThat(second.description().training().frozenBatchNorm()).isTrue();
    assertThat(second.description().training().learningRate()).isEqualTo(0.001);
  }

  /** Figure 7 of DeepLabv2 on the paper's ResNet-101 without multi-grid, at output stride 8. */
  @Test
  void theBaselineHasFourBranchesOfThreeConvolutions() {
    CompiledModel model = model("DeepLabV2");
    long pixels = 65 * 65;
    long branch = 9 * 2048 * 1024 + 1024 * 1024 + 1024 * 21;
    long biases = 1024 + 1024 + 21;
    // ResNet-101 without its last layer, as published.
    assertThat(trainable(model, PaperNetworksTest::isBackbone)).isEqualTo(42_500_160);
    assertThat(trainable(model, name -> name.startsWith("aspp/"))).isEqualTo(4 * (branch + biases));
    assertThat(trainable(model, name -> true)).isEqualTo(122_286_228);
    assertThat(multiplyAdds(layers(model, "aspp/.*"))).isEqualTo(pixels * 4 * branch);
    assertThat(model.description().multiplyAdds()).isEqualTo(518_744_290_496L);
    assertThat(layers(model, "aspp/branch./conv1").stream().map(LayerDescription::rate))
        .containsExactly(6, 12, 18, 24);
    assertThat(layers(model, "block3/.*/conv2")).allMatch(layer -> layer.rate() == 2);
    assertThat(layers(model, "block4/.*/conv2")).allMatch(layer -> layer.rate() == 4);
    assertThat(model.parameters().stream().filter(p -> p.name().matches("aspp/.*" + NORMS)))
        .isEmpty();
  }
}
