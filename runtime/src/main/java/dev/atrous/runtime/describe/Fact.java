package dev.atrous.runtime.describe;

import dev.atrous.runtime.model.ModelDescription;
import dev.atrous.runtime.model.TrainingRecipe;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Something that a spec says.
 *
 * @param label what is said, in one or two words
 * @param value what it is
 */
public record Fact(String label, String value) {

  /** What there is to say about a model, in the order to be shown. */
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
        new Fact("training", recipe.steps() + " steps of " + recipe.batchSize() + " crops"),
        new Fact(
            "learning rate",
            Quantities.plain(recipe.learningRate())
                + ", poly with power "
                + Quantities.plain(recipe.power())),
        new Fact(
            "random scale",
            Quantities.plain(recipe.minScale()) + " to " + Quantities.plain(recipe.maxScale())),
        new Fact(
            "momentum",
            Quantities.plain(recipe.momentum())
                + ", weight decay "
                + Quantities.plain(recipe.weightDecay())));
    if (recipe.frozenBatchNorm()) {
      facts.add(new Fact("batch norm", "frozen: training starts from weights (train --weights)"));
    }
    facts.add(
        new Fact(
            "conventions",
            model.conventions().values().entrySet().stream()
                .map(convention -> convention.getKey() + " " + convention.getValue())
                .collect(Collectors.joining(", "))));
    return List.copyOf(facts);
  }
}
