package dev.atrous.processor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atrous.processor.diag.DiagnosticId;
import dev.atrous.processor.diag.Severity;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import javax.tools.Diagnostic;
import javax.tools.JavaFileObject;

/**
 * A spec with one thing wrong, marked with « where javac's message must point.
 *
 * @param title what is special about it; may be empty
 * @param message the whole text, without the id
 */
record Example(DiagnosticId id, String title, String source, String message) {
  private static final String MARK = "«";

  /** The last value of an annotation that begins in a text: after its name, or without one. */
  private static final Pattern VALUE = Pattern.compile("\\w+ = |\\(");

  /** Runs the processor in javac and checks that this is all that is reported, and where. */
  void checkJavac() {
    checkJavac(Compile.processed(file()).diagnostics());
  }

  /** Checks what javac reported. */
  void checkJavac(List<Diagnostic<? extends JavaFileObject>> found) {
    check(found);
    assertThat(place(found.get(0))).isEqualTo(place(before().length()));
  }

  /**
   * The same with Eclipse's compiler. It points at the name of a value in an annotation and not at
   * what is given for it, at the name of a type and not at its modifiers, and at no place in a
   * record.
   */
  void checkEclipse() {
    List<Diagnostic<? extends JavaFileObject>> found = Eclipse.process(file()).diagnostics();
    check(found);
    if (source.contains(" record ")) {
      assertThat(found.get(0).getLineNumber()).isZero();
    } else {
      assertThat(place(found.get(0))).isEqualTo(place(eclipseOffset()));
    }
  }

  private int eclipseOffset() {
    int offset = before().length();
    String after = text().substring(offset);
    if (after.startsWith("interface ")) {
      return offset + "interface ".length();
    }
    if (after.startsWith("@Training.Part")) { // in the list that is the value
      return before().indexOf("parts = ");
    }
    if (after.startsWith("@Training.Phase")) {
      return before().indexOf("phases = ");
    }
    if (after.startsWith("@")) {
      return offset;
    }
    MatchResult last = VALUE.matcher(before()).results().reduce((a, b) -> b).orElseThrow();
    return last.group().equals("(") ? last.end() : last.start();
  }

  private void check(List<Diagnostic<? extends JavaFileObject>> found) {
    assertThat(found).extracting(Compile::text).containsExactly("[" + id.code() + "] " + message);
    assertThat(found.get(0).getKind() == Diagnostic.Kind.ERROR)
        .as("is an error")
        .isEqualTo(id.severity() == Severity.ERROR);
  }

  JavaFileObject file() {
    return Compile.example("Spec", text());
  }

  private static String place(Diagnostic<?> diagnostic) {
    return diagnostic.getLineNumber() + ":" + diagnostic.getColumnNumber();
  }

  /** Line and column of a character of the text. */
  private String place(int offset) {
    String[] lines = text().substring(0, offset).split("\n", -1);
    int shift = lines.length == 1 ? Compile.firstColumn() : 0;
    return lines.length + ":" + (lines[lines.length - 1].length() + shift + 1);
  }

  private String text() {
    return source.replace(MARK, "");
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
