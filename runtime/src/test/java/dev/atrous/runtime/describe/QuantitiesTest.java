package dev.atrous.runtime.describe;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class QuantitiesTest {
  @Test
  void numbersHaveTheUnitThatSuits() {
    assertThat(Quantities.rounded(999)).isEqualTo("999");
    assertThat(Quantities.rounded(961_400)).isEqualTo("961.4 K");
    assertThat(Quantities.rounded(58_040_661)).isEqualTo("58.04 M");
    assertThat(Quantities.rounded(68_914_428_352L)).isEqualTo("68.91 G");
    assertThat(Quantities.memory(1 << 20)).isEqualTo("1.0 MiB");
    assertThat(Quantities.memory(3L << 29)).isEqualTo("1.50 GiB");
    assertThat(Quantities.mebibytes(3L << 30)).isEqualTo("3,072.0 MiB");
    assertThat(Quantities.percent(0.7716)).isEqualTo("77.2%");
    assertThat(Quantities.plain(1e-4)).isEqualTo("0.0001");
    assertThat(Quantities.plain(2)).isEqualTo("2");
  }

  @Test
  void onlySizesAreTypeset() {
    assertThat(Quantities.typeset("33x33x256")).isEqualTo("33 × 33 × 256");
    assertThat(Quantities.typeset("513 x 513")).isEqualTo("513 × 513");
    assertThat(Quantities.typeset("ResNeXt x")).isEqualTo("ResNeXt x");
  }
}
