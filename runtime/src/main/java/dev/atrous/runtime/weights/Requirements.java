package dev.atrous.runtime.weights;

import dev.atrous.annotation.Conventions;
import dev.atrous.runtime.AtrousException;
import dev.atrous.runtime.model.LayerDescription;
import dev.atrous.runtime.model.ModelConventions;
import dev.atrous.runtime.model.ModelDescription;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntUnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * What weights need of a model beyond names and shapes. torchvision's networks are the same
 * function at output stride 8, whatever the stride that the model is trained at; sizes of rates are
 * compared there.
 */
final class Requirements {
  private static final Pattern UNITS = Pattern.compile("block4/unit\\d+/conv2");
  private static final Pattern BRANCHES = Pattern.compile("aspp/branch[1-9]\\d*/conv");

  private Requirements() {}

  /**
   * Compares a model with what the weights of a program were trained for.
   *
   * @throws AtrousException if a whole model would compute another function, or a backbone has a
   *     stem that no such file has
   */
  static void check(WeightSource source, Path file, ModelDescription model) {
    if (source == WeightSource.TORCHVISION) {
      checkFunction(file, model);
    } else if (model.conventions().stem() != Conventions.Stem.ONE_7X7) {
      throw new AtrousException(
          "The stem of %s is %s, and %s has no weights of such a stem: its networks begin with one 7x7 convolution. Write @Conventions(stem = Conventions.Stem.ONE_7X7) on the spec and compile it again, or train without these weights."
              .formatted(model.name(), model.conventions().stem(), source));
    }
  }

  private static void checkFunction(Path file, ModelDescription model) {
    List<String> differences = new ArrayList<>(conventions(model.conventions()));
    if (differences.isEmpty()) { // otherwise rates differ for that reason
      differences.addAll(multiGrid(model));
    }
    differences.addAll(pyramid(model));
    if (!differences.isEmpty()) {
      throw new AtrousException(
          "%s would compute another function with the weights of torchvision's DeepLabv3 in %s:\n  %s\nChange the spec and compile it again. @Conventions(Conventions.Preset.TORCHVISION) sets all conventions of the weights."
              .formatted(model.name(), file, String.join("\n  ", differences)));
    }
  }

  /** All but the weight decay, which training alone knows. */
  private static List<String> conventions(ModelConventions model) {
    List<String> differences = new ArrayList<>();
    ModelConventions.TORCHVISION
        .values()
        .forEach(
            (name, needed) -> {
              Enum<?> actual = model.values().get(name);
              if (needed != actual && !name.equals("weightDecay")) {
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

  /** The first unit of block4 has the rate of block3, the others their own. */
  private static List<String> multiGrid(ModelDescription model) {
    List<Integer> rates = rates(model, UNITS);
    int stride = model.outputStride();
    List<Integer> needed =
        sequence(rates.size(), unit -> Math.max(1, (unit == 0 ? 16 : 32) / stride));
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
