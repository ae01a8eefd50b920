package dev.atrous.processor;

import dev.atrous.processor.diag.DiagnosticId;
import java.util.List;
import java.util.stream.Stream;

/** Mistakes in the recipe of a training and in its loss. */
final class RecipeExamples {
  private RecipeExamples() {}

  static List<Example> all() {
    return Stream.of(recipes(), losses()).flatMap(List::stream).toList();
  }

  private static List<Example> recipes() {
    return List.of(
        recipe("batchSize = «0", "batchSize = 0", "at least 1", "The paper uses 16"),
        recipe("steps = «-1", "steps = -1", "at least 1", "The paper uses 30000"),
        recipe(
            "learningRate = «1e4",
            "learningRate = 10000.0",
            "greater than 0 and less than 1000",
            "The paper uses 0.007"),
        recipe(
            "power = «0.0",
            "power = 0.0",
            "greater than 0 and less than 1000",
            "The paper uses 0.9"),
        recipe(
            "momentum = «1", "momentum = 1.0", "at least 0 and less than 1", "The paper uses 0.9"),
        recipe(
            "weightDecay = «-1e-4",
            "weightDecay = -1.0E-4",
            "at least 0 and less than 1",
            "The paper uses 1.0E-4"),
        recipe(
            "minScale = «0",
            "minScale = 0.0",
            "greater than 0 and at most 16",
            "The paper uses 0.5"),
        recipe(
            "maxScale = «17",
            "maxScale = 17.0",
            "greater than 0 and at most 16",
            "The paper uses 2.0"),
        recipe(
            "maxScale = «0.25",
            "maxScale = 0.25",
            "at least minScale, 0.5, and at most 16",
            "The paper uses 2.0"),
        recipe(
            "minScale = «3",
            "minScale = 3.0",
            "greater than 0 and at most maxScale, 2.0",
            "The paper uses 0.5"),
        recipe(
            "rotation = «-1",
            "rotation = -1.0",
            "at least 0 and at most 180",
            "It is in degrees, to either side, and 0 is none"),
        recipe(
            "contrast = «1.5",
            "contrast = 1.5",
            "at least 0 and at most 1",
            "Factors are drawn from 1 minus to 1 plus this, and 0 is none"),
        recipe(
            "hue = «0.6",
            "hue = 0.6",
            "at least 0 and at most 0.5",
            "It is a share of the circle of colours, and 0 is none"),
        recipe(
            "batchNormDecay = «1.5",
            "batchNormDecay = 1.5",
            "at least 0 and less than 1",
            "The paper uses 0.9997"),
        recipe(
            "memoryBudget = «-1",
            "memoryBudget = -1",
            "at least 0",
            "It is in MiB, and 0 is no limit"),
        recipe(
            "steps = 20_000, warmupSteps = «20_000",
            "warmupSteps = 20000",
            "at least 0 and less than the steps, 20000",
            "0 is no warm-up"),
        recipe(
            "warmupSteps = «-1",
            "warmupSteps = -1",
            "at least 0 and less than the steps, 30000",
            "0 is no warm-up"),
        new Example(
            DiagnosticId.TRAINING_WITHOUT_EFFECT,
            "power",
            recipe("schedule = Training.Schedule.COSINE, power = «0.9"),
            "power = 0.9 has no effect: the cosine schedule has no exponent. Remove it."),
        recipe(
            "optimizer = Training.Optimizer.ADAMW, learningRate = 1e-3, beta2 = «1.0",
            "beta2 = 1.0",
            "at least 0 and less than 1",
            "0.999 is usual"),
        recipe("clipNorm = «-1", "clipNorm = -1.0", "at least 0", "0 is no limit"),
        new Example(
            DiagnosticId.TRAINING_WITHOUT_EFFECT,
            "beta2",
            recipe("beta2 = «0.9"),
            "beta2 = 0.9 has no effect: gradient descent with momentum keeps no squares of gradients. Remove it."),
        new Example(
            DiagnosticId.RATE_OF_ANOTHER_OPTIMIZER,
            "",
            recipe("optimizer = Training.Optimizer«.ADAMW"),
            "a learning rate of 0.007 is made for gradient descent. AdamW moves each weight by about the rate at each"
                + " step, however small its gradient is, and wants less. Write one, for example 'learningRate ="
                + " 5e-4'."),
        new Example(
            DiagnosticId.UNKNOWN_PART,
            "misspelt",
            recipe("parts = «@Training.Part(value = \"Blok1\", frozen = true)"),
            "the network has no part 'Blok1'. Did you mean block1? It has backbone, stem, block1, block2, block3,"
                + " block4, head."),
        new Example(
            DiagnosticId.UNKNOWN_PART,
            "of another model",
            recipe(
                "parts = {@Training.Part(value = \"stem\", learningRate = 0.5), «@Training.Part(\"aspp\")}"),
            "the network has no part 'aspp'. It has backbone, stem, block1, block2, block3, block4, head."),
        new Example(
            DiagnosticId.PART_TWICE,
            "",
            recipe(
                "parts = {@Training.Part(value = \"stem\", frozen = true), «@Training.Part(\"stem\")}"),
            "the part 'stem' is named twice. Say once how it is to be trained."),
        new Example(
            DiagnosticId.NOTHING_TRAINED,
            "",
            recipe(
                "parts = {«@Training.Part(value = \"backbone\", frozen = true), @Training.Part(value = \"head\","
                    + " frozen = true)}"),
            "all parts of the network are frozen, so there would be nothing to train. Leave at least one out, for"
                + " example the last."),
        new Example(
            DiagnosticId.PART_RATE_RANGE,
            "zero",
            recipe("parts = «@Training.Part(value = \"stem\", learningRate = 0)"),
            "a learning rate of 0.0 times that of the rest is not possible for the part 'stem': it must be greater"
                + " than 0 and at most 1000. To keep it as it is, write 'frozen = true'."),
        new Example(
            DiagnosticId.PART_RATE_RANGE,
            "negative",
            recipe("parts = «@Training.Part(value = \"stem\", learningRate = -1)"),
            "a learning rate of -1.0 times that of the rest is not possible for the part 'stem': it must be greater"
                + " than 0 and at most 1000. 1 is that of the rest."),
        new Example(
            DiagnosticId.TRAINING_WITHOUT_EFFECT,
            "rate of a frozen part",
            recipe("parts = «@Training.Part(value = \"stem\", learningRate = 0.5, frozen = true)"),
            "learningRate = 0.5 has no effect: stem is frozen. Remove it."),
        new Example(
            DiagnosticId.AVERAGES_TOO_SLOW,
            "steps",
            recipe("steps = «1000"),
            "with batchNormDecay = 0.9997, 74% of the moving averages of batch normalisation is still what they start"
                + " with after 1000 steps: a model trained from random weights predicts with wrong statistics. Use"
                + " 'batchNormDecay = 0.99', or at least 15349 steps."),
        new Example(
            DiagnosticId.AVERAGES_TOO_SLOW,
            "decay",
            recipe("steps = 5, batchNormDecay = «0.9"),
            "with batchNormDecay = 0.9, 59% of the moving averages of batch normalisation is still what they start"
                + " with after 5 steps: a model trained from random weights predicts with wrong statistics. Use"
                + " 'batchNormDecay = 0.0', or at least 44 steps."),
        new Example(
            DiagnosticId.DECAY_OF_FROZEN_AVERAGES,
            "",
            "@SegmentationModel(classes = 21, crop = 513)\n@Backbone(ResNet.RESNET_18)\n"
                + "@Training(batchNormDecay = «0.99, batchNorm = Training.BatchNorm.FROZEN) interface Spec {}",
            "a batchNormDecay of 0.99 has no effect: frozen batch normalisation keeps its moving averages as they"
                + " are. Remove it, or 'batchNorm = Training.BatchNorm.FROZEN'."));
  }

