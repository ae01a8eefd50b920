package dev.atrous.runtime.weights;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atrous.runtime.TinyModel;
import java.util.List;
import org.junit.jupiter.api.Test;

class PixelScaleTest {
  @Test
  void theScaleOfAModelIsMeasured() {
    PixelScale tiny = new PixelScale(List.of(124f, 116f, 104f), List.of(58f, 57f, 57f));
    PixelScale measured = PixelScale.of(new TinyModel());
    assertThat(measured.isClose(tiny)).as("%s", measured).isTrue();
    assertThat(measured.isClose(PixelScale.TORCHVISION)).isFalse();
  }
}
