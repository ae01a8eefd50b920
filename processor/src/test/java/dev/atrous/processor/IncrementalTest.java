package dev.atrous.processor;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.testing.compile.Compilation;
import com.google.testing.compile.Compiler;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.ServiceLoader;
import java.util.Set;
import javax.annotation.processing.AbstractProcessor;
import javax.annotation.processing.Filer;
import javax.annotation.processing.ProcessingEnvironment;
import javax.annotation.processing.Processor;
import javax.annotation.processing.RoundEnvironment;
import javax.lang.model.SourceVersion;
import javax.lang.model.element.Element;
import javax.lang.model.element.TypeElement;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What build tools need to know to run the processor, and to run it on changed specs alone. */
final class IncrementalTest {

  @Test
  void isRegisteredAsAService() {
    assertThat(ServiceLoader.load(Processor.class).stream().map(ServiceLoader.Provider::type))
        .contains(ModelProcessor.class);
  }

  @Test
  void isDeclaredIsolatingToGradle() throws IOException {
    String file = "/META-INF/gradle/incremental.annotation.processors";
    try (InputStream in = Objects.requireNonNull(ModelProcessor.class.getResourceAsStream(file))) {
      assertThat(new String(in.readAllBytes(), StandardCharsets.UTF_8).strip())
          .isEqualTo(ModelProcessor.class.getName() + ",isolating");
    }
  }

  @Test
  void supportsItsOwnAnnotationsAndTheMarkOfWhatItWrites() {
    assertThat(new ModelProcessor().getSupportedAnnotationTypes())
        .containsExactlyInAnyOrder(
            dev.atrous.annotation.SegmentationModel.class.getName(),
            dev.atrous.annotation.Backbone.class.getName(),
            dev.atrous.annotation.AtrousCascade.class.getName(),
            dev.atrous.annotation.ASPP.class.getName(),
            dev.atrous.annotation.AuxiliaryHead.class.getName(),
            dev.atrous.annotation.Conventions.class.getName(),
            dev.atrous.annotation.Loss.class.getName(),
            dev.atrous.annotation.Training.class.getName(),
            javax.annotation.processing.Generated.class.getName());
  }

  @Test
  void everyFileOriginatesFromItsSpecAlone() {
    OriginRecorder recorder = new OriginRecorder();
    Compilation compilation =
        Compiler.javac()
            .withProcessors(recorder)
            .compile(
                Compile.example("Small", SmallModel.SOURCE),
                Compile.example(
                    "Heir",
                    "@SuppressWarnings(\"ATR023\") @SegmentationModel(crop = 65) interface Heir extends Small {}"),
                Compile.example("Bad", "@SegmentationModel(classes = 1) interface Bad {}"));
    assertThat(compilation.errors()).hasSize(2);
    assertThat(recorder.files)
        .containsExactlyInAnyOrder(
            "example.SmallModel from [example.Small]",
            "example.SmallTrainingStep from [example.Small]",
            "example.SmallTrainer from [example.Small]",
            "example.SmallPredictor from [example.Small]",
            "example.HeirModel from [example.Heir]",
            "example.HeirTrainingStep from [example.Heir]",
            "example.HeirTrainer from [example.Heir]",
            "example.HeirPredictor from [example.Heir]",
            "example.BadModel from [example.Bad]",
            "example.BadTrainer from [example.Bad]",
            "example.BadPredictor from [example.Bad]");
  }

  /** The processor, with a filer that remembers what is asked of it. */
  private static final class OriginRecorder extends AbstractProcessor {
    private final ModelProcessor processor = new ModelProcessor();
    private final List<String> files = new ArrayList<>();

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
      Filer filer =
          intercept(
              Filer.class,
              environment.getFiler(),
              (method, arguments) -> {
                Element[] origins = (Element[]) arguments[arguments.length - 1];
                files.add(arguments[0] + " from " + List.of(origins));
                return null;
              });
      processor.init(
          intercept(
              ProcessingEnvironment.class,
              environment,
              (method, arguments) -> method.equals("getFiler") ? filer : null));
    }

    @Override
    public boolean process(Set<? extends TypeElement> annotations, RoundEnvironment round) {
      processor.process(annotations, round);
      return false;
    }
  }

  /** Sees a call first. */
  private interface Interceptor {
    /** An answer, or null to let the call pass. */
    @Nullable Object call(String method, Object[] arguments);
  }

  private static <T> T intercept(Class<T> type, T target, Interceptor interceptor) {
    Object proxy =
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (self, method, arguments) -> {
              Object[] given = arguments == null ? new Object[0] : arguments;
              Object answer = interceptor.call(method.getName(), given);
              try {
                return answer != null ? answer : method.invoke(target, arguments);
              } catch (InvocationTargetException e) {
                throw Objects.requireNonNull(e.getCause());
              }
            });
    return type.cast(proxy);
  }
}