  private static List<Example> losses() {
    return List.of(
        loss(
            DiagnosticId.LOSS_RANGE,
            "dice = «-1",
            "dice = -1.0 is not possible in @Loss: it must be at least 0 and at most 1000."),
        loss(
            DiagnosticId.LOSS_RANGE,
            "crossEntropy = Double«.NaN",
            "crossEntropy = NaN is not possible in @Loss: it must be at least 0 and at most 1000."),
        loss(
            DiagnosticId.LOSS_RANGE,
            "focal = 1, focalGamma = «0",
            "focalGamma = 0.0 is not possible in @Loss: it must be greater than 0 and at most 10."),
        loss(
            DiagnosticId.LOSS_EMPTY,
            "crossEntropy = «0",
            "nothing is left to minimise: the factors of all losses are 0. Give one of them another,"
                + " for example '@Loss(crossEntropy = 1)'."),
        loss(
            DiagnosticId.CLASS_WEIGHTS_COUNT,
            "classWeights = «{1, 2}",
            "there are 2 class weights, but 3 classes, and each needs one, class 0 (the background)"
                + " first. For example 'classWeights = {1, 1, 1}'."),
        loss(
            DiagnosticId.CLASS_WEIGHT_RANGE,
            "classWeights = {1, «-2, 1}",
            "a weight of -2.0 for class 1 is not possible: it must be at least 0 and at most 1000000."
                + " Only the ratios of the weights matter."),
        loss(
            DiagnosticId.CLASS_WEIGHT_RANGE,
            "classWeights = {1, 1, Double«.POSITIVE_INFINITY}",
            "a weight of Infinity for class 2 is not possible: it must be at least 0 and at most"
                + " 1000000. Only the ratios of the weights matter."),
        loss(
            DiagnosticId.CLASS_WEIGHTS_ZERO,
            "classWeights = «{0, 0, 0}",
            "all class weights are 0, so nothing would be learnt. Give at least one class a weight, or"
                + " remove 'classWeights'."),
        loss(
            DiagnosticId.LOSS_WITHOUT_EFFECT,
            "crossEntropy = 0, dice = 1, classWeights = «{1, 2, 3}",
            "class weights have no effect: in the Dice loss all classes count the same. Remove them, or"
                + " give crossEntropy or focal a factor."),
        loss(
            DiagnosticId.LOSS_WITHOUT_EFFECT,
            "dice = 1, focalGamma = «3",
            "the focalGamma of 3.0 has no effect: the focal loss has a factor of 0. Remove it, or write"
                + " 'focal = 1'."));
  }

  private static Example loss(DiagnosticId id, String written, String message) {
    return new Example(
        id,
        written,
        "@SegmentationModel(classes = 3, crop = 513)\n@Backbone(ResNet.RESNET_18)\n@Loss("
            + written
            + ") interface Spec {}",
        message);
  }

  private static Example recipe(String written, String value, String range, String advice) {
    return new Example(
        DiagnosticId.TRAINING_RANGE,
        written,
        recipe(written),
        value + " is not possible: it must be " + range + ". " + advice + ".");
  }

  private static String recipe(String written) {
    return "@SegmentationModel(classes = 21, crop = 513)\n@Backbone(ResNet.RESNET_18)\n@Training("
        + written
        + ") interface Spec {}";
  }
}
