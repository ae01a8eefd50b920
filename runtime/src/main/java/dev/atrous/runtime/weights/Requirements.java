package dev.atrous.runtime.weights;

import dev.atrous.annotation.Conventions;
import dev.atrous.runtime.AtrousException;
import dev.atrous.runtime.model.LayerDescription;
import dev.atrous.runtime.model.ModelConventions;
import dev.atrous.runtime.model.ModelDescription;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.IntUnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What weights need of a model beyond names and shapes. Sizes of rates are compared at output
 * stride 8.
 *
 * @param program as the command line names it
 * @param weights whose they are, for messages
 * @param stem of their network
 * @param conventions of their whole network; null for a backbone
 * @param multiGrid whether it has one that is known: none
 * @param rates whether those of its pyramid are known: torchvision's
 * @param hint how to write the conventions, a sentence
 */
record Requirements(
    String program,
    String weights,
    Conventions.Stem stem,
    @Nullable ModelConventions conventions,
    boolean multiGrid,
    boolean rates,
    String hint) {
  /** torchvision's networks are the same function at every output stride. */
  static final Requirements TORCHVISION =
      new Requirements(
          "torchvision",
          "torchvision's DeepLabv3",
          Conventions.Stem.ONE_7X7,
          ModelConventions.TORCHVISION,
          true,
          true,
          "@Conventions(Conventions.Preset.TORCHVISION) sets all conventions of the weights.");

  /** Those of segmentation_models.pytorch have rates of choice, and an output stride. */
  static final Requirements SEGMENTATION_MODELS =
      new Requirements(
          "segmentation-models",
          "segmentation_models.pytorch's DeepLabV3",
          Conventions.Stem.ONE_7X7,
          new ModelConventions(
              Conventions.Stride.FIRST_3X3,
              Conventions.Stem.ONE_7X7,
              Conventions.Padding.SYMMETRIC,
              Conventions.FirstUnitRate.OF_BLOCK,
              Conventions.ImageFeatures.LAST,
              Conventions.Head.CONV_3X3_AND_SCORES,
              Conventions.Interpolation.ALIGN_CORNERS,
              Conventions.WeightDecay.EVERYTHING,
              Conventions.Preprocessing.MEAN_AND_DEVIATION,
              Conventions.InitialValues.TORCHVISION),
          true,
          false,
          "They are those of Conventions.Preset.TORCHVISION but for firstUnitRate and"
              + " interpolation.");

  private static final Set<String> FOR_TRAINING = Set.of("weightDecay", "initialValues");
  private static final int KNOWN_STRIDE = 8; // the default of segmentation_models.pytorch
  private static final Pattern UNITS = Pattern.compile("block4/unit\\d+/conv2");
  private static final Pattern BRANCHES = Pattern.compile("aspp/branch[1-9]\\d*/conv");

  /** Those of a backbone: what follows it is trained with the model. */
  static Requirements backbone(String program, Conventions.Stem stem) {
    return new Requirements(program, program, stem, null, false, false, "");
  }

  /** Those of TensorFlow's DeepLab, which are one function at every output stride. */
  static Requirements tensorFlow(ModelConventions conventions) {
    return new Requirements(
        "tf-deeplab",
        "TensorFlow's DeepLab",
        conventions.stem(),
        conventions,
        false,
        false,
        "They are those of Conventions.Preset.PAPER but for "
            + (conventions.stem() == Conventions.Stem.ONE_7X7 ? "preprocessing." : "stem."));
  }

  /**
   * Compares a model with what the weights were trained for.
   *
   * @throws AtrousException if a whole model would compute another function, or a backbone has
   *     another stem than the file
   */
  void check(Path file, ModelDescription model) {
    if (conventions != null) {
      checkFunction(conventions, file, model);
    } else if (model.conventions().stem() != stem) {
      throw new AtrousException(
          "The stem of %s is %s, and that of the weights of %s in %s is %s. Write @Conventions(stem = Conventions.Stem.%s) on the spec and compile it again, or train without these weights."
              .formatted(model.name(), model.conventions().stem(), weights, file, stem, stem));
    }
  }

  /** What decides about the results and is in no file of this kind, in words for the user. */
  List<String> unknown(ModelDescription model) {
    if (conventions == null) {
      return List.of();
    }
    List<String> unknown = new ArrayList<>();
    List<Integer> branches = rates(model, BRANCHES);
    if (!rates && !branches.isEmpty()) {
      unknown.add("rates of the pyramid (%s)".formatted(braces(branches)));
    }
    if (!multiGrid) {
      unknown.add("multi-grid (rates of block4 %s)".formatted(braces(rates(model, UNITS))));
    }
    if (conventions.firstUnitRate() == Conventions.FirstUnitRate.OF_BLOCK
        && conventions.stride() != Conventions.Stride.LAST_3X3) {
      unknown.add(
          "output stride (%d; usual there is %d)".formatted(model.outputStride(), KNOWN_STRIDE));
    }
    return unknown.isEmpty()
        ? List.of()
        : List.of(
            "not in such files, and must be as in the training of the weights: "
                + String.join(", ", unknown));
  }

  private void checkFunction(ModelConventions needed, Path file, ModelDescription model) {
    List<String> differences = new ArrayList<>(differences(needed, model.conventions()));
    if (differences.isEmpty() && multiGrid) { // otherwise rates differ for that reason
      differences.addAll(multiGrid(needed, model));
    }
    if (rates) {
      differences.addAll(pyramid(model));
    }
    if (!differences.isEmpty()) {
      throw new AtrousException(
          "%s would compute another function with the weights of %s in %s:\n  %s\nChange the spec and compile it again. %s"
              .formatted(model.name(), weights, file, String.join("\n  ", differences), hint));
    }
  }

  /** All but what training alone knows. */
  private static List<String> differences(ModelConventions all, ModelConventions model) {
    List<String> differences = new ArrayList<>();
    all.values()
        .forEach(
            (name, needed) -> {
              Enum<?> actual = model.values().get(name);
              if (needed != actual && !FOR_TRAINING.contains(name)) {
                differences.add(
                    "%s is %s, the weights need @Conventions(%s = Conventions.%s.%s)"
                        .formatted(
                            name,
                            actual,
                            name,
                            needed.getDeclaringClass().getSimpleName(),
                            needed));
              }
            });
    return differences;
  }

  /** Rates of block4's units, of which the first may have that of block3. */
  private static List<String> multiGrid(ModelConventions conventions, ModelDescription model) {
    List<Integer> rates = rates(model, UNITS);
    int stride = model.outputStride();
    boolean previous = conventions.firstUnitRate() == Conventions.FirstUnitRate.OF_PREVIOUS_BLOCK;
    List<Integer> needed =
        sequence(rates.size(), unit -> Math.max(1, (unit == 0 && previous ? 16 : 32) / stride));
    List<Integer> grid =
        IntStream.range(0, rates.size()).mapToObj(i -> rates.get(i) / needed.get(i)).toList();
    return rates.equals(needed)
        ? List.of()
        : List.of(
            "the multi-grid is %s, the weights need @AtrousCascade(multiGrid = %s)"
                .formatted(braces(grid), braces(sequence(rates.size(), unit -> 1))));
  }

  private static List<String> pyramid(ModelDescription model) {
    List<Integer> rates = rates(model, BRANCHES);
    List<Integer> needed = sequence(3, branch -> 96 / model.outputStride() * (branch + 1));
    return rates.isEmpty() || rates.equals(needed)
        ? List.of()
        : List.of(
            "the rates of the pyramid are %s, the weights need @ASPP(rates = %s)"
                .formatted(braces(rates), braces(needed)));
  }

  private static List<Integer> rates(ModelDescription model, Pattern layers) {
    return model.layers().stream()
        .filter(layer -> layers.matcher(layer.name()).matches())
        .map(LayerDescription::rate)
        .toList();
  }

  private static List<Integer> sequence(int size, IntUnaryOperator values) {
    return IntStream.range(0, size).map(values).boxed().toList();
  }

  /** As an annotation has it. */
  private static String braces(List<Integer> values) {
    return values.stream().map(String::valueOf).collect(Collectors.joining(", ", "{", "}"));
  }
}
