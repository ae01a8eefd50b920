package dev.atrous.processor.codegen;

import com.palantir.javapoet.AnnotationSpec;
import com.palantir.javapoet.ClassName;
import com.palantir.javapoet.CodeBlock;
import com.palantir.javapoet.JavaFile;
import com.palantir.javapoet.MethodSpec;
import com.palantir.javapoet.ParameterizedTypeName;
import com.palantir.javapoet.TypeName;
import com.palantir.javapoet.TypeSpec;
import dev.atrous.processor.spec.SpecName;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.lang.model.element.Modifier;

/** The last stage: Java files for a compiled spec, or only their API for a spec with errors. */
public final class CodegenStage {
  private static final String PROCESSOR = "dev.atrous.processor.ModelProcessor";

  private final SpecName spec;
  private final boolean generatedAnnotation;
  private final ClassName specClass;
  private final ClassName model;
  private final ClassName step;
  private final ClassName trainer;
  private final ClassName predictor;

  private CodegenStage(SpecName spec, boolean generatedAnnotation) {
    this.spec = spec;
    this.generatedAnnotation = generatedAnnotation;
    String[] names = spec.simpleNames().split("\\.", -1);
    this.specClass =
        ClassName.get(spec.packageName(), names[0], Arrays.copyOfRange(names, 1, names.length));
    this.model = ClassName.get(spec.packageName(), spec.generated("Model"));
    this.step = ClassName.get(spec.packageName(), spec.generated("TrainingStep"));
    this.trainer = ClassName.get(spec.packageName(), spec.generated("Trainer"));
    this.predictor = ClassName.get(spec.packageName(), spec.generated("Predictor"));
  }

  /** The files of a model, in addition to its facades. */
  public static List<JavaFile> generate(CompiledSpec compiled) {
    return new CodegenStage(compiled.spec().name(), compiled.generatedAnnotation()).files(compiled);
  }

  /**
   * The files of a spec that has errors, in addition to its facades: a class with the same API,
   * whose methods throw. Code that uses it compiles, so that the spec's errors are the only ones.
   */
  public static List<JavaFile> generateApi(SpecName spec, boolean generatedAnnotation) {
    return new CodegenStage(spec, generatedAnnotation).api();
  }

  /**
   * Those of the files that depend on the name of the spec alone, and are the same whether it has
   * errors or not.
   */
  public static List<JavaFile> generateFacades(SpecName spec, boolean generatedAnnotation) {
    return new CodegenStage(spec, generatedAnnotation).facades();
  }

  private List<JavaFile> files(CompiledSpec compiled) {
    List<CompiledPhase> phases = compiled.phases();
    int last = phases.size() - 1;
    List<JavaFile> files = new ArrayList<>();
    List<ClassName> earlier = new ArrayList<>();
    List<ClassName> steps = new ArrayList<>();
    for (int i = 0; i <= last; i++) {
      CompiledPhase phase = phases.get(i);
      int same = firstWithStepOf(phase, phases);
      ClassName name = same < i ? steps.get(same) : last == 0 ? step : ofPhase(i, "TrainingStep");
      steps.add(name);
      if (same == i) {
        files.add(file(new StepWriter(phase, i == last ? model : ofPhase(i, "Model")).write(name)));
      }
      ModelWriter writer = new ModelWriter(phase, i + 1, phases.size(), specClass);
      if (i < last) {
        earlier.add(ofPhase(i, "Model"));
        files.add(file(writer.writePhase(ofPhase(i, "Model"), name, model)));
      } else {
        InferenceWriter inference = new InferenceWriter(compiled);
        files.add(file(writer.write(model, name, earlier, inference, visibility())));
      }
    }
    return files;
  }

  private static int firstWithStepOf(CompiledPhase phase, List<CompiledPhase> phases) {
    int first = 0;
    while (!phases.get(first).hasStepOf(phase)) {
      first++;
    }
    return first;
  }

  /** For example {@code DeepLabV3Phase1Model}. */
  private ClassName ofPhase(int index, String kind) {
    return ClassName.get(spec.packageName(), spec.generated("Phase" + (index + 1) + kind));
  }

