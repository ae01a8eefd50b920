package dev.atrous.processor;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.testing.compile.Compilation;
import dev.atrous.processor.diag.DiagnosticId;
import dev.atrous.processor.diag.Severity;
import java.util.List;
import javax.tools.Diagnostic;
import javax.tools.JavaFileObject;

/**
 * A spec with one thing wrong, marked with « where the message must point.
 *
 * @param title what is special about it; may be empty
 * @param message the whole text, without the id
 */
record Example(DiagnosticId id, String title, String source, String message) {
  private static final String MARK = "«";

  /** Compiles it and checks that this is all that is reported, and where. */
  void check() {
    Compilation compilation = Compile.lenient(file());
    boolean error = id.severity() == Severity.ERROR;
    assertThat(error ? compilation.errors() : compilation.warnings()).hasSize(1);
    assertThat(error ? compilation.warnings() : compilation.errors()).isEmpty();
    Diagnostic<? extends JavaFileObject> found =
        (error ? compilation.errors() : compilation.warnings()).get(0);
    assertThat(Compile.text(found)).isEqualTo("[" + id.code() + "] " + message);
    assertThat(List.of(found.getLineNumber(), found.getColumnNumber()))
        .as("line and column")
        .containsExactly(line(), column());
  }

  private JavaFileObject file() {
    return Compile.example("Spec", source.replace(MARK, ""));
  }

  private long line() {
    return before().chars().filter(c -> c == 0x0A).count() + 1;
  }

  private long column() {
    String before = before();
    int lineStart = before.lastIndexOf('\n') + 1;
    int shift = lineStart == 0 ? Compile.firstColumn() : 0;
    return (long) before.length() - lineStart + shift + 1;
  }

  private String before() {
    assertThat(source).containsOnlyOnce(MARK);
    return source.substring(0, source.indexOf(MARK));
  }

  @Override
  public String toString() {
    return id.code() + " " + id + (title.isEmpty() ? "" : ": " + title);
  }
}
