package dev.atrous.samples.generated;

import static com.google.testing.compile.Compiler.javac;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.testing.compile.Compilation;
import com.google.testing.compile.JavaFileObjects;
import dev.atrous.processor.Optimizers;
import dev.atrous.processor.autodiff.Autodiff;
import dev.atrous.processor.diag.Diagnostics;
import dev.atrous.processor.interpreter.Samples;
import dev.atrous.processor.interpreter.Tensor;
import dev.atrous.processor.ir.Graph;
import dev.atrous.processor.network.Mode;
import dev.atrous.processor.network.NetworkStage;
import dev.atrous.processor.spec.ModelSpec;
import dev.atrous.processor.spec.PhasedSpec;
import dev.atrous.processor.spec.SpecStage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import javax.annotation.processing.AbstractProcessor;
import javax.annotation.processing.RoundEnvironment;
import javax.lang.model.SourceVersion;
import javax.lang.model.element.TypeElement;

/**
 * The network of a spec in this package, for crops and batches of any size: read from the same
 * source that the generated code comes from.
 */
final class Reference {
  private static final Path SOURCES = Path.of("src/test/java/dev/atrous/samples/generated");

  private final String source;

  private Reference(String source) {
    this.source = source;
  }

  static Reference of(Class<?> spec) {
    try {
      return new Reference(Files.readString(SOURCES.resolve(spec.getSimpleName() + ".java")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The same spec with another crop. */
  Reference withCrop(int crop) {
    return with("crop", crop);
  }

  /** The same spec with another batch size. */
  Reference withBatch(int batchSize) {
    return with("batchSize", batchSize);
  }

  private Reference with(String member, int value) {
    String pattern = "\\b" + member + " = \\d+";
    assertThat(source).containsPattern(pattern);
    return new Reference(source.replaceAll(pattern, member + " = " + value));
  }

  /** The inference graph before any pass. */
  Graph inference(int outputStride) {
    return NetworkStage.build(spec(), outputStride, Mode.INFERENCE);
  }

  /** The network with the loss, before any pass. */
  Graph forward() {
    ModelSpec spec = spec();
    return NetworkStage.build(spec, spec.backbone().outputStride(), Mode.TRAINING);
  }

  /** The training step without any pass. */
  Graph training() {
    return Autodiff.differentiate(forward(), NetworkStage.LOSS, Optimizers.of(spec())).graph();
  }

  ModelSpec spec() {
    SpecProbe probe = new SpecProbe();
    Compilation compilation =
        javac()
            .withOptions("-proc:only")
            .withProcessors(probe)
            .compile(JavaFileObjects.forSourceString("Spec", source));
    assertThat(compilation.errors()).isEmpty();
    return probe.spec.orElseThrow();
  }

  /**
   * A value for every parameter of a graph, a float32 each. All of them differ, unlike those that a
   * new model starts with.
   */
  static Map<String, Tensor> parameters(Graph graph, long seed) {
    Map<String, Tensor> values = new LinkedHashMap<>();
    Samples.parameters(graph, new Random(seed))
        .forEach((name, value) -> values.put(name, Tensor.of(value.shape(), value.toFloats())));
    return values;
  }

  /** Reads the one spec that is compiled. */
  private static final class SpecProbe extends AbstractProcessor {
    private Optional<ModelSpec> spec = Optional.empty();

    @Override
    public Set<String> getSupportedAnnotationTypes() {
      return Set.of("dev.atrous.annotation.SegmentationModel");
    }

    @Override
    public SourceVersion getSupportedSourceVersion() {
      return SourceVersion.latestSupported();
    }

    @Override
    public boolean process(Set<? extends TypeElement> annotations, RoundEnvironment round) {
      for (TypeElement annotation : annotations) {
        for (var type : round.getElementsAnnotatedWith(annotation)) {
          spec =
              SpecStage.read(processingEnv.getElementUtils(), (TypeElement) type, new Diagnostics())
                  .map(PhasedSpec::last);
        }
      }
      return false;
    }
  }
}
