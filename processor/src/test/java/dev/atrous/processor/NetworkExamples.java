package dev.atrous.processor;

import dev.atrous.processor.diag.DiagnosticId;
import java.util.List;
import java.util.stream.Stream;

/** Mistakes in the parts of a network and in its conventions. */
final class NetworkExamples {
  private NetworkExamples() {}

  static List<Example> all() {
    return Stream.of(backbones(), cascades(), pyramids(), conventions())
        .flatMap(List::stream)
        .toList();
  }

  private static List<Example> backbones() {
    String first = "@SegmentationModel(classes = 21, crop = 513)\n";
    String rest = ") interface Spec {}";
    return List.of(
        new Example(
            DiagnosticId.OUTPUT_STRIDE_ILLEGAL,
            "",
            first + "@Backbone(value = ResNet.RESNET_18, outputStride = «12" + rest,
            "output stride 12 is not possible with blocks up to block4: a stride is 2 per block, so the output stride"
                + " is one of 8, 16 or 32."),
        new Example(
            DiagnosticId.OUTPUT_STRIDE_ILLEGAL,
            "of a longer cascade",
            first + "@Backbone(value = ResNet.RESNET_18, outputStride = «128" + rest,
            "output stride 128 is not possible with blocks up to block4: a stride is 2 per block, so the output"
                + " stride is one of 8, 16 or 32. A longer cascade reaches it: '@AtrousCascade(lastBlock = 6)'."),
        new Example(
            DiagnosticId.WIDTH_RANGE,
            "",
            first + "@Backbone(width = «0, value = ResNet.RESNET_18" + rest,
            "a width of 0.0 is not possible: it multiplies the channels and must be greater than 0 and at most 2. 1"
                + " is the published network."),
        new Example(
            DiagnosticId.WIDTH_RANGE,
            "no number",
            first + "@Backbone(width = 0.0 «/ 0, value = ResNet.RESNET_18" + rest,
            "a width of NaN is not possible: it multiplies the channels and must be greater than 0 and at most 2. 1"
                + " is the published network."));
  }

  private static List<Example> cascades() {
    String first =
        "@SegmentationModel(classes = 21, crop = 513) @Backbone(ResNet.RESNET_50)\n@AtrousCascade(";
    String rest = ") interface Spec {}";
    return List.of(
        new Example(
            DiagnosticId.LAST_BLOCK_RANGE,
            "too many",
            first + "lastBlock = «8" + rest,
            "block8 can't be the last block: a cascade ends with block4 (no copies of it) to block7. Use lastBlock ="
                + " 7."),
        new Example(
            DiagnosticId.LAST_BLOCK_RANGE,
            "too few",
            first + "lastBlock = «3" + rest,
            "block3 can't be the last block: a cascade ends with block4 (no copies of it) to block7. Use lastBlock ="
                + " 4."),
        new Example(
            DiagnosticId.MULTI_GRID_LENGTH,
            "",
            first + "multiGrid = «{1, 2}" + rest,
            "the multi-grid has 2 rates, but block4 of ResNet-50 has 3 units and needs a rate for each. For example"
                + " 'multiGrid = {1, 2, 4}'."),
        new Example(
            DiagnosticId.MULTI_GRID_RANGE,
            "zero",
            first + "multiGrid = {1, «0, 4}" + rest,
            "a unit rate of 0 is not possible: it multiplies the atrous rate of its unit. Use 1 for no change, or up"
                + " to 1024."),
        new Example(
            DiagnosticId.MULTI_GRID_RANGE,
            "huge",
            first + "multiGrid = {1, 2, «1025}" + rest,
            "a unit rate of 1025 is not possible: it multiplies the atrous rate of its unit. Use 1 for no change, or"
                + " up to 1024."),
        new Example(
            DiagnosticId.MULTI_GRID_WITHOUT_EFFECT,
            "all ones",
            first + "multiGrid = «{1, 1, 1}" + rest,
            "the multi-grid has no effect: it multiplies each rate by 1, as it is without it. Leave it out, or give"
                + " other rates, for example 'multiGrid = {1, 2, 4}'."));
  }

