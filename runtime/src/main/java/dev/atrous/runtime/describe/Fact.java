package dev.atrous.runtime.describe;

import dev.atrous.annotation.Training;
import dev.atrous.runtime.model.AugmentationRecipe;
import dev.atrous.runtime.model.InheritedValue;
import dev.atrous.runtime.model.ModelDescription;
import dev.atrous.runtime.model.PixelScale;
import dev.atrous.runtime.model.TrainedPart;
import dev.atrous.runtime.model.TrainingRecipe;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Something that a spec says.
 *
 * @param label what is said, in one or two words
 * @param value what it is, in one or more lines
 */
public record Fact(String label, String value) {

  /**
   * What there is to say about a model, in the order to be shown.
   *
   * @param phases of its training
   */
  public static List<Fact> of(ModelDescription model, List<ModelDescription> phases) {
    List<Fact> facts = new ArrayList<>(of(model));
    if (phases.size() > 1) {
      int at = facts.indexOf(training(model));
      facts.addAll(
          at,
          phases.stream()
              .map(phase -> new Fact("phase " + phase.phase().number(), PhaseFact.of(phase)))
              .toList());
    }
    return List.copyOf(facts);
  }

  private static Fact training(ModelDescription model) {
    TrainingRecipe recipe = model.training();
    return new Fact("training", recipe.steps() + " steps of " + recipe.batchSize() + " crops");
  }

  /** Likewise of a training without phases, or of one phase. */
  public static List<Fact> of(ModelDescription model) {
    TrainingRecipe recipe = model.training();
    String strides =
        model.outputStrides().stream().map(String::valueOf).collect(Collectors.joining(", "));
    List<Fact> facts = new ArrayList<>();
    Collections.addAll(
        facts,
        new Fact("backbone", model.backbone()),
        new Fact("classes", Integer.toString(model.classes())),
        new Fact("crop", model.crop() + " x " + model.crop()),
        new Fact("output stride", model.outputStride() + " (inference: " + strides + ")"),
        training(model),
        new Fact(
            "learning rate",
            learningRate(
                recipe.learningRate(),
                recipe.optimization().schedule(),
                recipe.power(),
                recipe.optimization().warmupSteps())),
        new Fact("loss", model.loss().inWords()),
        new Fact(
            "random scale",
            Quantities.plain(recipe.augmentation().minScale())
                + " to "
                + Quantities.plain(recipe.augmentation().maxScale())),
        optimizer(recipe));
    if (recipe.optimization().clipNorm() > 0) {
      facts.add(
          new Fact(
              "clipping",
              "gradients to norm " + Quantities.plain(recipe.optimization().clipNorm())));
    }
    if (!recipe.optimization().parts().isEmpty()) {
      facts.add(
          new Fact(
              "parts",
              recipe.optimization().parts().stream()
                  .map(Fact::part)
                  .collect(Collectors.joining(", "))));
    }
    if (!model.hasConventionalPixels()) {
      facts.add(new Fact("bands", bands(model.pixels())));
    }
    String beyond = beyondThePaper(recipe.augmentation());
    if (!beyond.isEmpty()) {
      facts.add(new Fact("augmentation", beyond));
    }
    if (recipe.batchNorm() != Training.BatchNorm.TRAINED) {
      facts.add(new Fact("batch norm", batchNorm(recipe.batchNorm())));
    }
    facts.add(
        new Fact(
            "conventions",
            model.conventions().values().entrySet().stream()
                .map(convention -> convention.getKey() + " " + convention.getValue())
                .collect(Collectors.joining(", "))));
    addInherited(facts, model.inherited());
    return List.copyOf(facts);
  }

  private static String batchNorm(Training.BatchNorm batchNorm) {
    return switch (batchNorm) {
      case TRAINED -> "trained";
      case SYNCHRONIZED -> "synchronized: with the statistics of the batches of all workers";
      case FROZEN -> "frozen: training starts from weights (train --weights)";
    };
  }

  private static Fact optimizer(TrainingRecipe recipe) {
    String momentum = Quantities.plain(recipe.momentum());
    String decay = ", weight decay " + Quantities.plain(recipe.weightDecay());
    return switch (recipe.optimization().optimizer()) {
      case SGD -> new Fact("momentum", momentum + decay);
      case ADAMW ->
          new Fact(
              "AdamW",
              "beta "
                  + momentum
                  + " and "
                  + Quantities.plain(recipe.optimization().beta2())
                  + decay);
    };
  }

  private static String part(TrainedPart part) {
    return part.name()
        + (part.isFrozen()
            ? " frozen"
            : " at " + Quantities.plain(part.learningRate()) + " of the learning rate");
  }

  /** {@code 0.007, poly with power 0.9, after 500 steps of warm-up}. */
  public static String learningRate(
      double initial, Training.Schedule schedule, double power, int warmupSteps) {
    return Quantities.plain(initial)
        + switch (schedule) {
          case POLY -> ", poly with power " + Quantities.plain(power);
          case COSINE -> ", cosine";
        }
        + (warmupSteps == 0 ? "" : ", after " + warmupSteps + " steps of warm-up");
  }

  private static String bands(PixelScale pixels) {
    String which =
        pixels.bands() + (pixels.bits() == Byte.SIZE ? "" : " of " + pixels.bits() + " bits");
    if (pixels.isMeasured()) {
      return which + ", means and deviations of the images that it is trained on";
    }
    return "%s, means %s, deviations %s"
        .formatted(which, plain(pixels.mean()), plain(pixels.deviation()));
  }

  private static String plain(List<Float> values) {
    return values.stream()
        .map(value -> Quantities.plain(Double.parseDouble(value.toString())))
        .collect(Collectors.joining(", "));
  }

  private static String beyondThePaper(AugmentationRecipe recipe) {
    List<String> changes = new ArrayList<>();
    if (recipe.verticalFlip()) {
      changes.add("vertical flip");
    }
    if (recipe.rotation() > 0) {
      changes.add("rotation by up to " + Quantities.plain(recipe.rotation()) + " degrees");
    }
    Map<String, Double> colors = new LinkedHashMap<>();
    colors.put("brightness", recipe.brightness());
    colors.put("contrast", recipe.contrast());
    colors.put("saturation", recipe.saturation());
    colors.put("hue", recipe.hue());
    colors.values().removeIf(range -> range == 0);
    colors.forEach((name, range) -> changes.add(name + " by " + Quantities.plain(range)));
    return String.join(", ", changes);
  }

  /** What the spec does not write, by who does. */
  private static void addInherited(List<Fact> facts, List<InheritedValue> inherited) {
    inherited.stream()
        .map(InheritedValue::from)
        .filter(Objects::nonNull)
        .distinct()
        .forEach(
            from ->
                facts.add(
                    new Fact("inherited", "from " + from + ":\n" + annotations(inherited, from))));
    String defaults = annotations(inherited, null);
    if (!defaults.isEmpty()) {
      facts.add(new Fact("defaults", defaults));
    }
  }

  /** {@code @Training(batchSize = 16, steps = 30000)} and others, each in a line. */
  private static String annotations(List<InheritedValue> inherited, @Nullable String from) {
    Map<String, String> values =
        inherited.stream()
            .filter(value -> Objects.equals(value.from(), from))
            .collect(
                Collectors.groupingBy(
                    InheritedValue::annotation,
                    LinkedHashMap::new,
                    Collectors.mapping(
                        value -> value.name() + " = " + value.value(), Collectors.joining(", "))));
    return values.entrySet().stream()
        .map(annotation -> "@" + annotation.getKey() + "(" + annotation.getValue() + ")")
        .collect(Collectors.joining("\n"));
  }
}
