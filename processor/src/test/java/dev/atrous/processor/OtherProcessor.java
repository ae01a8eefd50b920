package dev.atrous.processor;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.util.Map;
import java.util.Set;
import javax.annotation.processing.AbstractProcessor;
import javax.annotation.processing.RoundEnvironment;
import javax.lang.model.SourceVersion;
import javax.lang.model.element.TypeElement;

/** A processor of somebody else, that writes sources of package {@code example} in a round. */
final class OtherProcessor extends AbstractProcessor {
  private final Map<Integer, Map<String, String>> byRound;
  private int round;

  /**
   * @param byRound the sources by name, by the round in which they are written; the first is 1
   */
  OtherProcessor(Map<Integer, Map<String, String>> byRound) {
    this.byRound = byRound;
  }

  @Override
  public Set<String> getSupportedAnnotationTypes() {
    return Set.of("*");
  }

  @Override
  public SourceVersion getSupportedSourceVersion() {
    return SourceVersion.latestSupported();
  }

  @Override
  public boolean process(Set<? extends TypeElement> annotations, RoundEnvironment environment) {
    byRound.getOrDefault(++round, Map.of()).forEach(this::write);
    return false;
  }

  private void write(String name, String text) {
    try (Writer writer =
        processingEnv.getFiler().createSourceFile("example." + name).openWriter()) {
      writer.write(Compile.content(Compile.example(name, text)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
