package dev.atrous.processor.codegen;

import com.palantir.javapoet.AnnotationSpec;
import com.palantir.javapoet.ClassName;
import com.palantir.javapoet.CodeBlock;
import com.palantir.javapoet.FieldSpec;
import com.palantir.javapoet.MethodSpec;
import com.palantir.javapoet.ParameterizedTypeName;
import com.palantir.javapoet.TypeName;
import com.palantir.javapoet.TypeSpec;
import dev.atrous.processor.ir.ParameterSpec;
import dev.atrous.processor.ir.SourceOp;
import dev.atrous.processor.plan.LayerPlan;
import dev.atrous.processor.spec.Conventions;
import dev.atrous.processor.spec.ModelSpec;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.lang.model.element.Modifier;

/**
 * Writes {@code <Spec>Model}: description, parameters and inference graph. For a phase of a
 * training that is not the last, the graph is that of the model.
 */
final class ModelWriter {
  private final CompiledPhase compiled;
  private final int number;
  private final int phases;
  private final ClassName specName;

  /**
   * @param number of the phase, from 1
   * @param phases how many there are
   */
  ModelWriter(CompiledPhase compiled, int number, int phases, ClassName specName) {
    this.compiled = compiled;
    this.number = number;
    this.phases = phases;
    this.specName = specName;
  }

  /**
   * The model.
   *
   * @param earlier the models of the phases before the last
   */
  TypeSpec write(
      ClassName name,
      ClassName step,
      List<ClassName> earlier,
      InferenceWriter inference,
      Modifier... visibility) {
    ModelSpec spec = compiled.spec();
    InheritedValues inherited = new InheritedValues(spec);
    TypeSpec.Builder type =
        TypeSpec.classBuilder(name)
            .addModifiers(visibility)
            .addJavadoc(
                "The model of {@link $T}: $L, $L classes, trained at crop $L and output stride $L.\n",
                specName,
                spec.backbone().architecture().title(),
                spec.classes(),
                spec.crop(),
                spec.backbone().outputStride());
    if (phases > 1) {
      type.addJavadoc("That is the last of $L phases.\n", phases);
    }
    type.addJavadoc(inherited.javadoc());
    members(type, step, inherited, visibility);
    if (phases > 1) {
      type.addMethod(phases(earlier));
    }
    inference.write(type);
    return type.build();
  }

  /**
   * The model as a phase before the last has it.
   *
   * @param model the model
   */
  TypeSpec writePhase(ClassName name, ClassName step, ClassName model) {
    ModelSpec spec = compiled.spec();
    TypeSpec.Builder type =
        TypeSpec.classBuilder(name)
            .addJavadoc(
                "Phase $L of $L of the training of {@link $T}: at crop $L and output stride $L.\n",
                number,
                phases,
                specName,
                spec.crop(),
                spec.backbone().outputStride());
    members(type, step, new InheritedValues(spec));
    type.addMethod(
        MethodSpec.methodBuilder("scores")
            .addAnnotation(Override.class)
            .addModifiers(Modifier.PUBLIC)
            .addTypeVariable(RuntimeTypes.MAPS)
            .returns(RuntimeTypes.FLOAT32_OPERAND)
            .addParameter(RuntimeTypes.NETWORK_OPS_OF_MAPS, "nn")
            .addParameter(RuntimeTypes.IMAGES, "images")
            .addParameter(int.class, "outputStride")
            .addStatement("return new $T().scores(nn, images, outputStride)", model)
            .build());
    return type.build();
  }

  private void members(
      TypeSpec.Builder type, ClassName step, InheritedValues inherited, Modifier... visibility) {
    type.addModifiers(Modifier.FINAL).addSuperinterface(RuntimeTypes.COMPILED_MODEL);
    type.addMethod(constructor(visibility));
    type.addField(conventionsField());
    type.addField(descriptionField(type));
    type.addMethod(inherited.method());
    type.addField(parametersField(type));
    type.addMethod(
        getter("description", RuntimeTypes.MODEL_DESCRIPTION, CodeBlock.of("DESCRIPTION")));
    type.addMethod(
        getter("parameters", listOf(RuntimeTypes.PARAMETER), CodeBlock.of("PARAMETERS")));
    type.addMethod(trainingStep(step));
  }

