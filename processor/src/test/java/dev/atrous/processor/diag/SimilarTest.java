package dev.atrous.processor.diag;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class SimilarTest {
  private static final List<String> NAMES = List.of("PAPER", "TORCHVISION", "MSRA");

  @Test
  void findsTheNearestName() {
    assertThat(Similar.to("TORCHVISON", NAMES)).contains("TORCHVISION");
    assertThat(Similar.to("torch_vision", NAMES)).contains("TORCHVISION");
    assertThat(Similar.to("MRSA", NAMES)).contains("MSRA");
    assertThat(Similar.to("PAPERS", List.of("PAPIER", "PAPER"))).contains("PAPER");
  }

  @Test
  void findsNothingWhereNothingIsNear() {
    assertThat(Similar.to("DEEPLAB", NAMES)).isEmpty();
    assertThat(Similar.to("TORCH", NAMES)).isEmpty();
    assertThat(Similar.to("X", List.of())).isEmpty();
  }
}
