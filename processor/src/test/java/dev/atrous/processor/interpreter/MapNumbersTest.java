package dev.atrous.processor.interpreter;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MapNumbersTest {

  /** Between 1 and 2 they are 1/128 apart; of two that are as near, the even one is taken. */
  @ParameterizedTest
  @CsvSource({
    "1, 1",
    "1.00390625, 1",
    "1.0039065, 1.0078125",
    "1.01171875, 1.015625",
    "-1.0039065, -1.0078125",
    "3.4e38, Infinity",
    "3.38e38, 3.3762391092936863e38",
    "1e-30, 9.98402083170343e-31",
    "0, 0"
  })
  void roundsToTheNearest(double value, double expected) {
    Tensor rounded = MapNumbers.BFLOAT16.round(Tensor.of(List.of(1), value));
    assertThat(rounded.at(0)).isEqualTo(expected);
  }
}