  private static MethodSpec phases(List<ClassName> earlier) {
    CodeBlock all =
        Stream.concat(
                earlier.stream().map(phase -> CodeBlock.of("new $T()", phase)),
                Stream.of(CodeBlock.of("this")))
            .collect(CodeBlock.joining(", "));
    return getter(
        "phases", listOf(RuntimeTypes.COMPILED_MODEL), CodeBlock.of("$T.of($L)", List.class, all));
  }

  /** Written out, since javac warns of a default constructor in a package that is exported. */
  static MethodSpec constructor(Modifier... visibility) {
    return MethodSpec.constructorBuilder().addModifiers(visibility).build();
  }

  private static TypeName listOf(ClassName type) {
    return ParameterizedTypeName.get(ClassName.get(List.class), type);
  }

  private static MethodSpec trainingStep(ClassName step) {
    return MethodSpec.methodBuilder("trainingStep")
        .addAnnotation(Override.class)
        .addModifiers(Modifier.PUBLIC)
        .addTypeVariable(RuntimeTypes.MAPS)
        .returns(RuntimeTypes.of(RuntimeTypes.TRAINING_STEP, RuntimeTypes.MAPS))
        .addStatement("return new $T<>()", step)
        .build();
  }

  private static MethodSpec getter(String name, TypeName type, CodeBlock value) {
    return MethodSpec.methodBuilder(name)
        .addAnnotation(Override.class)
        .addModifiers(Modifier.PUBLIC)
        .returns(type)
        .addStatement("return $L", value)
        .build();
  }

  private FieldSpec descriptionField(TypeSpec.Builder type) {
    ModelSpec spec = compiled.spec();
    ModelSpec.Training training = spec.training();
    CodeBlock recipe =
        CodeBlock.of(
            "new $T($L, $L, $L, $L, $L, $L, $L, $T.$L, $L, $L)",
            RuntimeTypes.TRAINING_RECIPE,
            training.batchSize(),
            training.steps(),
            training.learningRate(),
            training.power(),
            training.momentum(),
            training.weightDecay(),
            augmentation(training.augmentation()),
            RuntimeTypes.TRAINING.nestedClass("BatchNorm"),
            training.batchNorm(),
            training.freezesBatchNorm() ? 1.0 : training.batchNormDecay(),
            optimization(training.optimization()));
    String strides = commaSeparated(spec.outputStrides());
    CodeBlock classNames =
        spec.classNames().stream()
            .map(name -> CodeBlock.of("$S", name))
            .collect(CodeBlock.joining(", "));
    Map<String, List<CodeBlock>> layers = new LinkedHashMap<>();
    compiled
        .plan()
        .layers()
        .forEach(
            layer ->
                layers.computeIfAbsent(layer.block(), b -> new ArrayList<>()).add(layer(layer)));
    CodeBlock description =
        CodeBlock.of(
            "new $T($T.class.getSimpleName(), $S, $L, $L, $L, $T.of($L), $L, $L, layers(), $LL, $LL, CONVENTIONS, $L, $T.of($L), inherited()$L)",
            RuntimeTypes.MODEL_DESCRIPTION,
            specName, // what is generated and left behind does not compile without its spec
            spec.backbone().architecture().title(),
            spec.classes(),
            spec.crop(),
            spec.backbone().outputStride(),
            List.class,
            strides,
            recipe,
            loss(spec.loss()),
            compiled.plan().parameterBytes(),
            compiled.plan().momentumBytes(),
            pixelScale(),
            List.class,
            classNames,
            phase());
    listMethods(type, "layers", RuntimeTypes.LAYER_DESCRIPTION, layers);
    FieldSpec.Builder field =
        FieldSpec.builder(
                RuntimeTypes.MODEL_DESCRIPTION,
                "DESCRIPTION",
                Modifier.PRIVATE,
                Modifier.STATIC,
                Modifier.FINAL)
            .initializer(description);
    if (!spec.name().isPublic()) { // it may stand in a file of another name, of which javac warns
      field.addAnnotation(
          AnnotationSpec.builder(SuppressWarnings.class)
              .addMember("value", "$S", "auxiliaryclass")
              .build());
    }
    return field.build();
  }

  /** Nothing for a training without phases. */
  private CodeBlock phase() {
    return phases == 1
        ? CodeBlock.of("")
        : CodeBlock.of(
            ", new $T($L, $L, $S)", RuntimeTypes.TRAINING_PHASE, number, phases, compiled.split());
  }

