package dev.atrous.samples.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import dev.atrous.runtime.model.LayerDescription;
import dev.atrous.runtime.model.ModelDescription;
import org.junit.jupiter.api.Test;

/** The counts of the floors, beside taps that are counted one by one. */
final class FloorTest {
  private static final double ROUNDED = 1e-3; // percent; descriptions round the shares

  @Test
  void aTrainingStepNeedsThreeProductsForEachTapButTwoForThoseOfTheFirstFilter() {
    ModelDescription model = new TorchvisionResNet50At257Model().description();
    long forward = model.layers().stream().mapToLong(FloorTest::products).sum();
    long first = products(model.layers().get(0));
    assertThat(Floor.trainingStep(model)).isCloseTo(3 * forward - first, withinPercentage(ROUNDED));
  }

  @Test
  void inferenceNeedsOneProductForEachTapOutsideOfTheAuxiliaryHead() {
    ModelDescription model = new TorchvisionResNet50At513Model().description();
    long forward =
        model.layers().stream()
            .filter(layer -> !layer.name().startsWith("auxiliary"))
            .mapToLong(FloorTest::products)
            .sum();
    assertThat(Floor.inference(model)).isCloseTo(forward, withinPercentage(ROUNDED));
    assertThat(forward).isLessThan(model.multiplyAdds());
  }

  /** Input channels, output channels and taps that meet the map, as torchvision pads. */
  private static long products(LayerDescription layer) {
    long filters = layer.multiplyAdds() / ((long) layer.height() * layer.width());
    long channels = filters / layer.kernel() / layer.kernel();
    return channels
        * taps(layer, layer.height(), layer.inputHeight())
        * taps(layer, layer.width(), layer.inputWidth());
  }

  private static long taps(LayerDescription layer, int outputs, int inputs) {
    int padding = layer.rate() * (layer.kernel() - 1) / 2;
    long taps = 0;
    for (int output = 0; output < outputs; output++) {
      for (int tap = 0; tap < layer.kernel(); tap++) {
        int position = output * layer.stride() + tap * layer.rate() - padding;
        taps += position >= 0 && position < inputs ? 1 : 0;
      }
    }
    return taps;
  }
}
