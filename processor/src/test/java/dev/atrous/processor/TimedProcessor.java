package dev.atrous.processor;

import java.lang.management.ManagementFactory;
import java.util.Set;
import javax.annotation.processing.AbstractProcessor;
import javax.annotation.processing.ProcessingEnvironment;
import javax.annotation.processing.RoundEnvironment;
import javax.lang.model.SourceVersion;
import javax.lang.model.element.TypeElement;
import javax.tools.Diagnostic;

/** The processor, with a note of the processor time that it took. */
public final class TimedProcessor extends AbstractProcessor {
  static final String NOTE = "milliseconds of the processor: ";

  private final ModelProcessor processor = new ModelProcessor();
  private long nanoseconds;

  @Override
  public Set<String> getSupportedAnnotationTypes() {
    return processor.getSupportedAnnotationTypes();
  }

  @Override
  public SourceVersion getSupportedSourceVersion() {
    return processor.getSupportedSourceVersion();
  }

  @Override
  public synchronized void init(ProcessingEnvironment environment) {
    super.init(environment);
    processor.init(environment);
  }

  @Override
  public boolean process(Set<? extends TypeElement> annotations, RoundEnvironment round) {
    long start = now();
    processor.process(annotations, round);
    nanoseconds += now() - start;
    if (round.processingOver()) {
      processingEnv
          .getMessager()
          .printMessage(Diagnostic.Kind.NOTE, NOTE + nanoseconds / 1_000_000);
    }
    return false;
  }

  /** Time that this thread ran, which other work on the machine does not change. */
  private static long now() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }
}
