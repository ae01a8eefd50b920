package dev.atrous.samples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atrous.runtime.model.CompiledModel;
import dev.atrous.runtime.op.Parameter;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The size of torchvision's models, as its documentation of their weights has it. */
final class TorchvisionModelsTest {
  private static final String AUXILIARY = "auxiliary/";

  static Stream<Arguments> models() {
    return Stream.of(
        Arguments.of(new TorchvisionResNet50Model(), 39_638_869, 42_004_074, 178.7),
        Arguments.of(new TorchvisionResNet101Model(), 58_630_997, 60_996_202, 258.7));
  }

  @ParameterizedTest
  @MethodSource("models")
  void hasThePublishedSize(
      CompiledModel model, long parameters, long withAuxiliary, double gigaMultiplyAdds) {
    assertThat(trainable(model, name -> !name.startsWith(AUXILIARY))).isEqualTo(parameters);
    assertThat(trainable(model, name -> true)).isEqualTo(withAuxiliary);
    assertThat(Math.round(model.description().multiplyAdds() / 1e8) / 10.0)
        .isEqualTo(gigaMultiplyAdds);
  }

  private static long trainable(CompiledModel model, Predicate<String> names) {
    return model.parameters().stream()
        .filter(Parameter::trainable)
        .filter(parameter -> names.test(parameter.name()))
        .mapToLong(parameter -> parameter.shape().size())
        .sum();
  }
}
