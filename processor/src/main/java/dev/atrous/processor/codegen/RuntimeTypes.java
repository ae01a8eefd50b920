package dev.atrous.processor.codegen;

import com.palantir.javapoet.ClassName;
import com.palantir.javapoet.ParameterizedTypeName;
import com.palantir.javapoet.TypeName;
import com.palantir.javapoet.TypeVariableName;
import com.palantir.javapoet.WildcardTypeName;
import dev.atrous.processor.ir.DataType;

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
  static final ClassName PIXEL_SCALE = ClassName.get(MODEL, "PixelScale");
  static final ClassName AUGMENTATION_RECIPE = ClassName.get(MODEL, "AugmentationRecipe");
  static final ClassName TRAINING_RECIPE = ClassName.get(MODEL, "TrainingRecipe");
  static final ClassName TRAINING_PHASE = ClassName.get(MODEL, "TrainingPhase");
  static final ClassName OPTIMIZATION = ClassName.get(MODEL, "Optimization");
  static final ClassName TRAINED_PART = ClassName.get(MODEL, "TrainedPart");
  static final ClassName LOSS_RECIPE = ClassName.get(MODEL, "LossRecipe");
  static final ClassName LAYER_DESCRIPTION = ClassName.get(MODEL, "LayerDescription");
  static final ClassName INHERITED_VALUE = ClassName.get(MODEL, "InheritedValue");
  static final ClassName PARAMETER = ClassName.get(OP, "Parameter");
  static final ClassName INITIALIZER = PARAMETER.nestedClass("Initializer");
  static final ClassName TRAINING_STEP = ClassName.get(MODEL, "TrainingStep");
  static final ClassName NETWORK_OPS = ClassName.get(OP, "NetworkOps");
  static final ClassName BATCH_NORM = ClassName.get(OP, "BatchNorm");
  static final ClassName LOSS = ClassName.get(OP, "LossWithGradient");
  static final ClassName DROPOUT = NETWORK_OPS.nestedClass("Dropout");
  static final ClassName PADDING_MODE = ClassName.get(OP, "PaddingMode");
  static final ClassName GRADIENT_OPS = ClassName.get(OP, "GradientOps");
  static final ClassName BATCH_NORM_GRADIENT = BATCH_NORM.nestedClass("Gradient");
  static final ClassName UPDATE_OPS = ClassName.get(OP, "UpdateOps");
  static final ClassName TRAINER = ClassName.get(TRAIN, "Trainer");
  static final ClassName TRAINING_OPTIONS = ClassName.get(TRAIN, "TrainingOptions");
  static final ClassName PREDICTOR = ClassName.get(PREDICT, "Predictor");
  static final ClassName PREDICTOR_OPTIONS = ClassName.get(PREDICT, "PredictorOptions");
  static final ClassName CONVENTIONS = ClassName.get("dev.atrous.annotation", "Conventions");
  static final ClassName TRAINING = ClassName.get("dev.atrous.annotation", "Training");
  static final ClassName GENERATED = ClassName.get("javax.annotation.processing", "Generated");

  static final ClassName FLOAT32 = ClassName.get(TENSORFLOW + ".types", "TFloat32");
  static final ClassName FLOATING = ClassName.get(TENSORFLOW + ".types.family", "TFloating");

  /** The numbers of maps in generated code. */
  static final TypeVariableName MAPS = TypeVariableName.get("M", FLOATING);

  static final TypeName FLOAT32_OPERAND = operand(FLOAT32);
  static final TypeName BYTES = operand(ClassName.get(TENSORFLOW + ".types", "TUint8"));

  /** {@code NetworkOps<M>}. */
  static final TypeName NETWORK_OPS_OF_MAPS = of(NETWORK_OPS, MAPS);

  /** Integers or floats. */
  static final TypeName IMAGES =
      operand(WildcardTypeName.subtypeOf(ClassName.get(TENSORFLOW + ".types.family", "TNumber")));

  private RuntimeTypes() {}

  /** How the elements of a value are called that is no byte. */
  static TypeName numbers(DataType type) {
    return type == DataType.MAP ? MAPS : FLOAT32;
  }

  /** {@code Operand<M>} or {@code Operand<TFloat32>}. */
  static TypeName operand(TypeName numbers) {
    return of(ClassName.get(TENSORFLOW, "Operand"), numbers);
  }

  static TypeName of(ClassName type, TypeName numbers) {
    return ParameterizedTypeName.get(type, numbers);
  }
}
