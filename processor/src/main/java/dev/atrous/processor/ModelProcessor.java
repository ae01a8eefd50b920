package dev.atrous.processor;

import com.google.auto.service.AutoService;
import com.palantir.javapoet.ClassName;
import com.palantir.javapoet.JavaFile;
import dev.atrous.processor.autodiff.Autodiff;
import dev.atrous.processor.autodiff.TrainingGraph;
import dev.atrous.processor.codegen.CodegenStage;
import dev.atrous.processor.codegen.CompiledPhase;
import dev.atrous.processor.codegen.CompiledSpec;
import dev.atrous.processor.diag.DiagnosticId;
import dev.atrous.processor.diag.Diagnostics;
import dev.atrous.processor.diag.Origin;
import dev.atrous.processor.ir.Graph;
import dev.atrous.processor.network.Mode;
import dev.atrous.processor.network.NetworkStage;
import dev.atrous.processor.pass.Passes;
import dev.atrous.processor.plan.ModelPlan;
import dev.atrous.processor.plan.PlanChecks;
import dev.atrous.processor.plan.PlanStage;
import dev.atrous.processor.spec.Annotations;
import dev.atrous.processor.spec.ModelSpec;
import dev.atrous.processor.spec.PhasedSpec;
import dev.atrous.processor.spec.SpecName;
import dev.atrous.processor.spec.SpecStage;
import dev.atrous.processor.spec.Suppressions;
import java.io.IOException;
import java.io.Writer;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.annotation.processing.AbstractProcessor;
import javax.annotation.processing.FilerException;
import javax.annotation.processing.ProcessingEnvironment;
import javax.annotation.processing.Processor;
import javax.annotation.processing.RoundEnvironment;
import javax.lang.model.SourceVersion;
import javax.lang.model.element.TypeElement;
import javax.lang.model.util.ElementFilter;
import javax.lang.model.util.Elements;

/**
 * Compiles model specs: spec, network, passes, autodiff, plan, codegen. Each stage takes the
 * immutable result of the one before; this class alone talks to the Java compiler.
 */
@AutoService(Processor.class)
public final class ModelProcessor extends AbstractProcessor {

  private static final String DELETE =
      "Delete its file, and let the compiler have no folder of generated sources among those that it compiles";

  private final Sources sources = new Sources();

  /** Names of the types that wait for another round. */
  private final Set<String> waiting = new LinkedHashSet<>();

  /** Names of the specs whose facades are written. */
  private final Set<String> begun = new HashSet<>();

  /** Names of the classes that were generated, or that a spec would have. */
  private final Set<String> written = new HashSet<>();

  @SuppressWarnings("NullAway.Init") // the compiler calls init first
  private Reporter reporter;

  @Override
  public synchronized void init(ProcessingEnvironment environment) {
    super.init(environment);
    reporter = new Reporter(environment.getMessager(), sources);
  }

  @Override
  public Set<String> getSupportedAnnotationTypes() {
    return Stream.concat(
            Annotations.ALL.stream().map(Annotations::qualified), Stream.of(GeneratedMark.NAME))
        .collect(Collectors.toSet());
  }

  @Override
  public SourceVersion getSupportedSourceVersion() {
    return SourceVersion.latestSupported();
  }

  /**
   * Compiles the specs of a round. Claims our annotations, and {@code @Generated} where it is all
   * ours: {@code -Xlint:all} warns of annotations that no processor claims. But where all that
   * there are is claimed, javac asks no further processor, so that nothing is claimed while a spec
   * waits for what others may generate.
   */
  @Override
  @SuppressWarnings("DoNotClaimAnnotations") // nobody else's
  public boolean process(Set<? extends TypeElement> annotations, RoundEnvironment round) {
    boolean ours = annotations.stream().anyMatch(type -> Annotations.simpleName(type).isPresent());
    // What is not known when processing is over is an error of Java's, at its place.
    if ((ours || !waiting.isEmpty()) && !round.processingOver()) {
      compileOrCheckAll(round);
    }
    if (!reporter.isEclipse()) { // which compiles what was generated again, as it sees fit
      checkStale(round);
    }
    return waiting.isEmpty() && GeneratedMark.areAllOurs(annotations, round);
  }

  private void compileOrCheckAll(RoundEnvironment round) {
    Set<TypeElement> types = new LinkedHashSet<>();
    waiting.forEach(name -> types.add(elements().getTypeElement(name)));
    waiting.clear();
    List<TypeElement> now = Sources.of(round);
    boolean others = now.stream().anyMatch(type -> !written.contains(name(type)));
    types.addAll(now);
    sources.add(types);
    types.removeIf(type -> waits(type, others));
    types.stream()
        .sorted(Comparator.comparingInt(SpecStage::ancestors)) // what is inherited is checked first
        .forEach(this::compileOrCheck);
  }

  /**
   * Whether a type waits for another round, because something is not known yet that it extends or
   * that its annotations name: another processor may generate it. There is another round if
   * something is generated in this one. The facades of a spec, which need none of its values, see
   * to that once. Then it waits for as long as others generate.
   *
   * @param others whether this round has types that are not of this processor
   */
  private boolean waits(TypeElement type, boolean others) {
    if (SpecStage.isReadable(elements(), type) || (begun.contains(name(type)) && !others)) {
      return false;
    }
    waiting.add(name(type));
    if (isSpec(type)) {
      report(type, found -> writeFacades(type, found));
    }
    return true;
  }

  /** Whether a type is a model, and not only a part that others extend. */
  private boolean isSpec(TypeElement type) {
    return SpecStage.isAnnotated(type)
        && SpecStage.isModel(type)
        && (!sources.extend(type)
            || begun.contains(name(type))
            || SpecStage.isComplete(elements(), type));
  }

