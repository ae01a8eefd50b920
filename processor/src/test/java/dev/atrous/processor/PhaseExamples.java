package dev.atrous.processor;

import dev.atrous.processor.diag.DiagnosticId;
import java.util.List;

/** Mistakes in the phases of a training. */
final class PhaseExamples {
  private static final String FIRST = "@Training.Phase";

  private PhaseExamples() {}

  static List<Example> all() {
    return List.of(
        new Example(
            DiagnosticId.PHASE_OUTPUT_STRIDE,
            "none of the network's",
            phases(FIRST, "«@Training.Phase(outputStride = 12)"),
            "phase 2 can't train at output stride 12: for the blocks of the network and the rates of its pyramid it"
                + " must be 8, 16 or 32."),
        new Example(
            DiagnosticId.PHASE_OUTPUT_STRIDE,
            "rates that would not be whole",
            spec("@ASPP(rates = {1, 2, 3})", FIRST, "«@Training.Phase(outputStride = 32)"),
            "phase 2 can't train at output stride 32: for the blocks of the network and the rates of its pyramid it"
                + " must be 8 or 16."),
        new Example(
            DiagnosticId.SINGLE_PHASE,
            "",
            phases("«@Training.Phase(outputStride = 8)"),
            "a single phase is no sequence. Write its values in @Training itself (outputStride in @Backbone, crop in"
                + " @SegmentationModel), or add the phases that follow it."),
        new Example(
            DiagnosticId.PHASE_SPLIT,
            "",
            phases(FIRST, "«@Training.Phase(split = \" \")"),
            "the split of phase 2 is empty. Name one of the data set, for example \"trainval\", or leave it out for"
                + " \"train\"."),
        new Example(
            DiagnosticId.PHASE_LIKE_THE_ONE_BEFORE,
            "",
            phases(FIRST + "(outputStride = 8)", FIRST, "«@Training.Phase(steps = 30_000)"),
            "phase 3 is the same as the one before it. Remove it and give that more steps, or say what is to differ."),
        new Example(
            DiagnosticId.TRAINING_RANGE,
            "steps of a phase",
            phases(FIRST, "«@Training.Phase(steps = 0)"),
            "steps = 0 is not possible: it must be at least 1. The paper uses 30000."),
        new Example(
            DiagnosticId.TRAINING_RANGE,
            "warm-up of a phase",
            phases(FIRST, "«@Training.Phase(steps = 100, warmupSteps = 100)"),
            "warmupSteps = 100 is not possible: it must be at least 0 and less than the steps, 100. 0 is no"
                + " warm-up."),
        new Example(
            DiagnosticId.CROP_NOT_ALIGNED,
            "crop of a phase",
            phases(FIRST, "«@Training.Phase(crop = 512)"),
            "a crop of 512 pixels is not 1 modulo the output stride 16, so the corners of the feature map do not fall on the"
                + " corners of the crop. Use 497 or 513."),
        new Example(
            DiagnosticId.AVERAGES_TOO_SLOW,
            "of the first phase",
            phases("«@Training.Phase(steps = 1000)", "@Training.Phase(steps = 999)"),
            "with batchNormDecay = 0.9997, 74% of the moving averages of batch normalisation is still what they start"
                + " with after 1000 steps: a model trained from random weights predicts with wrong statistics. Use"
                + " 'batchNormDecay = 0.99', or at least 15349 steps."));
  }

  private static String phases(String... phases) {
    return spec("", phases);
  }

  private static String spec(String pyramid, String... phases) {
    return "@SegmentationModel(classes = 21) @Backbone(ResNet.RESNET_18)"
        + pyramid
        + "\n@Training(phases = {"
        + String.join(", ", phases)
        + "})\ninterface Spec {}\n";
  }
}