  private List<JavaFile> facades() {
    CodeBlock trainerDoc =
        CodeBlock.of(
            """
            Trains {@link $T}.

            <pre>{@code
            try ($T trainer = new $T(options)) {
              trainer.fit(data);
            }
            }</pre>
            """,
            specClass,
            trainer,
            trainer);
    CodeBlock predictorDoc =
        CodeBlock.of(
            """
            Segments images with trained weights of {@link $T}.

            <pre>{@code
            try ($T predictor = new $T(options)) {
              LabelMap labels = predictor.predict(image);
            }
            }</pre>
            """,
            specClass,
            predictor,
            predictor);
    return List.of(
        file(facade(trainer, RuntimeTypes.TRAINER, RuntimeTypes.TRAINING_OPTIONS, trainerDoc)),
        file(
            facade(
                predictor, RuntimeTypes.PREDICTOR, RuntimeTypes.PREDICTOR_OPTIONS, predictorDoc)));
  }

  private Modifier[] visibility() {
    return spec.isPublic() ? new Modifier[] {Modifier.PUBLIC} : new Modifier[0];
  }

  /** A class of the runtime, for this model. */
  private TypeSpec facade(ClassName name, ClassName parent, ClassName options, CodeBlock javadoc) {
    return TypeSpec.classBuilder(name)
        .addModifiers(visibility())
        .addModifiers(Modifier.FINAL)
        .superclass(parent)
        .addJavadoc(javadoc)
        .addMethod(
            MethodSpec.constructorBuilder()
                .addModifiers(visibility())
                .addParameter(options, "options")
                .addStatement("super(new $T(), options)", model)
                .build())
        .build();
  }

  private List<JavaFile> api() {
    CodeBlock failure =
        CodeBlock.of(
            "throw new $T($S)",
            IllegalStateException.class,
            spec.simpleNames() + " has errors: see the compiler's messages");
    TypeSpec.Builder modelApi =
        TypeSpec.classBuilder(model)
            .addModifiers(visibility())
            .addModifiers(Modifier.FINAL)
            .addSuperinterface(RuntimeTypes.COMPILED_MODEL)
            .addMethod(ModelWriter.constructor(visibility()))
            .addMethod(failing("description", RuntimeTypes.MODEL_DESCRIPTION, failure).build())
            .addMethod(
                failing(
                        "parameters",
                        ParameterizedTypeName.get(
                            ClassName.get(List.class), RuntimeTypes.PARAMETER),
                        failure)
                    .build())
            .addMethod(
                failing("scores", RuntimeTypes.FLOAT32_OPERAND, failure)
                    .addTypeVariable(RuntimeTypes.MAPS)
                    .addParameter(RuntimeTypes.NETWORK_OPS_OF_MAPS, "nn")
                    .addParameter(RuntimeTypes.IMAGES, "images")
                    .addParameter(int.class, "outputStride")
                    .build())
            .addMethod(
                failing(
                        "trainingStep",
                        RuntimeTypes.of(RuntimeTypes.TRAINING_STEP, RuntimeTypes.MAPS),
                        failure)
                    .addTypeVariable(RuntimeTypes.MAPS)
                    .build());
    return List.of(file(modelApi.build()));
  }

  private static MethodSpec.Builder failing(String name, TypeName type, CodeBlock failure) {
    return MethodSpec.methodBuilder(name)
        .addAnnotation(Override.class)
        .addModifiers(Modifier.PUBLIC)
        .returns(type)
        .addStatement("$L", failure);
  }

  private JavaFile file(TypeSpec type) {
    TypeSpec.Builder annotated = type.toBuilder();
    if (generatedAnnotation) {
      annotated.addAnnotation(
          AnnotationSpec.builder(RuntimeTypes.GENERATED)
              .addMember("value", "$S", PROCESSOR)
              .build());
    }
    return JavaFile.builder(spec.packageName(), annotated.build())
        .skipJavaLangImports(false) // the package may have a class of its own named Override
        .indent("  ")
        .build();
  }
}
