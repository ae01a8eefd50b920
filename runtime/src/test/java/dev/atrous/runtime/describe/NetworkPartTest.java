package dev.atrous.runtime.describe;

import static dev.atrous.runtime.describe.SmallDescription.MODEL;
import static dev.atrous.runtime.describe.SmallDescription.layer;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What is read off the names of the layers: parts, units, stages and maps. */
final class NetworkPartTest {
  private static final List<NetworkPart> PARTS = NetworkPart.of(MODEL.layers());

  private static NetworkPart part(String name) {
    return PARTS.stream().filter(part -> part.name().equals(name)).findFirst().orElseThrow();
  }

  @Test
  void aNameHasPartUnitAndLayer() {
    assertThat(LayerName.of(layer("block4/unit1/conv2", 3, 1, 1, 1, 5, 5, 8)))
        .isEqualTo(new LayerName("block4", "unit1", "conv2"));
    assertThat(LayerName.of(layer("stem/conv", 3, 1, 1, 1, 5, 5, 8)))
        .isEqualTo(new LayerName("stem", "", "conv"));
    assertThat(LayerName.of(layer("logits", 1, 1, 1, 1, 5, 5, 8)))
        .isEqualTo(new LayerName("logits", "", "logits"));
  }

  @Test
  void partsStandInTheOrderOfTheNetwork() {
    assertThat(PARTS.stream().map(NetworkPart::name))
        .containsExactly("stem", "block1", "block3", "block4", "aspp", "head", "auxiliary");
    assertThat(part("aspp").units().stream().map(NetworkUnit::name))
        .containsExactly("branch0", "branch1", "imagePooling", "projection");
    assertThat(PARTS.stream().mapToLong(NetworkPart::parameters).sum())
        .isEqualTo(NetworkPart.total(MODEL.layers()).parameters())
        .isEqualTo(MODEL.parameters());
  }

  @Test
  void aShortcutDoesNotSubsampleAgain() {
    assertThat(part("block1").stride()).isEqualTo(2);
    assertThat(part("block1").units().get(1).stride()).isEqualTo(2);
  }

  @Test
  void stagesKnowTheirOutputStride() {
    List<Stage> stages = Stage.of(MODEL, PARTS.stream().filter(Stage::isBackbone).toList());
    assertThat(stages.stream().map(Stage::name))
        .containsExactly("image", "stem", "block1", "block3", "block4");
    assertThat(stages.stream().map(Stage::size)).containsExactly(33, 9, 5, 5, 5);
    assertThat(stages.stream().map(Stage::stride)).containsExactly(1, 4, 2, 1, 1);
    assertThat(stages.stream().map(Stage::outputStride)).containsExactly(1, 4, 8, 8, 8);
    assertThat(stages.get(3).rates())
        .containsExactly(new Stage.Run(1, 1, 1, 5), new Stage.Run(2, 2, 3, 5));
    assertThat(stages.get(3).rates().get(1).range()).isEqualTo("2–3");
  }

  @Test
  void mapsNameWhoHasARate() {
    assertThat(AtrousMap.of(MODEL.layers()))
        .containsExactly(
            new AtrousMap(
                5,
                5,
                List.of(
                    new AtrousMap.Rate(2, "block3, block4", "block3 units 2–3, block4 unit 1"),
                    new AtrousMap.Rate(4, "block4", "block4 unit 2"),
                    new AtrousMap.Rate(6, "aspp", "aspp/branch1"))));
  }

  @Test
  void mapsAreThoseOfAtrousConvolutionsOfStrideOne() {
    List<AtrousMap> maps =
        AtrousMap.of(
            Stream.of(
                    layer("block4/unit1/conv1", 3, 1, 1, 2, 9, 9, 8),
                    layer("block4/unit2/conv1", 3, 2, 1, 4, 9, 5, 8),
                    layer("block5/unit1/conv1", 3, 1, 2, 2, 5, 5, 8),
                    layer("block5/unit3/conv1", 3, 1, 2, 2, 5, 5, 8),
                    layer("block5/unit4/conv1", 3, 1, 2, 2, 5, 5, 8),
                    layer("block6/unit1/conv1", 3, 1, 1, 1, 3, 3, 8))
                .toList());
    assertThat(maps.stream().map(AtrousMap::height)).containsExactly(9, 5);
    assertThat(maps.get(0).rates())
        .containsExactly(new AtrousMap.Rate(2, "block4", "block4 unit 1"));
    assertThat(maps.get(1).rates().get(0).units()).isEqualTo("block5 units 1, 3–4");
  }
}