  private static CodeBlock optimization(ModelSpec.Optimization optimization) {
    CodeBlock parts =
        optimization.parts().stream()
            .map(
                part ->
                    CodeBlock.of(
                        "new $T($S, $L)",
                        RuntimeTypes.TRAINED_PART,
                        part.name(),
                        part.learningRate()))
            .collect(CodeBlock.joining(", "));
    return CodeBlock.of(
        "new $T($T.$L, $L, $L, $T.$L, $L, $L, $T.of($L))",
        RuntimeTypes.OPTIMIZATION,
        RuntimeTypes.TRAINING.nestedClass("Schedule"),
        optimization.schedule(),
        optimization.warmupSteps(),
        optimization.accumulate(),
        RuntimeTypes.TRAINING.nestedClass("Optimizer"),
        optimization.optimizer(),
        optimization.beta2(),
        optimization.clipNorm(),
        List.class,
        parts);
  }

  private static CodeBlock loss(ModelSpec.Loss loss) {
    return loss.equals(ModelSpec.Loss.CROSS_ENTROPY)
        ? CodeBlock.of("$T.CROSS_ENTROPY", RuntimeTypes.LOSS_RECIPE)
        : CodeBlock.of(
            "new $T($L, $L, $L, $L, $T.of($L))",
            RuntimeTypes.LOSS_RECIPE,
            loss.crossEntropy(),
            loss.focal(),
            loss.dice(),
            loss.focalGamma(),
            List.class,
            commaSeparated(loss.classWeights()));
  }

  private CodeBlock pixelScale() {
    ModelSpec.Bands bands = compiled.spec().bands();
    if (bands.areMeasured()) {
      return CodeBlock.of(
          "$T.measured($L, $L)", RuntimeTypes.PIXEL_SCALE, bands.count(), bands.bits());
    }
    return CodeBlock.of(
        "new $T($L, $T.of($L), $T.of($L))",
        RuntimeTypes.PIXEL_SCALE,
        bands.bits(),
        List.class,
        floats(bands.mean()),
        List.class,
        floats(bands.deviation()));
  }

  private static String floats(List<Double> values) {
    return values.stream().map(value -> value.floatValue() + "f").collect(Collectors.joining(", "));
  }

  private static CodeBlock augmentation(ModelSpec.Training.Augmentation recipe) {
    return CodeBlock.of(
        "new $T($L, $L, $L, $L, $L, $L, $L, $L)",
        RuntimeTypes.AUGMENTATION_RECIPE,
        recipe.minScale(),
        recipe.maxScale(),
        recipe.verticalFlip(),
        recipe.rotation(),
        recipe.brightness(),
        recipe.contrast(),
        recipe.saturation(),
        recipe.hue());
  }

  private FieldSpec conventionsField() {
    Conventions conventions = compiled.spec().conventions();
    CodeBlock values =
        Stream.of(
                conventions.stride(),
                conventions.stem(),
                conventions.padding(),
                conventions.firstUnitRate(),
                conventions.imageFeatures(),
                conventions.head(),
                conventions.interpolation(),
                conventions.weightDecay(),
                conventions.preprocessing(),
                conventions.initialValues())
            .map(
                value ->
                    CodeBlock.of(
                        "$T.$L",
                        RuntimeTypes.CONVENTIONS.nestedClass(
                            value.getDeclaringClass().getSimpleName()),
                        value))
            .collect(CodeBlock.joining(",\n"));
    return FieldSpec.builder(
            RuntimeTypes.MODEL_CONVENTIONS,
            "CONVENTIONS",
            Modifier.PRIVATE,
            Modifier.STATIC,
            Modifier.FINAL)
        .initializer("new $T(\n$>$>$L$<$<)", RuntimeTypes.MODEL_CONVENTIONS, values)
        .build();
  }

  /** One convolution as the description shows it. */
  private static CodeBlock layer(LayerPlan layer) {
    List<Object> numbers =
        List.of(
            layer.kernel(),
            layer.stride(),
            layer.baseRate(),
            layer.rate(),
            layer.input().height(),
            layer.input().width(),
            layer.output().height(),
            layer.output().width(),
            layer.output().channels(),
            layer.parameters() + "L",
            layer.multiplyAdds() + "L",
            Math.round(layer.validShare() * 1e6) / 1e6,
            layer.activationBytes() + "L",
            layer.bfloat16ActivationBytes() + "L");
    return CodeBlock.of(
        "layers.add(new $T($S, $L))",
        RuntimeTypes.LAYER_DESCRIPTION,
        layer.name(),
        commaSeparated(numbers));
  }

