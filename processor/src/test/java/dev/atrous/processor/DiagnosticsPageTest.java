package dev.atrous.processor;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.testing.compile.Compilation;
import dev.atrous.processor.diag.DiagnosticId;
import dev.atrous.processor.diag.Severity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** docs/diagnostics.md has a section per message, and each says what the processor says. */
final class DiagnosticsPageTest {
  private static final Path PAGE = Path.of("..", "docs", "diagnostics.md");
  private static final Pattern SECTION =
      Pattern.compile(
          "^## (ATR\\d{3}): ([^\\n]+)\\n\\n[^#`].*?\\n```java\\n(.*?)```\\n\\n```text\\n(.*?)\\n```\\n\\n[^#`]",
          Pattern.DOTALL | Pattern.MULTILINE);

  /** One section of the page. */
  record Section(String code, String title, String example, String message) {
    Section(MatchResult match) {
      this(match.group(1), match.group(2), match.group(3), match.group(4));
    }

    @Override
    public String toString() {
      return code;
    }
  }

  static Stream<Section> sections() throws IOException {
    return SECTION.matcher(Files.readString(PAGE)).results().map(Section::new);
  }

  @Test
  void everyMessageHasASectionInItsPlace() throws IOException {
    List<String> codes = Stream.of(DiagnosticId.values()).map(DiagnosticId::code).toList();
    assertThat(sections().map(Section::code)).containsExactlyElementsOf(codes);
    assertThat(Files.readString(PAGE).lines().filter(line -> line.startsWith("## ")))
        .hasSameSizeAs(codes);
  }

  @Test
  void warningsAreCalledWarnings() throws IOException {
    assertThat(sections().filter(section -> section.title().endsWith("(warning)")))
        .extracting(Section::code)
        .containsExactlyElementsOf(
            Stream.of(DiagnosticId.values())
                .filter(id -> id.severity() == Severity.WARNING)
                .map(DiagnosticId::code)
                .toList());
  }

  @ParameterizedTest
  @MethodSource("sections")
  void theExampleGivesTheMessageAndNoOther(Section section) {
    Compilation compilation = Compile.processed(Compile.example("Spec", section.example()));
    boolean besideJavac =
        Stream.of(DiagnosticId.UNKNOWN_CONSTANT, DiagnosticId.UNKNOWN_MEMBER)
            .anyMatch(id -> id.code().equals(section.code()));
    assertThat(compilation.diagnostics().stream().map(Compile::text))
        .filteredOn(text -> !besideJavac || text.startsWith("[ATR"))
        .containsExactly(section.message());
  }
}