  private static List<Example> pyramids() {
    String first =
        "@SegmentationModel(classes = 21, crop = 513) @Backbone(ResNet.RESNET_18)\n@ASPP(";
    String rest = ") interface Spec {}";
    return List.of(
        new Example(
            DiagnosticId.RATES_EMPTY,
            "",
            first + "rates = «{}" + rest,
            "the pyramid has no rates, so it would have no atrous branch. Give at least one, for example 'rates = {6,"
                + " 12, 18}', or remove @ASPP."),
        new Example(
            DiagnosticId.RATE_RANGE,
            "negative",
            first + "rates = {«-6, 12}" + rest,
            "an atrous rate of -6 is not possible: it is the distance of a filter's taps in pixels of the feature"
                + " map. Use 1 to 1024."),
        new Example(
            DiagnosticId.RATE_RANGE,
            "huge",
            first + "rates = {6, Integer«.MAX_VALUE}" + rest,
            "an atrous rate of 2147483647 is not possible: it is the distance of a filter's taps in pixels of the"
                + " feature map. Use 1 to 1024."),
        new Example(
            DiagnosticId.RATES_NOT_ASCENDING,
            "",
            first + "rates = {6, 18,\n   «12}" + rest,
            "the rates of the pyramid must ascend without repetition, but 12 follows 18. The order decides which"
                + " weights belong to which branch; write 'rates = {6, 12, 18}'."),
        new Example(
            DiagnosticId.FILTERS_RANGE,
            "",
            first + "filters = «4097" + rest,
            "4097 filters are not possible: each branch of the pyramid has 1 to 4096 output channels. The paper uses"
                + " 256."),
        new Example(
            DiagnosticId.IMAGE_POOLING_IMPOSSIBLE,
            "",
            first + "form = ASPP.Form.DEEPLAB_V2, imagePooling = «true" + rest,
            "DeepLabv2's pyramid can't have image-level features: it adds the class scores of its atrous branches and"
                + " has nothing else. Remove 'imagePooling = true', or 'form = ASPP.Form.DEEPLAB_V2'."));
  }

  private static List<Example> conventions() {
    String first = "@SegmentationModel(classes = 21, crop = 513) @Backbone(ResNet.RESNET_18)\n";
    String rest = ") interface Spec {}";
    String dropout =
        " is not possible: it is the share of values that training sets to zero, at least 0 and less than 1."
            + " torchvision has 0.5 after the pyramid and 0.1 in the auxiliary head; 0 is none.";
    String stride =
        "the stride can't stand in the first 1x1 convolution: the units of ResNet-18 are two 3x3 convolutions. Use"
            + " 'stride = Conventions.Stride.FIRST_3X3', or a backbone with bottlenecks such as ResNet.RESNET_50.";
    String scores = "@ASPP(form = ASPP.Form.DEEPLAB_V2) ";
    String head =
        "there is no place for a 3x3 convolution before the class scores: every branch of DeepLabv2's pyramid ends"
            + " with its own. Use 'head = Conventions.Head.SCORES', or remove 'form = ASPP.Form.DEEPLAB_V2'.";
    String imageFeatures =
        "imageFeatures says where the image-level features stand, but the model has none. Use '@ASPP(imagePooling ="
            + " true)', or remove this value.";
    return List.of(
        new Example(
            DiagnosticId.DROPOUT_RANGE,
            "pyramid",
            first + "@ASPP(dropout = «-0.5" + rest,
            "a dropout of -0.5" + dropout),
        new Example(
            DiagnosticId.DROPOUT_RANGE,
            "auxiliary head",
            first + "@AuxiliaryHead(dropout = «1" + rest,
            "a dropout of 1.0" + dropout),
        new Example(
            DiagnosticId.LOSS_WEIGHT_RANGE,
            "",
            first + "@AuxiliaryHead(lossWeight = «-1" + rest,
            "a loss weight of -1.0 is not possible: it multiplies the loss of the auxiliary head and must be greater"
                + " than 0 and at most 1000. torchvision has 0.5. To have no auxiliary loss, remove @AuxiliaryHead."),
        new Example(
            DiagnosticId.STRIDE_NEEDS_BOTTLENECK,
            "preset",
            first + "@Conventions(Conventions.Preset«.MSRA" + rest,
            stride),
        new Example(
            DiagnosticId.STRIDE_NEEDS_BOTTLENECK,
            "stride",
            first + "@Conventions(stride = Conventions.Stride«.FIRST_1X1" + rest,
            stride),
        new Example(
            DiagnosticId.HEAD_AFTER_SCORES,
            "head",
            first + scores + "@Conventions(head = Conventions.Head«.CONV_3X3_AND_SCORES" + rest,
            head),
        new Example(
            DiagnosticId.HEAD_AFTER_SCORES,
            "preset",
            first + scores + "@Conventions(Conventions.Preset«.TORCHVISION" + rest,
            head),
        new Example(
            DiagnosticId.IMAGE_FEATURES_ABSENT,
            "no pyramid",
            first + "@Conventions(imageFeatures = Conventions.ImageFeatures«.LAST" + rest,
            imageFeatures),
        new Example(
            DiagnosticId.IMAGE_FEATURES_ABSENT,
            "no image pooling",
            first
                + "@ASPP(rates = 6, imagePooling = false)\n"
                + "@Conventions(imageFeatures = Conventions.ImageFeatures«.FIRST"
                + rest,
            imageFeatures));
  }
}
