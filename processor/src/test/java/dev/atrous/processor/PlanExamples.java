package dev.atrous.processor;

import dev.atrous.processor.diag.DiagnosticId;
import java.util.List;

/** Mistakes that only a plan of the model shows. */
final class PlanExamples {
  private static final String FIRST =
      "@SegmentationModel(classes = 21, crop = 513) @Backbone(ResNet.RESNET_18)\n";
  private static final String REST = ") interface Spec {}";

  private PlanExamples() {}

  static List<Example> all() {
    return List.of(
        rate(
            "pyramid",
            FIRST + "@ASPP(rates = {6, 12, «18}" + REST,
            "a rate of 18 is large for the 33 x 33 map",
            "40% of a 3x3 filter's weights meet the map, the others padding (all 9 at 0% of the positions, 4 at 83%,"
                + " the centre alone at 1%). Image pooling keeps the context of the whole image. For half of the"
                + " weights to meet the map, use a crop of at least 641, or a rate of at most 14."),
        rate(
            "pyramid of the defaults",
            "@SegmentationModel(classes = 21)\n@Backbone(ResNet.RESNET_18)\n«@ASPP(filters = 8"
                + REST,
            "a rate of 18 is large for the 33 x 33 map",
            "40% of a 3x3 filter's weights meet the map, the others padding (all 9 at 0% of the positions, 4 at 83%,"
                + " the centre alone at 1%). Image pooling keeps the context of the whole image. For half of the"
                + " weights to meet the map, use a crop of at least 641, or a rate of at most 14."),
        rate(
            "pyramid without image pooling",
            FIRST + "@ASPP(imagePooling = false, rates = {6,\n «33}" + REST,
            "a rate of 33 is large for the 33 x 33 map",
            "11% of a 3x3 filter's weights meet the map, the others padding (all 9 at 0% of the positions, 4 at 0%,"
                + " the centre alone at 100%). 'imagePooling = true' adds the context of the whole image. For half of"
                + " the weights to meet the map, use a crop of at least 1201, or a rate of at most 14."),
        rate(
            "multi-grid",
            FIRST + "@AtrousCascade(multiGrid = {1, «16}" + REST,
            "a rate of 32 (unit rate 16 in block4) is large for the 33 x 33 map",
            "12% of a 3x3 filter's weights meet the map, the others padding (all 9 at 0% of the positions, 4 at 0%,"
                + " the centre alone at 88%). Use a crop of at least 1153, or a unit rate of at most 7."),
        rate(
            "cascade",
            FIRST + "@AtrousCascade(lastBlock = «7" + REST,
            "a rate of 16 (block7) is large for the 33 x 33 map",
            "46% of a 3x3 filter's weights meet the map, the others padding (all 9 at 0% of the positions, 4 at 94%,"
                + " the centre alone at 0%). Use a crop of at least 577, or 'lastBlock = 6'."),
        rate(
            "crop",
            "@Backbone(ResNet.RESNET_18)\n@SegmentationModel(classes = 21, crop = «33" + REST,
            "a rate of 2 (block4) is large for the 3 x 3 map",
            "31% of a 3x3 filter's weights meet the map, the others padding (all 9 at 0% of the positions, 4 at 44%,"
                + " the centre alone at 11%). Use a crop of at least 65."),
        memory("2048", "2,048", "A batchSize of 14 fits, or a crop of 481."),
        memory("160", "160", "Not even a batchSize of 1 fits, but a crop of 81 does."),
        memory(
            "80",
            "80",
            "Neither a batchSize of 1 nor a smaller crop fits: use a smaller backbone or width."),
        new Example(
            DiagnosticId.MULTI_GRID_WITHOUT_EFFECT,
            "dead taps",
            "@SuppressWarnings(\"ATR023\") @SegmentationModel(classes = 21, crop = 17) @Backbone(ResNet.RESNET_18)\n"
                + "@AtrousCascade(multiGrid = «{1, 4}"
                + REST,
            "the multi-grid has no effect: on the map of the training crop the 3x3 filters of block4 and later see"
                + " their centre alone, whatever the rate of their unit. Use a larger crop, or leave it out."),
        new Example(
            DiagnosticId.SINGLE_SAMPLE_STATISTICS,
            "",
            FIRST + "@ASPP(rates = 6) @Training(batchSize = «1" + REST,
            "with a batch of 1, batch normalisation after image pooling sees one value per channel: it outputs its"
                + " shift alone, so the image-level features learn nothing. Use a batchSize of at least 2, or"
                + " 'imagePooling = false'."));
  }

  private static Example rate(String title, String source, String rate, String share) {
    return new Example(
        DiagnosticId.VALID_WEIGHTS,
        title,
        source,
        rate + " of the training crop: on average " + share);
  }

  private static Example memory(String budget, String printed, String remedy) {
    return new Example(
        DiagnosticId.MEMORY_BUDGET,
        budget,
        FIRST + "@Training(memoryBudget = «" + budget + REST,
        "a training step keeps 2,183 MiB, but memoryBudget is "
            + printed
            + ": 43 for parameters, 43 for momenta and 2,098 for activations of 16 crops (the largest: stem/conv 630,"
            + " head/scores 338, block1/unit1/conv1 131). "
            + remedy
            + " The budget is for float32; in bfloat16 it keeps 1,337 MiB.");
  }
}
