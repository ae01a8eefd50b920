package dev.atrous.processor.spec;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atrous.processor.SmallModel;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class OutputStridesTest {

  private static ModelSpec spec(int outputStride, int lastBlock, Integer... rates) {
    return SmallModel.paper(
        Architecture.RESNET_50,
        outputStride,
        lastBlock,
        Collections.nCopies(3, 1),
        rates.length == 0 ? Optional.empty() : Optional.of(SmallModel.pyramid(rates)));
  }

  @Test
  void eachCopyOfBlock4DoublesTheLargest() {
    assertThat(spec(16, 4).outputStrides()).containsExactly(8, 16, 32);
    assertThat(spec(16, 5).outputStrides()).containsExactly(8, 16, 32, 64);
    assertThat(spec(16, 6).outputStrides()).containsExactly(8, 16, 32, 64, 128);
    assertThat(spec(256, 7).outputStrides()).containsExactly(8, 16, 32, 64, 128, 256);
  }

  @Test
  void ratesScaleWithTheMap() {
    ModelSpec spec = spec(16, 4, 6, 12, 18);
    assertThat(spec.scaledRates(8)).contains(List.of(12, 24, 36));
    assertThat(spec.scaledRates(16)).contains(List.of(6, 12, 18));
    assertThat(spec.scaledRates(32)).contains(List.of(3, 6, 9));
    assertThat(spec.outputStrides()).containsExactly(8, 16, 32);
  }

  @Test
  void stridesWhereARateIsNotWholeAreNotOffered() {
    assertThat(spec(16, 4, 6, 9).scaledRates(32)).isEmpty();
    assertThat(spec(16, 4, 6, 9).outputStrides()).containsExactly(8, 16);
    assertThat(spec(8, 4, 12, 24, 36).outputStrides()).containsExactly(8, 16, 32);
    assertThat(spec(8, 4, 6, 12, 18).outputStrides()).containsExactly(8, 16);
    assertThat(spec(8, 4, 1).outputStrides()).containsExactly(8);
  }

  @Test
  void theTrainedStrideIsAlwaysOffered() {
    for (int stride : List.of(8, 16, 32, 64, 128, 256)) {
      assertThat(spec(stride, 7, 1, 1024).outputStrides()).contains(stride);
    }
  }

  @Test
  void inWords() {
    assertThat(OutputStrides.inWords(OutputStrides.legal(4))).isEqualTo("8, 16 or 32");
  }
}
