package dev.atrous.processor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atrous.processor.diag.DiagnosticId;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every message of the catalogue: its text, and the place in the source that it points at. */
final class DiagnosticsTest {

  @ParameterizedTest
  @MethodSource("examples")
  void oneMistakeGivesOneMessageAtItsPlace(Example example) {
    example.checkJavac();
  }

  @Test
  void everyMessageHasAnExample() {
    assertThat(Stream.concat(examples(), MisspeltNamesTest.examples()).map(Example::id))
        .contains(DiagnosticId.values());
  }

  @Test
  void codesCountUp() {
    int number = 1;
    for (DiagnosticId id : DiagnosticId.values()) {
      assertThat(id.code()).isEqualTo("ATR%03d", number++);
    }
  }

  /** All but the names that don't exist, about which the Java compiler has its own message too. */
  static Stream<Example> examples() {
    return Stream.of(
            SpecExamples.all(),
            ModelExamples.all(),
            NetworkExamples.all(),
            RecipeExamples.all(),
            PhaseExamples.all(),
            PlanExamples.all())
        .flatMap(List::stream);
  }
}
