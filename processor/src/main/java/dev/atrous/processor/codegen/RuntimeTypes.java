package dev.atrous.processor.codegen;

import com.palantir.javapoet.ClassName;
import com.palantir.javapoet.ParameterizedTypeName;
import com.palantir.javapoet.TypeName;
import com.palantir.javapoet.WildcardTypeName;

/**
 * The classes that generated code names. The processor does not depend on them: they are names
 * here, and a test resolves each against the real jars.
 */
final class RuntimeTypes {
  private static final String RUNTIME = "dev.atrous.runtime";
  private static final String MODEL = RUNTIME + ".model";
  private static final String OP = RUNTIME + ".op";
  private static final String TRAIN = RUNTIME + ".train";
  private static final String PREDICT = RUNTIME + ".predict";
  private static final String TENSORFLOW = "org.tensorflow";

  static final ClassName COMPILED_MODEL = ClassName.get(MODEL, "CompiledModel");
  static final ClassName MODEL_DESCRIPTION = ClassName.get(MODEL, "ModelDescription");
  static final ClassName MODEL_CONVENTIONS = ClassName.get(MODEL, "ModelConventions");
  static final ClassName TRAINING_RECIPE = ClassName.get(MODEL, "TrainingRecipe");
  static final ClassName LAYER_DESCRIPTION = ClassName.get(MODEL, "LayerDescription");
  static final ClassName INHERITED_VALUE = ClassName.get(MODEL, "InheritedValue");
  static final ClassName PARAMETER = ClassName.get(OP, "Parameter");
  static final ClassName TRAINING_STEP = ClassName.get(MODEL, "TrainingStep");
  static final ClassName NETWORK_OPS = ClassName.get(OP, "NetworkOps");
  static final ClassName BATCH_NORM = NETWORK_OPS.nestedClass("BatchNorm");
  static final ClassName CROSS_ENTROPY = NETWORK_OPS.nestedClass("CrossEntropy");
  static final ClassName DROPOUT = NETWORK_OPS.nestedClass("Dropout");
  static final ClassName PADDING_MODE = ClassName.get(OP, "PaddingMode");
  static final ClassName GRADIENT_OPS = ClassName.get(OP, "GradientOps");
  static final ClassName BATCH_NORM_GRADIENT = GRADIENT_OPS.nestedClass("BatchNormGradient");
  static final ClassName UPDATE_OPS = ClassName.get(OP, "UpdateOps");
  static final ClassName TRAINER = ClassName.get(TRAIN, "Trainer");
  static final ClassName TRAINING_OPTIONS = ClassName.get(TRAIN, "TrainingOptions");
  static final ClassName PREDICTOR = ClassName.get(PREDICT, "Predictor");
  static final ClassName PREDICTOR_OPTIONS = ClassName.get(PREDICT, "PredictorOptions");
  static final ClassName CONVENTIONS = ClassName.get("dev.atrous.annotation", "Conventions");
  static final ClassName GENERATED = ClassName.get("javax.annotation.processing", "Generated");

  static final TypeName MAP = operand("TFloat32");
  static final TypeName BYTES = operand("TUint8");

  /** Bytes or floats. */
  static final TypeName IMAGES =
      operand(WildcardTypeName.subtypeOf(ClassName.get(TENSORFLOW + ".types.family", "TNumber")));

  private RuntimeTypes() {}

  private static TypeName operand(String type) {
    return operand(ClassName.get(TENSORFLOW + ".types", type));
  }

  private static TypeName operand(TypeName type) {
    return ParameterizedTypeName.get(ClassName.get(TENSORFLOW, "Operand"), type);
  }
}