  private FieldSpec parametersField(TypeSpec.Builder type) {
    Map<String, List<CodeBlock>> parameters = new LinkedHashMap<>();
    compiled
        .network()
        .nodesOf(SourceOp.Parameter.class)
        .forEach(
            node -> {
              CodeBlock code = parameter(((SourceOp.Parameter) node.op()).spec());
              if (!code.isEmpty()) {
                parameters.computeIfAbsent(node.scope().block(), b -> new ArrayList<>()).add(code);
              }
            });
    listMethods(type, "parameters", RuntimeTypes.PARAMETER, parameters);
    return FieldSpec.builder(
            listOf(RuntimeTypes.PARAMETER),
            "PARAMETERS",
            Modifier.PRIVATE,
            Modifier.STATIC,
            Modifier.FINAL)
        .initializer("allParameters()")
        .build();
  }

  /**
   * The statement that adds a parameter; empty for those that come with another one: with their
   * batch normalisation's gamma, with the mean of the bands.
   */
  private static CodeBlock parameter(ParameterSpec spec) {
    String shape = commaSeparated(spec.shape());
    boolean ofRole = spec.initial().equals(ParameterSpec.Initial.OF_ROLE);
    return switch (spec.role()) {
      case WEIGHTS -> parameter("weights", spec);
      case CLASSIFIER -> parameter(ofRole ? "classifier" : "weights", spec);
      case BIAS -> parameter("bias", spec);
      case GAMMA ->
          CodeBlock.of(
              "parameters.addAll($T.$L($S, $L))",
              RuntimeTypes.PARAMETER,
              spec.frozen() ? "frozenBatchNorm" : "batchNorm",
              spec.name().substring(0, spec.name().lastIndexOf('/')),
              shape);
      case BAND_MEAN ->
          CodeBlock.of(
              "parameters.addAll($T.bandStatistics($S, $L))",
              RuntimeTypes.PARAMETER,
              spec.name().substring(0, spec.name().lastIndexOf('/')),
              shape);
      case BETA, MOVING_MEAN, MOVING_VARIANCE, BAND_DEVIATION -> CodeBlock.of("");
    };
  }

  private static CodeBlock parameter(String factory, ParameterSpec spec) {
    String shape = commaSeparated(spec.shape());
    int fan = spec.initial().fan();
    CodeBlock initial =
        switch (spec.initial().values()) {
          case OF_ROLE -> CodeBlock.of("");
          case HE_NORMAL -> CodeBlock.of(", $T.heNormal($L)", RuntimeTypes.INITIALIZER, fan);
          case UNIFORM -> CodeBlock.of(", $T.uniform($L)", RuntimeTypes.INITIALIZER, fan);
        };
    return CodeBlock.of(
        "parameters.add($T.$L($S, $L$L)$L)",
        RuntimeTypes.PARAMETER,
        factory,
        spec.name(),
        shape,
        initial,
        spec.frozen() ? ".frozen()" : "");
  }

  private static String commaSeparated(Collection<?> values) {
    return values.stream().map(String::valueOf).collect(Collectors.joining(", "));
  }

  /** A method that makes a list, and one for each block that adds to it. */
  private static void listMethods(
      TypeSpec.Builder type, String name, ClassName item, Map<String, List<CodeBlock>> byBlock) {
    String all = name.equals("layers") ? "layers" : "allParameters";
    MethodSpec.Builder maker =
        MethodSpec.methodBuilder(all)
            .addModifiers(Modifier.PRIVATE, Modifier.STATIC)
            .returns(listOf(item))
            .addStatement("$T $L = new $T<>()", listOf(item), name, ArrayList.class);
    List<MethodSpec> adders = new ArrayList<>();
    byBlock.forEach(
        (block, statements) -> {
          String adder = block + Identifiers.capitalized(name);
          maker.addStatement("$L($L)", adder, name);
          MethodSpec.Builder method =
              MethodSpec.methodBuilder(adder)
                  .addModifiers(Modifier.PRIVATE, Modifier.STATIC)
                  .addParameter(listOf(item), name);
          statements.forEach(statement -> method.addStatement("$L", statement));
          adders.add(method.build());
        });
    type.addMethod(maker.addStatement("return $T.copyOf($L)", List.class, name).build());
    adders.forEach(type::addMethod);
  }
}