  private static String name(TypeElement type) {
    return type.getQualifiedName().toString();
  }

  /**
   * Compiles a model, and checks what is on a type or lacks there. Types that others extend may be
   * parts of a model.
   */
  private void compileOrCheck(TypeElement type) {
    if (isSpec(type)) {
      report(type, found -> compile(type, found));
    } else if (!sources.extend(type) && SpecStage.isModel(type)) {
      report(type, found -> SpecStage.checkBare(type, found));
    } else if (!sources.extend(type)) {
      report(type, found -> SpecStage.checkPart(elements(), type, found));
    }
  }

  private void report(TypeElement type, Consumer<Diagnostics> check) {
    Diagnostics diagnostics = new Diagnostics(Suppressions.of(type));
    check.accept(diagnostics);
    reporter.report(type, diagnostics);
  }

  /** The whole compiler. */
  private void compile(TypeElement type, Diagnostics diagnostics) {
    boolean mark = GeneratedMark.isVisibleTo(elements(), type);
    List<JavaFile> files =
        SpecStage.read(elements(), type, diagnostics)
            .map(spec -> plan(spec, mark))
            .filter(compiled -> isGood(compiled, diagnostics))
            .map(CodegenStage::generate)
            .orElseGet(() -> CodegenStage.generateApi(SpecName.of(elements(), type), mark));
    files.forEach(file -> write(file, type, diagnostics));
    writeFacades(type, diagnostics);
  }

  private void writeFacades(TypeElement type, Diagnostics diagnostics) {
    if (begun.add(name(type))) {
      SpecName spec = SpecName.of(elements(), type);
      CodegenStage.generateFacades(spec, GeneratedMark.isVisibleTo(elements(), type))
          .forEach(file -> write(file, type, diagnostics));
    }
  }

  /** From a checked spec to everything that is generated from it. */
  static CompiledSpec plan(PhasedSpec phased, boolean generatedAnnotation) {
    ModelSpec spec = phased.last();
    SortedMap<Integer, Graph> inference = new TreeMap<>();
    for (int stride : spec.outputStrides()) {
      inference.put(stride, Passes.inference(NetworkStage.build(spec, stride, Mode.INFERENCE)));
    }
    List<CompiledPhase> phases = phased.phases().stream().map(ModelProcessor::plan).toList();
    return new CompiledSpec(phases, inference, generatedAnnotation);
  }

  private static CompiledPhase plan(PhasedSpec.Phase phase) {
    ModelSpec spec = phase.spec();
    Graph network = network(spec);
    Passes.Optimized forward = Passes.training(network);
    TrainingGraph training = differentiate(spec, forward);
    int maximumCrop = forward.dependsOnSize() ? spec.crop() : Integer.MAX_VALUE;
    ModelPlan costs = PlanStage.plan(spec, network, training);
    return new CompiledPhase(spec, phase.split(), network, costs, training, maximumCrop);
  }

  private static Graph network(ModelSpec spec) {
    return NetworkStage.build(spec, spec.backbone().outputStride(), Mode.TRAINING);
  }

  private static TrainingGraph differentiate(ModelSpec spec, Passes.Optimized forward) {
    return Autodiff.differentiate(forward.graph(), NetworkStage.LOSS, Optimizers.of(spec));
  }

  /** What a spec costs, without all the rest of its plan. */
  static ModelPlan costs(ModelSpec spec) {
    Graph network = network(spec);
    return PlanStage.plan(spec, network, differentiate(spec, Passes.training(network)));
  }

  private static boolean isGood(CompiledSpec compiled, Diagnostics diagnostics) {
    for (CompiledPhase phase : compiled.phases()) {
      PlanChecks.check(
          phase.spec(), phase.network(), phase.plan(), ModelProcessor::costs, diagnostics);
    }
    return !diagnostics.hasErrors();
  }

  private Elements elements() {
    return processingEnv.getElementUtils();
  }

  private void write(JavaFile file, TypeElement type, Diagnostics diagnostics) {
    String name = file.typeSpec().name();
    String qualifiedName = ClassName.get(file.packageName(), name).canonicalName();
    try (Writer writer =
        processingEnv.getFiler().createSourceFile(qualifiedName, type).openWriter()) {
      writer.write(file.toString());
    } catch (FilerException e) {
      reportClass(type, name, "can't be generated: " + inTheWay(qualifiedName), diagnostics);
    } catch (IOException e) {
      reportClass(type, name, "can't be generated: " + e.getMessage(), diagnostics);
    }
    written.add(qualifiedName);
  }

  /** What there is in place of a class that a spec generates, and what to do. */
  private String inTheWay(String generated) {
    boolean stale =
        !written.contains(generated) && GeneratedMark.isOurs(elements().getTypeElement(generated));
    return stale
        ? "the one of an earlier compilation is among the sources. " + DELETE
        : "there is a class of that name already. Rename the spec, or the class that is in the way";
  }

  /** Reports generated code among the sources that would pass for a spec's that is gone. */
  private void checkStale(RoundEnvironment round) {
    ElementFilter.typesIn(round.getRootElements()).stream()
        .filter(GeneratedMark::isOurs)
        .filter(type -> !written.contains(name(type)))
        .forEach(
            type ->
                report(
                    type,
                    found ->
                        reportClass(
                            type,
                            type.getSimpleName().toString(),
                            "was generated by an earlier compilation, and no spec of this one generates it. "
                                + DELETE,
                            found)));
  }

  private static void reportClass(
      TypeElement place, String name, String what, Diagnostics diagnostics) {
    diagnostics.report(DiagnosticId.GENERATED_CLASS_EXISTS, Origin.of(place), name, what);
  }
}
